"""Fire lanes with a clock: the owner is told first, then what was seen is kept as evidence.

Fire Protection Law, articles 28 and 60: nobody may block the way of fire engines. A car that
drives on in time leaves no trace; pictures are kept one a minute.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events
from community.models import Device, User
from community.vision import grammar
from community.vision.plates import PlateKind
from parking.models import FireCase, FireLane, FireSighting, ListEntry, Permit, Vehicle
from parking.operations import regions, rules, sealed, telling
from residents.operations import sealing

#: Not seen for so long, a car has gone; and pictures are kept so far apart.
GONE, APART = timedelta(minutes=3), timedelta(seconds=60)
#: A camera's clock may run ahead by so much.
AHEAD = timedelta(seconds=30)
MOST_PICTURES = 60


def save_fire_lane(row: FireLane, *, actor: User | None = None) -> FireLane:
    """Mark a region of a camera as a fire lane, or change it. Raises ValidationError.

    With corners the region is what lies between them, and ``roi`` the rectangle around it.
    """
    row.name = rules.clean_text("name", row.name, 40)
    if not row.name:
        raise rules.fault("name", "name_missing")
    if row.camera.compound_id != row.compound_id or row.camera.kind != Device.Kind.CAMERA:
        raise rules.fault("camera", "other_compound")
    row.corners = regions.clean_corners(row.corners)
    row.roi = regions.around(row.corners) if row.corners else regions.clean_region(row.roi)
    twins = FireLane.objects.of(row.compound_id).filter(name=row.name).exclude(pk=row.pk)
    if twins.exists():
        raise rules.fault("name", "fire_lane_name_taken")
    row.clean_fields(exclude=["compound", "camera", "roi", "corners"])
    with events.writing():
        row.save()
        events.record(
            "parking.fire_lane_saved", compound=row.compound_id, actor=actor, fire_lane=row.pk
        )
    return row


def note_in_zone(
    lane: FireLane, plate: str, at: datetime, picture: bytes | None = None
) -> FireCase | None:
    """A car was seen in a fire lane at a moment; None where it may stand there.

    A moment that was told already, or that lies before the last one, changes nothing. Raises
    ValueError for what is no plate or lies ahead, ValidationError for what is no picture.
    """
    plate = grammar.normalise(plate)
    if not grammar.is_plate(plate) or at > timezone.now() + AHEAD:
        raise ValueError("no plate, or a time to come")
    if _may_stand(lane, plate, at):
        return None
    wanted = picture if picture and _wants_picture(lane, plate, at) else b""
    with sealed.taken(lane.compound_id, wanted) as kept, events.writing():
        lane = FireLane.objects.select_for_update(of=("self",)).get(pk=lane.pk)
        case = _case(lane, plate, at)
        if at < case.last_at or case.sightings.filter(at=at).exists():
            sealing.drop_all([kept.get("file", "")])
            return case
        case.last_at = at
        FireSighting.objects.create(case=case, at=at, **kept)
        _climb(case, lane)
        case.save()
    return case


def _may_stand(lane: FireLane, plate: str, at: datetime) -> bool:
    """Police, fire engines and ambulances, and whom the compound lets in free of charge."""
    if grammar.kind_of(plate, "white") == PlateKind.WHITE and plate[-1] in "警急":
        return True
    day = timezone.localdate(at)
    of = lane.compound_id
    listed = ListEntry.objects.of(of).valid_on(day).filter(plate=plate, kind=ListEntry.Kind.FREE)
    free = Permit.objects.of(of).valid_on(day).filter(kind=Permit.Kind.FREE, vehicle__plate=plate)
    return bool(listed.exists() or free.exists())


def _wants_picture(lane: FireLane, plate: str, at: datetime) -> bool:
    """Looked at before the lock, so that decoding holds nobody up."""
    case = FireCase.objects.standing().filter(lane=lane, plate=plate).first()
    if case is None or at - case.last_at > GONE:
        return True
    shown = case.sightings.exclude(file="")
    last = shown.order_by("-at").values_list("at", flat=True).first()
    return (last is None or at - last >= APART) and shown.count() < MOST_PICTURES


def _case(lane: FireLane, plate: str, at: datetime) -> FireCase:
    found: FireCase | None = FireCase.objects.standing().filter(lane=lane, plate=plate).first()
    if found is not None and at - found.last_at <= GONE:
        return found
    if found is not None:
        _leave(found)
    cars = Vehicle.objects.of(lane.compound_id).registered().filter(plate=plate)
    case: FireCase = FireCase.objects.create(
        compound_id=lane.compound_id, lane=lane, plate=plate, vehicle=cars.first(),
        first_at=at, last_at=at,
    )  # fmt: skip
    return case


def _climb(case: FireCase, lane: FireLane) -> None:
    """The owner first, a guard where there is none; then the evidence."""
    said = case.told_at or case.guard_at
    if said is None:
        if case.last_at - case.first_at >= timedelta(minutes=lane.minutes):
            _say(case)
    elif case.pack_at is None and case.last_at - said >= timedelta(minutes=lane.grace_minutes):
        case.pack_at = case.last_at
        case.guard_at = case.guard_at or case.last_at
        _record("parking.fire_lane_evidence", case)
        telling.tell_desk(case, "parking.fire_lane_evidence")


def _say(case: FireCase) -> None:
    owner = case.vehicle.owner if case.vehicle else None
    if owner is None:
        case.guard_at = case.last_at
    else:
        case.told_at = case.last_at
        telling.tell_person(owner, case, "parking.fire_lane")
    _record("parking.fire_lane_taken", case, owner=owner is not None)


def settle_fire_lanes(now: datetime | None = None) -> int:
    """End the cases of cars that are seen no more; returns how many."""
    now = now or timezone.now()
    due = FireCase.objects.standing().filter(last_at__lt=now - GONE)
    keys = list(due.order_by("pk").values_list("pk", flat=True)[:200])
    for pk in keys:
        with events.writing():
            rows = FireCase.objects.select_for_update(of=("self",)).standing()
            case = rows.filter(pk=pk, last_at__lt=now - GONE).first()
            if case is not None:
                _leave(case)
    return len(keys)


def _leave(case: FireCase) -> None:
    """It has gone. Who drove on in time is forgotten, with the pictures."""
    if case.told_at is None and case.guard_at is None:
        sealing.drop_all(case.sightings.values_list("file", flat=True))
        case.delete()
        return
    case.left_at = case.last_at
    case.save(update_fields=["left_at"])
    _record("parking.fire_lane_free", case)


def retire_cases(compound_id: int, cut: datetime) -> int:
    """Erase cases that ended before ``cut``, with their pictures; how many."""
    old = FireCase.objects.of(compound_id).filter(left_at__lt=cut)
    keys = list(old.order_by("pk").values_list("pk", flat=True)[:200])
    with events.writing():
        seen = FireSighting.objects.filter(case__in=keys)
        files = list(seen.exclude(file="").values_list("file", flat=True))
        FireCase.objects.filter(pk__in=keys).delete()
    sealing.drop_all(files)
    return len(keys)


def _record(kind: str, case: FireCase, **facts: Any) -> None:
    events.record(
        kind, compound=case.compound_id, fire_case=case.pk, fire_lane=case.lane_id,
        vehicle=case.vehicle_id, **facts,
    )  # fmt: skip
