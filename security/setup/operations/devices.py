"""Cameras and barriers of a lane, and what was tried out with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.devices import operations as devices
from community.devices.base import DeviceFault
from community.devices.registry import driver_for
from community.models import Command, Device, Lane, User
from community.operations import save_row
from community.vision.plates import Roi
from security.models import LaneCheck
from security.operations.locks import SEND_WITHIN
from security.setup.access import require
from security.setup.operations.places import forget_checks

Step = LaneCheck.Step
KEY = re.compile(r"^[0-9a-f]{8,32}$")
#: A test is confirmed by whoever watched the arm, while they still stand there.
CONFIRM_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class DevicePlan:
    """A device as filled in; empty credentials keep what is there."""

    name: str
    driver: str
    options: dict[str, Any]
    credentials: dict[str, str]


def add_camera(user: User, lane: Lane, plan: DevicePlan) -> Device:
    """Give the lane a camera, or change the one it has. Workers take it in by themselves.

    Raises PermissionDenied, ValidationError.
    """
    return _set_device(user, lane, "camera", plan)


def add_barrier(user: User, lane: Lane, plan: DevicePlan) -> Device:
    """Give the lane a barrier or, at a pedestrian gate, a door; or change the one it has.

    Raises PermissionDenied, ValidationError, also for settings that the driver refuses.
    """
    return _set_device(user, lane, "barrier", plan)


def _set_device(user: User, lane: Lane, role: str, plan: DevicePlan) -> Device:
    require(user, lane.compound_id)
    with events.writing():
        locked = _locked(lane)
        device: Any = getattr(locked, role) or Device(
            compound_id=locked.compound_id, kind=_kind(locked, role)
        )
        if fill(user, device, plan):
            forget_checks(locked, *steps_of(role))
        if getattr(locked, f"{role}_id") != device.pk:
            setattr(locked, role, device)
            save_row(locked, user)
    return device


def fill(user: User, device: Device, plan: DevicePlan) -> bool:
    """Put a plan into a device and save it; whether that changed anything.

    Raises ValidationError, also for settings that the driver refuses.
    """
    before = _shape(device)
    same = device.driver == plan.driver and is_same_place(device.settings, plan.options)
    kept: Any = device.credentials if same else {}
    device.name, device.driver, device.settings = plan.name, plan.driver, plan.options
    secrets: Any = {**kept, **plan.credentials}
    device.credentials = secrets
    device.is_active = True
    if before == _shape(device):
        return False
    devices.forget_word(device)
    save_row(device, user)
    _check_driver(device)
    return True


def is_same_place(before: Any, after: Any) -> bool:
    """Whether secrets may stay: they belong to one place, and are never sent to another."""
    return _places(after) <= _places(before)


def _places(settings: Any) -> set[tuple[str, ...]]:
    """Where a device's settings lead: every address with its host, and how sure its line is."""
    if not isinstance(settings, dict):
        return set()
    found: set[tuple[str, ...]] = {("trust", str(settings.get("verify_tls", True)))}
    for name, value in settings.items():
        if isinstance(value, str) and "://" in value:
            scheme, _, rest = value.partition("://")
            found.add((scheme, re.split(r"[/?#]", rest)[0]))
        elif name in ("host", "port", "tls", "path", "device_id"):
            found.add((name, str(value)))
    return found


def _shape(device: Device) -> tuple[Any, ...]:
    names = ("pk", "name", "driver", "settings", "credentials", "is_active")
    return tuple(getattr(device, name) for name in names)


def _kind(lane: Lane, role: str) -> str:
    if role == "camera":
        return Device.Kind.CAMERA
    return Device.Kind.BARRIER if lane.gate.kind == "vehicle" else Device.Kind.DOOR


def steps_of(role: str) -> tuple[str, ...]:
    """What was tried out with a lane's device of this role."""
    return (Step.REGION, Step.PLATE) if role == "camera" else (Step.BARRIER,)


def _check_driver(device: Device) -> None:
    if device.kind == Device.Kind.CAMERA:
        return
    try:
        driver_for(device)
    except DeviceFault as fault:
        raise ValidationError({"driver": ValidationError(fault.code, fault.code)}) from fault


def issue_push_address(user: User, lane: Lane) -> str:
    """A fresh secret of the lane's camera, to be typed into it; shown once. Older ones stay valid.

    Raises PermissionDenied, ValidationError.
    """
    require(user, lane.compound_id)
    return devices.issue_push_secret(_device(lane, "camera"), user)


def draw_region(user: User, lane: Lane, roi: list[float]) -> Lane:
    """The part of the picture in which plates are read: x, y, width, height as shares of it.

    Raises PermissionDenied, ValidationError for what leaves the picture or is too small.
    """
    require(user, lane.compound_id)
    try:
        x, y, w, h = (round(float(value), 4) for value in roi)
        shown = Roi(x, y, w, h)
    except (TypeError, ValueError) as error:
        raise ValidationError(_("The region leaves the picture. Draw it again.")) from error
    if shown.w < 0.05 or shown.h < 0.05:
        raise ValidationError(_("The region is too small. Make it as large as a car's front."))
    with events.writing():
        locked = _locked(lane)
        drawn = [shown.x, shown.y, shown.w, shown.h]
        if locked.roi != drawn:
            locked.roi = drawn
            locked.save(update_fields=["roi"])
            forget_checks(locked, Step.PLATE)
        _pass(user, locked, Step.REGION, _device(locked, "camera"), "setup.region_drawn")
    return locked


def confirm_plate(user: User, lane: Lane, confidence: float) -> None:
    """Somebody compared what was read with the car. Raises PermissionDenied, ValidationError."""
    require(user, lane.compound_id)
    with events.writing():
        locked = _locked(lane)
        camera = _device(locked, "camera")
        _pass(user, locked, Step.PLATE, camera, "setup.plate_read", confidence=round(confidence, 3))


def test_barrier(user: User, lane: Lane, *, key: str, clear: bool) -> Command:
    """Open once, because somebody watches the arm and the lane is clear; one press, one opening.

    Raises PermissionDenied, ValidationError.
    """
    require(user, lane.compound_id)
    if not clear:
        raise ValidationError(_("Look at the lane first, then say that it is clear."))
    if not KEY.match(key):
        raise ValidationError(_("This page is out of date. Open it again."))
    with events.writing():
        locked = _locked(lane)
        return devices.order(
            _device(locked, "barrier"),
            Command.Action.OPEN,
            key=f"setup-{locked.pk}-{key}",
            lane=locked,
            expires_at=timezone.now() + SEND_WITHIN,
            requested_by=user,
        )


def confirm_barrier(user: User, lane: Lane, command: Command, *, moved: bool) -> None:
    """Whether the arm moved, as the person saw it who ordered the test.

    Raises PermissionDenied, ValidationError for a test of somebody else, of another device, of
    long ago, or one that is not done.
    """
    require(user, lane.compound_id)
    with events.writing():
        locked = _locked(lane)
        barrier = _device(locked, "barrier")
        fits = (command.device_id, command.requested_by_id) == (barrier.pk, user.pk)
        recent = command.created_at >= timezone.now() - CONFIRM_WITHIN
        if not fits or not recent or command.state in ("pending", "sending", "failed"):
            raise ValidationError(_("This test does not count. Test the barrier again."))
        if moved:
            _pass(user, locked, Step.BARRIER, barrier, "setup.barrier_tested", command=command.pk)
        else:
            forget_checks(locked, Step.BARRIER)
            _tell(user, locked, "setup.barrier_stood_still", barrier, command=command.pk)


def _locked(lane: Lane) -> Lane:
    """The lane and its devices as they stand once its lock is held.

    Read in two steps: PostgreSQL looks at the lane anew after it waited, not at what is joined.
    """
    Lane.objects.select_for_update(of=("self",)).get(pk=lane.pk)
    locked: Lane = Lane.objects.select_related("gate", "camera", "barrier").get(pk=lane.pk)
    return locked


def _device(lane: Lane, role: str) -> Device:
    device: Device | None = getattr(lane, role)
    if device is None or not device.is_active:
        text = _("This lane has no camera yet.") if role == "camera" else None
        raise ValidationError(text or _("This lane has no barrier that Linli can open."))
    return device


def _pass(user: User, lane: Lane, step: str, device: Device, kind: str, **told: Any) -> None:
    """Note that it was found right; the same again with the same device is no news."""
    known = LaneCheck.objects.filter(lane=lane, step=step).first()
    if known is not None and known.device_id == device.pk:
        return
    LaneCheck.objects.update_or_create(
        lane=lane,
        step=step,
        defaults={
            "compound_id": lane.compound_id,
            "device": device,
            "passed_at": timezone.now(),
            "passed_by": user,
        },
    )
    _tell(user, lane, kind, device, **told)


def _tell(user: User, lane: Lane, kind: str, device: Device, **told: Any) -> None:
    events.record(
        kind, compound=lane.compound_id, actor=user, lane=lane.pk, device=device.pk, **told
    )
