"""Cars come and go: what a crossing says is booked on the car's stays, once, and announced."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from community import events
from community.models import Compound, Lane
from community.vision.grammar import MOST, normalise
from parking import occupancy, ways
from parking.models import Bicycle, Stay, StayChange, Ticket, Vehicle
from parking.operations.joining import Crossing, Step, go_through
from parking.operations.keeping import give_place_up, name_of
from parking.operations.moving_up import move_up


def vehicle_entered(
    *,
    compound: Compound,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
    lane: Lane | int | None = None,
    **seen: Any,
) -> Stay:
    """A car crossed an entry lane at ``at``; the same passage again changes nothing.

    ``assumed``: the crossing was not sensed but assumed after its time. ``lane`` says which areas
    it leads into; without one it leads into the compound. ``seen``: kind, colour, visit_id.
    Raises ValueError for a text that cannot be a plate.
    """
    way = ways.way_of(lane, Lane.Direction.ENTRY)
    car = (compound, _plate(plate), vehicle)
    return _cross(Crossing(*car, at, passage_id, assumed, way, **seen), inward=True)


def vehicle_left(
    *,
    compound: Compound,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
    lane: Lane | int | None = None,
    **seen: Any,
) -> Stay:
    """A car crossed an exit lane at ``at``; the same passage again changes nothing."""
    way = ways.way_of(lane, Lane.Direction.EXIT)
    car = (compound, _plate(plate), vehicle)
    return _cross(Crossing(*car, at, passage_id, assumed, way, **seen), inward=False)


def ticket_crossed(ticket: Ticket, lane: Lane, at: datetime, passage_id: int | None = None) -> Stay:
    """A car without a plate drove in or out with its ticket."""
    crossing = _without_plate(ticket.compound, lane, at, passage_id, ticket=ticket)
    return _cross(crossing, inward=lane.direction == Lane.Direction.ENTRY)


def bicycle_crossed(
    bicycle: Bicycle, lane: Lane, at: datetime, passage_id: int | None = None
) -> Stay:
    """A reader saw a bicycle's tag at a shed's or gate's lane."""
    crossing = _without_plate(bicycle.compound, lane, at, passage_id, bicycle=bicycle)
    return _cross(crossing, inward=lane.direction == Lane.Direction.ENTRY)


def _without_plate(
    compound: Compound, lane: Lane, at: datetime, passage_id: int | None, **car: Any
) -> Crossing:
    if lane.compound_id != compound.pk:
        raise ValueError("the lane stands in another compound")
    way = ways.way_of(lane, lane.direction)
    return Crossing(compound, "", None, at, passage_id, False, way, **car)


def _plate(text: str) -> str:
    plate = normalise(text)
    if not 1 <= len(plate) <= MOST:
        raise ValueError("no plate")
    return plate


def _cross(crossing: Crossing, *, inward: bool) -> Stay:
    with events.writing():
        if done := _known(crossing, inward):
            return done
        touched = [*crossing.way.leaves, *crossing.way.enters]
        areas = list(occupancy.areas_of(crossing.compound, touched).select_for_update())
        try:
            with transaction.atomic():
                steps = go_through(crossing)
        except IntegrityError:
            # Another process wrote this passage or plate at the same moment: now it can be seen.
            if done := _known(crossing, inward):
                return done
            steps = go_through(crossing)
        give_place_up(crossing.compound, _kept_as(crossing))
        for step in steps:
            _tell(step, crossing)
            if not step.entered:
                move_up(step.stay, crossing.at)
        if areas:
            _tell_full(crossing, steps)
    return _main(steps, inward).stay


def _kept_as(crossing: Crossing) -> str:
    return name_of(crossing.ticket) if crossing.ticket is not None else crossing.plate


def _known(crossing: Crossing, inward: bool) -> Stay | None:
    if crossing.passage_id is None:
        return None
    key = "entry_passage" if inward else "exit_passage"
    rows = Stay.objects.of(crossing.compound).filter(**{key: crossing.passage_id})
    found: Stay | None = rows.order_by("-pk").first()
    return found


def _main(steps: list[Step], inward: bool) -> Step:
    """Of an entry the innermost stay that began; of an exit the innermost that ended."""
    same = [step for step in steps if step.entered == inward] or steps
    return same[-1] if inward else same[0]


KINDS = {
    (True, True): "parking.vehicle_entered",
    (True, False): "parking.vehicle_left",
    (False, True): "parking.area_entered",
    (False, False): "parking.area_left",
}


def _tell(step: Step, crossing: Crossing) -> None:
    stay = step.stay
    facts: dict[str, Any] = {"area": stay.area_id} if stay.area_id else {}
    events.record(
        KINDS[stay.area_id is None, step.entered],
        compound=crossing.compound,
        at=crossing.at,
        stay=stay.pk,
        passage=crossing.passage_id,
        vehicle=stay.vehicle_id,
        assumed=stay.assumed,
        repaired=step.repaired,
        **facts,
    )
    if step.repaired:
        StayChange.objects.create(
            compound=crossing.compound, stay=step.mended or stay, what=StayChange.What.REPAIRED,
            after={"rule": step.repaired}, at=timezone.now(),
        )  # fmt: skip


def _tell_full(crossing: Crossing, steps: list[Step]) -> None:
    """Tell of an area that this very car filled, or made free again. The areas are locked."""
    entered = {step.stay.area_id for step in steps if step.entered and not step.stay.left_at}
    left = {step.stay.area_id for step in steps if not step.entered and step.stay.entered_at}
    for level in occupancy.levels_of(crossing.compound, entered | left):
        key = None if level.area.whole else level.area.pk
        if key in entered and level.inside == level.area.capacity:
            events.record("parking.area_full", compound=crossing.compound, area=level.area.pk)
        elif key in left and level.inside == level.area.capacity - 1:
            events.record("parking.area_free", compound=crossing.compound, area=level.area.pk)
