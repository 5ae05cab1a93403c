"""A crossing that was booked on the wrong car is taken back and booked on the right one.

Taking back leaves the wrong car's books as if the crossing had not been said: what its repair had
assumed is undone where that can be told, and what cannot be told stays marked ``assumed``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from community import events
from community.models import Compound, Lane
from parking.models import Stay, Vehicle
from parking.operations.stays import vehicle_entered, vehicle_left


def correct_crossing(
    *,
    compound: Compound,
    direction: str,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
) -> Stay | None:
    """Book the passage's crossing on ``plate``, and on no other car; without a plate on none.

    ``direction`` is the lane's, "entry" or "exit". Returns the stay that holds the crossing now.
    Said twice, it changes nothing the second time. Raises ValueError for what can be no plate.
    """
    entered = direction == Lane.Direction.ENTRY
    with events.writing():
        booked = _booked(compound, entered, passage_id)
        if booked is not None:
            if booked.plate == plate:
                return _same_car(booked, vehicle)
            _take_back(booked, entered)
            events.record(
                "parking.crossing_taken_back", compound=compound, passage=passage_id, stay=booked.pk
            )
        if not plate:
            return None
        tell = vehicle_entered if entered else vehicle_left
        return tell(
            compound=compound,
            plate=plate,
            vehicle=vehicle,
            at=at,
            passage_id=passage_id,
            assumed=assumed,
        )


def _booked(compound: Compound, entered: bool, passage_id: int) -> Stay | None:
    rows = Stay.objects.select_for_update(of=("self",)).of(compound)
    found: Stay | None = rows.filter(**{_key(entered): passage_id}).first()
    return found


def _key(entered: bool) -> str:
    return "entry_passage" if entered else "exit_passage"


def _same_car(stay: Stay, vehicle: Vehicle | None) -> Stay:
    if vehicle is not None and stay.vehicle_id != vehicle.pk:
        _update(stay, vehicle=vehicle)
    return stay


def _take_back(stay: Stay, entered: bool) -> None:
    if entered:
        _take_back_entry(stay)
    else:
        _take_back_exit(stay)


def _take_back_entry(stay: Stay) -> None:
    """The car did not come in here: what it did before and after is joined again."""
    before = _ended_by(stay)
    left_at, exit_passage = stay.left_at, stay.exit_passage
    if before is None and exit_passage is not None:
        # It did leave later: of that stay only the end is known.
        _update(stay, entered_at=None, entry_passage=None, assumed=True)
        return
    stay.delete()
    if before is not None:
        # Its missed exit was assumed only because of this entry.
        _update(before, left_at=left_at, exit_passage=exit_passage)


def _take_back_exit(stay: Stay) -> None:
    """The car did not leave here: it is inside still, or left unseen before it came again."""
    if stay.entered_at is None:
        stay.delete()
        return
    later = Stay.objects.filter(
        compound_id=stay.compound_id, plate=stay.plate, entered_at__gt=stay.entered_at
    )
    again = later.order_by("entered_at").values_list("entered_at", flat=True).first()
    _update(stay, left_at=again, exit_passage=None, assumed=stay.assumed or again is not None)


def _ended_by(stay: Stay) -> Stay | None:
    """The stay that was ended unseen at the moment when this one began."""
    rows = Stay.objects.select_for_update(of=("self",)).filter(
        ~Q(pk=stay.pk),
        compound_id=stay.compound_id,
        plate=stay.plate,
        left_at=stay.entered_at,
        exit_passage=None,
        assumed=True,
        entered_at__isnull=False,
    )
    found: Stay | None = rows.order_by("-entered_at").first()
    return found


def _update(stay: Stay, **values: Any) -> Stay:
    for name, value in values.items():
        setattr(stay, name, value)
    stay.save(update_fields=list(values))
    return stay
