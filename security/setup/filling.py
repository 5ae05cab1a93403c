"""What the forms of devices begin with: what is kept of them, without a secret."""

from __future__ import annotations

from typing import Any

from community.models import Device, Lane
from security.setup import camera_forms, maker_forms, typed


def camera_initial(device: Device) -> dict[str, Any]:
    """Of a camera as it stands, or of a fresh one."""
    options = _options(device)
    found = {"driver": device.driver or "rtsp", "name": device.name, **_secrets(device)}
    found |= {"address": options.get("url") or options.get("path", "")}
    for driver, fields in camera_forms.FIELDS.items():
        if driver == device.driver:
            found |= typed.initial_of(driver, fields, options)
    others = Device.objects.filter(compound_id=device.compound_id, driver="viid", is_active=True)
    rows = others.exclude(pk=device.pk).values_list("settings", flat=True)
    numbers = [row.get("device_id") for row in rows if isinstance(row, dict)]
    return found | {"numbers": numbers}


def barrier_initial(device: Device) -> dict[str, Any]:
    """Of a barrier or door as it stands, or of a fresh one."""
    options = _options(device)
    usual = {"driver": "http_relay", "method": "GET", "auth": "none"}
    if not device.driver:
        return usual | {"name": device.name}
    fields = maker_forms.FIELDS | {"http_relay": maker_forms.RELAY_MORE}
    own = typed.initial_of(device.driver, fields.get(device.driver, {}), options)
    secrets = _secrets(device)
    names = {"driver": device.driver, "name": device.name, "maker_username": secrets["username"]}
    plain = options if device.driver == "http_relay" else {}
    return usual | plain | own | secrets | names


def of_lane(lane: Lane, role: str, name: str) -> Device:
    """The lane's camera or barrier, or a fresh one of this name."""
    device: Device | None = getattr(lane, role)
    kind = Device.Kind.CAMERA if role == "camera" else Device.Kind.BARRIER
    return device or Device(compound_id=lane.compound_id, kind=kind, name=name)


def _options(device: Device) -> dict[str, Any]:
    settings: Any = device.settings
    return settings if isinstance(settings, dict) else {}


def _secrets(device: Device) -> dict[str, Any]:
    """The user name, and which secrets there are; never what they are."""
    found: Any = device.credentials
    kept = found if isinstance(found, dict) else {}
    return {
        "kept": dict(_options(device)),
        "secrets": sorted(name for name, value in kept.items() if value),
        "username": kept.get("username", ""),
    }
