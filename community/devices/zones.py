"""In which zone a device's clock stands: what it says without an offset is meant there."""

from __future__ import annotations

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog

from community.models import Device

log = structlog.get_logger(__name__)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def zone_of(device: Device) -> tzinfo:
    """The zone of the device's clock: its setting ``timezone``, else that of China."""
    named = device.settings.get("timezone") if isinstance(device.settings, dict) else None
    try:
        return ZoneInfo(named) if isinstance(named, str) and named else SHANGHAI
    except (ZoneInfoNotFoundError, ValueError, OSError):
        log.warning("timezone_unknown", device=device.pk)
        return SHANGHAI
