"""What the supervisor tells of cameras whose worker no longer watches them."""

from __future__ import annotations

from typing import Any

from community import events
from community.devices.operations.health import code_of
from community.models import Device, Event

FAILED, RECOVERED = "camera.failed", "camera.recovered"


def camera_failed(device_id: int, code: str) -> bool:
    """Tell once that nobody watches this camera; True where that is news.

    Raises Device.DoesNotExist.
    """
    return _tell(device_id, FAILED, code=code_of(code))


def camera_recovered(device_id: int) -> bool:
    """Tell that a camera told of as failed is watched again. Raises Device.DoesNotExist."""
    return _tell(device_id, RECOVERED)


def _tell(device_id: int, kind: str, **told: Any) -> bool:
    with events.writing():
        device = Device.objects.select_for_update().defer("credentials").get(pk=device_id)
        if _is_failed(device) == (kind == FAILED):
            return False
        events.record(kind, compound=device.compound_id, device=device.pk, **told)
    return True


def _is_failed(device: Device) -> bool:
    """Whether the last word on the camera was a failure. Such events are few."""
    rows = Event.objects.filter(compound_id=device.compound_id, kind__in=[FAILED, RECOVERED])
    last = rows.filter(payload__device=device.pk).order_by("-sequence").first()
    return last is not None and last.kind == FAILED
