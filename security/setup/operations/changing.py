"""A camera or barrier by itself: entered, changed, given to other lanes, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.devices import operations as devices
from community.models import Compound, Device, Lane, User
from community.operations import save_row
from security.setup.access import require
from security.setup.operations.devices import DevicePlan, fill, steps_of
from security.setup.operations.places import forget_checks

Kind = Device.Kind


def add_device(
    user: User, compound: Compound, kind: str, plan: DevicePlan, lanes: Sequence[Lane]
) -> Device:
    """A new camera or barrier, given to these lanes. Raises PermissionDenied, ValidationError."""
    require(user, compound)
    with events.writing():
        return _settle(user, Device(compound=compound, kind=kind), plan, lanes)


def change_device(user: User, device: Device, plan: DevicePlan, lanes: Sequence[Lane]) -> Device:
    """Give a device other settings, and these lanes instead of those it had; it is in use again.

    Raises PermissionDenied, ValidationError.
    """
    require(user, device.compound_id)
    with events.writing():
        held = Device.objects.select_for_update().get(pk=device.pk)
        return _settle(user, held, plan, lanes)


def remove_device(user: User, device: Device) -> None:
    """Take a device out of use, off its lanes, and end the addresses to which it pushed.

    Its row stays, under another name: orders and readings belong to it. Raises PermissionDenied.
    """
    require(user, device.compound_id)
    with events.writing():
        held = Device.objects.select_for_update().get(pk=device.pk)
        for lane in _locked_lanes(held):
            _take_off(user, lane, held)
        for token in held.tokens.filter(revoked_at=None):
            devices.revoke_token(token, user)
        if held.is_active:
            held.is_active = False
            held.name = f"{held.name[:40]} · {timezone.localdate():%Y-%m-%d} #{held.pk}"[:60]
            if isinstance(held.settings, dict):
                held.settings = {k: v for k, v in held.settings.items() if k != "lane"}
            # Whoever opens this device again types its password anew.
            nothing: Any = {}
            held.credentials = nothing
            devices.forget_word(held)
            save_row(held, user)


def _settle(user: User, device: Device, plan: DevicePlan, lanes: Sequence[Lane]) -> Device:
    for lane in lanes:
        if lane.compound_id != device.compound_id:
            raise ValidationError(_("This lane is not here. Choose another."))
    old = _locked_lanes(device) if device.pk else []
    new = _locked([lane.pk for lane in lanes])
    role = "camera" if device.kind == Kind.CAMERA else "barrier"
    changed = fill(user, device, _placed(device, plan, new, role))
    for lane in old:
        if lane.pk not in {one.pk for one in new}:
            _take_off(user, lane, device)
    for lane in new:
        is_beside = "lane" in device.settings
        if changed and getattr(lane, f"{role}_id") == device.pk:
            forget_checks(lane, *steps_of(role))
        elif getattr(lane, f"{role}_id") != device.pk and not is_beside:
            forget_checks(lane, *steps_of(role))
            setattr(lane, role, device)
            save_row(lane, user)
    return device


def _placed(device: Device, plan: DevicePlan, lanes: list[Lane], role: str) -> DevicePlan:
    """The plan with its place in it: a camera beside the lane's own says which lane it is."""
    options: dict[str, Any] = {k: v for k, v in plan.options.items() if k != "lane"}
    for lane in lanes:
        other = getattr(lane, role)
        if other is None or other.pk == device.pk or not other.is_active:
            continue
        if role == "barrier":
            text = _("%(lane)s is closed by “%(name)s”. Take that one away first.")
            raise ValidationError({"lanes": text % {"lane": lane.name, "name": other.name}})
        options["lane"] = lane.pk
    return replace(plan, options=options)


def _take_off(user: User, lane: Lane, device: Device) -> None:
    for role in ("camera", "barrier"):
        if getattr(lane, f"{role}_id") == device.pk:
            forget_checks(lane, *steps_of(role))
            setattr(lane, role, None)
            save_row(lane, user)


def _locked_lanes(device: Device) -> list[Lane]:
    own = Lane.objects.filter(compound_id=device.compound_id)
    keys = [*own.filter(camera=device).values_list("pk", flat=True)]
    keys += own.filter(barrier=device).values_list("pk", flat=True)
    return _locked(keys)


def _locked(keys: Sequence[int]) -> list[Lane]:
    """Lanes as they stand once their locks are held, always in the same order."""
    for key in sorted(set(keys)):
        Lane.objects.select_for_update(of=("self",)).get(pk=key)
    rows = Lane.objects.filter(pk__in=keys).select_related("camera", "barrier", "gate")
    return list(rows.order_by("pk"))
