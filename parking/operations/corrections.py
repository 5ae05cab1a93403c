"""A crossing that was booked on the wrong car is taken back and booked on the right one.

Taking back leaves the wrong car's books as if the crossing had not been said: what its repair had
assumed is undone where that can be told, and what cannot be told stays marked ``assumed``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from community import events
from community.models import Compound, Lane, User
from parking.models import Debt, ParkedAs, Stay, StayChange, Vehicle
from parking.operations import prices, trail
from parking.operations.joining import update
from parking.operations.moving_up import fill, move_back
from parking.operations.stays import vehicle_entered, vehicle_left

What = StayChange.What


def correct_crossing(
    *,
    compound: Compound,
    direction: str,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
    lane: Lane | int | None = None,
    actor: User | None = None,
    **seen: Any,
) -> Stay | None:
    """Book the passage's crossing on ``plate``, and on no other car; without a plate on none.

    ``direction`` is the lane's, "entry" or "exit". Returns the stay that holds the crossing now.
    Said twice, it changes nothing the second time. Raises ValueError for what can be no plate.
    """
    entered = direction == Lane.Direction.ENTRY
    with events.writing():
        booked = _booked(compound, passage_id)
        if booked and all(stay.plate == plate for stay in booked):
            return _same_car(booked, entered, passage_id, vehicle)
        for stay in booked:
            _take_back(stay, passage_id)
            events.record(
                "parking.crossing_taken_back", compound=compound, passage=passage_id, stay=stay.pk
            )
        if not plate:
            return None
        said: dict[str, Any] = {
            "compound": compound, "plate": plate, "vehicle": vehicle, "at": at,
            "passage_id": passage_id, "assumed": assumed, "lane": lane, **seen,
        }  # fmt: skip
        return vehicle_entered(**said) if entered else _left(said, bool(booked), actor)


def _left(said: dict[str, Any], moved: bool, actor: User | None) -> Stay:
    """Where the exit was booked on another car before, the stay that it ends says so."""
    ends = Stay.objects.of(said["compound"]).whole().open().filter(plate=said["plate"]).first()
    before = trail.of(ends) if ends is not None else None
    left = vehicle_left(**said)
    if moved and before is not None and ends is not None and left.pk == ends.pk:
        # What is unpaid is owed before the correction prices the stay anew.
        prices.close_charge(left)
        trail.write(left, What.MATCHED, before, actor=actor)
    return left


def _booked(compound: Compound, passage_id: int) -> list[Stay]:
    """Every stay that this crossing began or ended, the inner ones first."""
    rows = Stay.objects.select_for_update(of=("self",)).of(compound)
    found = rows.filter(Q(entry_passage=passage_id) | Q(exit_passage=passage_id))
    return list(found.order_by("-pk"))


def _same_car(booked: list[Stay], entered: bool, passage_id: int, vehicle: Vehicle | None) -> Stay:
    for stay in booked:
        if vehicle is not None and stay.vehicle_id != vehicle.pk:
            update(stay, vehicle=vehicle)
    key = "entry_passage" if entered else "exit_passage"
    return next((stay for stay in booked if getattr(stay, key) == passage_id), booked[0])


def _take_back(stay: Stay, passage_id: int) -> None:
    before = trail.of(stay)
    if stay.entry_passage == passage_id:
        _take_back_entry(stay)
    else:
        _take_back_exit(stay)
    if stay.pk is not None:
        trail.write(stay, What.TAKEN_BACK, before)
        move_back(stay)


def _take_back_entry(stay: Stay) -> None:
    """The car did not come in here: what it did before and after is joined again."""
    before = _ended_by(stay)
    left_at, exit_passage = stay.left_at, stay.exit_passage
    if before is None and exit_passage is not None:
        # It did leave later: of that stay only the end is known.
        update(stay, entered_at=None, entry_passage=None, assumed=True)
        return
    began, permit = stay.entered_at, stay.permit
    _drop(stay)
    if before is not None:
        # Its missed exit was assumed only because of this entry.
        was = trail.of(before)
        update(before, left_at=left_at, exit_passage=exit_passage)
        trail.write(before, What.TAKEN_BACK, was)
    by_place = stay.area_id is None and stay.parked_as == ParkedAs.POOL
    if by_place and permit is not None and permit.pool_id is not None and began is not None:
        fill(permit.pool_id, began)  # its home's place was free all the time


def _drop(stay: Stay) -> None:
    """Delete a stay that never was; one on which money was booked is kept, without length."""
    if not (stay.payments.exists() or Debt.objects.filter(stay=stay).exists()):
        stay.delete()
        return
    at = stay.entered_at or stay.left_at
    update(stay, entered_at=at, left_at=at, entry_passage=None, exit_passage=None)


def _take_back_exit(stay: Stay) -> None:
    """The car did not leave here: it is inside still, or left unseen before it came again."""
    if stay.entered_at is None:
        _drop(stay)
        return
    later = Stay.objects.of(stay.compound_id).filter(
        area=stay.area_id, plate=stay.plate, entered_at__gt=stay.entered_at
    )
    again = later.order_by("entered_at").values_list("entered_at", flat=True).first()
    update(stay, left_at=again, exit_passage=None, assumed=stay.assumed or again is not None)


def _ended_by(stay: Stay) -> Stay | None:
    """The stay that was ended unseen at the moment when this one began."""
    rows = Stay.objects.select_for_update(of=("self",)).filter(
        ~Q(pk=stay.pk),
        compound_id=stay.compound_id,
        area=stay.area_id,
        plate=stay.plate,
        left_at=stay.entered_at,
        exit_passage=None,
        assumed=True,
        entered_at__isnull=False,
    )
    found: Stay | None = rows.order_by("-entered_at").first()
    return found
