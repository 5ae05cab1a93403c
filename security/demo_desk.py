"""What lies on the demo compound's desk: misread plates, one of them learnt, and alerts.

All of it is done through the verbs that guards and cameras use.
"""

from __future__ import annotations

from random import Random

import cv2
import numpy as np
from django.utils import timezone

from community.devices.base import Health
from community.devices.operations import record_health
from community.models import Compound, Device, Gate, Lane, User
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking.models import Stay, Vehicle
from security import demo_traffic, operations
from security.duty import on_duty
from security.models import Alert, Passage
from security.readings import ReadingInput


def set_out(compound: Compound) -> None:
    """For a compound with two guards: one misread that was learnt, one that waits, four alerts."""
    guards = on_duty(compound)
    lane = _entry(compound)
    if len(guards) < 2 or lane is None:
        return
    rng = Random(f"desk of {compound.code}")  # noqa: S311 - invented, not secret
    cars = _outside(compound, rng)
    if cars:
        read = demo_traffic.misread(rng, cars[0].plate)
        seen = _drive_up(lane, read, "learnt", rng)
        if seen.state == Passage.State.WAITING:
            operations.open_as(seen, guards[0], cars[0].plate)
            operations.complete_passage(seen.pk, Lane.Crossing.ASSUMED, timezone.now())
        # The same misread again: the guard's word of before comes first.
        _drive_up(lane, "", "again", rng, raw=read)
    _raise_alerts(compound, guards[0], guards[1])


def _entry(compound: Compound) -> Lane | None:
    lanes = Lane.objects.of(compound).filter(
        direction=Lane.Direction.ENTRY, gate__kind=Gate.Kind.VEHICLE, is_active=True
    )
    found: Lane | None = lanes.exclude(camera=None).exclude(barrier=None).order_by("-order").first()
    return found


def _outside(compound: Compound, rng: Random) -> list[Vehicle]:
    inside = Stay.objects.of(compound).whole().filter(left_at=None).values("plate")
    valid = Vehicle.objects.of(compound).valid_on(timezone.localdate()).filter(barred_reason="")
    cars = list(valid.exclude(plate__in=inside).exclude(unit=None).order_by("plate")[:20])
    rng.shuffle(cars)
    return cars


def _drive_up(lane: Lane, plate: str, name: str, rng: Random, raw: str = "") -> Passage:
    now = timezone.now()
    return operations.handle_reading(
        ReadingInput(
            device_id=lane.camera_id or 0,
            lane_id=lane.pk,
            key=f"demo-desk-{name}",
            source="camera",
            plate=plate or None,
            plate_raw=raw or plate,
            kind="blue" if plate else "unknown",
            confidence=0.97 if plate else 0.0,
            captured_at=None,
            received_at=now,
            picture=_picture(plate, rng),
        )
    )


def _picture(plate: str, rng: Random) -> bytes | None:
    seed = np.random.default_rng(rng.randrange(2**31))
    frame, _ = scenes.scene(plate or None, PlateKind.BLUE, seed, (960, 540))
    ok, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return jpeg.tobytes() if ok else None


def _raise_alerts(compound: Compound, first: User, second: User) -> None:
    """One in each state: nobody's, taken, given to a guard, and closed."""
    devices = Device.objects.of(compound).active()
    lockers = list(devices.filter(kind=Device.Kind.LOCKER_BANK).order_by("name")[:2])
    doors = list(devices.filter(kind=Device.Kind.DOOR).order_by("name")[:2])
    if len(lockers) < 2 or len(doors) < 2:
        return
    record_health(lockers[0].pk, Health("offline", "unreachable"))
    _about("device_offline", lockers[0])
    record_health(lockers[1].pk, Health("faulty", "door_stuck"))
    operations.acknowledge(_about("device_faulty", lockers[1]), first)
    given = operations.acknowledge(_about("command_unknown", doors[0]), second)
    operations.assign(given, second, first)
    closed = operations.acknowledge(_about("command_unknown", doors[1]), first)
    operations.close_with(closed, first, Alert.Ending.PUT_RIGHT, "重启控制器后正常")


def _about(kind: str, device: Device) -> Alert:
    return operations.raise_alert(
        compound=device.compound_id,
        kind=kind,
        key=f"{kind}-{device.pk}",
        severity=Alert.Severity.IMPORTANT,
        device=device,
    )
