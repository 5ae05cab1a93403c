"""How devices that push are: whoever pushes lives, and whoever stops saying so is looked for."""

from __future__ import annotations

import time

from community.devices import heard, outbox
from community.devices.base import Health
from community.devices.mqtt_cameras import DRIVER as MQTT
from community.devices.operations.health import is_news, record_health
from community.devices.push import DRIVER as PUSH
from community.models import Device

#: Heartbeats come every 5 to 60 s; three that are missing are no accident.
SILENT_S = 180.0


def note_push(device: Device, code: str = "") -> None:
    """The device, as it was just read, spoke; with a code it is not heard until that is mended."""
    health = Health("faulty", code) if code else Health("online")
    if is_news(device, health.state, health.code):
        record_health(device.pk, health)


def note_heartbeat(device: Device) -> None:
    heard.note_alive(device.pk)


def find_silent() -> int:
    """Mark as offline whoever said heartbeats and stopped; how many are silent.

    One that never said any is not missed: many push only when a car comes.
    """
    silent, before = 0, time.time() - SILENT_S
    for device in Device.objects.active().filter(driver__in=[PUSH, MQTT]).order_by("pk"):
        alive = heard.alive_at(device.pk)
        if 0 < alive < before and not _spoke_lately(device, before):
            record_health(device.pk, Health("offline", "silent"))
            silent += 1
    return silent


def _spoke_lately(device: Device, before: float) -> bool:
    seen = device.last_seen_at.timestamp() if device.last_seen_at else 0.0
    return max(seen, outbox.asked_at(device.pk)) >= before
