"""Cars come and go: entry and exit are joined into one stay, and what was missed is repaired.

The rules of repair, each marked ``assumed``: an entry of a car that is still inside means that its
exit was missed, so that stay ends when the new one begins; an exit of a car that is not inside
means that its entry was missed, so the stay has an end only; a crossing reported late is put where
it belongs by its time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from community import events
from community.models import Compound
from community.vision.grammar import MOST, normalise
from parking.models import Stay, Vehicle


@dataclass(frozen=True)
class Crossing:
    """One car over one lane; ``key`` is the column of the stay that names the passage."""

    key: str
    compound: Compound
    plate: str
    vehicle: Vehicle | None
    at: datetime
    passage_id: int
    assumed: bool

    @property
    def car(self) -> dict[str, Any]:
        return {"compound": self.compound, "plate": self.plate, "vehicle": self.vehicle}

    @property
    def passage(self) -> dict[str, Any]:
        return {self.key: self.passage_id}


def vehicle_entered(
    *,
    compound: Compound,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
) -> Stay:
    """A car crossed an entry lane at ``at``; the same passage again changes nothing.

    ``assumed``: the crossing was not sensed but assumed after its time. Raises ValueError for a
    text that cannot be a plate.
    """
    plate = _plate(plate)
    crossing = Crossing("entry_passage", compound, plate, vehicle, at, passage_id, assumed)
    return _cross("parking.vehicle_entered", _enter, crossing)


def vehicle_left(
    *,
    compound: Compound,
    plate: str,
    vehicle: Vehicle | None,
    at: datetime,
    passage_id: int,
    assumed: bool = False,
) -> Stay:
    """A car crossed an exit lane at ``at``; the same passage again changes nothing."""
    plate = _plate(plate)
    crossing = Crossing("exit_passage", compound, plate, vehicle, at, passage_id, assumed)
    return _cross("parking.vehicle_left", _leave, crossing)


def _plate(text: str) -> str:
    plate = normalise(text)
    if not 1 <= len(plate) <= MOST:
        raise ValueError("no plate")
    return plate


def _cross(
    kind: str, verb: Callable[[Crossing], tuple[Stay, str | None]], crossing: Crossing
) -> Stay:
    with events.writing():
        if done := _known(crossing):
            return done
        try:
            with transaction.atomic():
                stay, repaired = verb(crossing)
        except IntegrityError:
            # Another process wrote this passage or plate at the same moment: now it can be seen.
            if done := _known(crossing):
                return done
            stay, repaired = verb(crossing)
        events.record(
            kind,
            compound=crossing.compound,
            at=crossing.at,
            stay=stay.pk,
            passage=crossing.passage_id,
            vehicle=stay.vehicle_id,
            assumed=stay.assumed,
            repaired=repaired,
        )
    return stay


def _known(crossing: Crossing) -> Stay | None:
    return Stay.objects.of(crossing.compound).filter(**crossing.passage).first()


def _open(crossing: Crossing) -> Stay | None:
    rows = Stay.objects.select_for_update(of=("self",)).of(crossing.compound)
    return rows.filter(plate=crossing.plate, left_at=None).first()


def _new(crossing: Crossing, **values: Any) -> Stay:
    values = {"assumed": crossing.assumed} | values
    return Stay.objects.create(**crossing.car, **crossing.passage, **values)


def _enter(crossing: Crossing) -> tuple[Stay, str | None]:
    at, inside = crossing.at, _open(crossing)
    if inside is None:
        return _new(crossing, entered_at=at), None
    if inside.entered_at and at < inside.entered_at:
        # Reported late: this entry belongs before the stay that is open now.
        stay = _new(crossing, entered_at=at, left_at=inside.entered_at, assumed=True)
        return stay, "lost_exit"
    _update(inside, left_at=at, assumed=True)
    return _new(crossing, entered_at=at), "lost_exit"


def _leave(crossing: Crossing) -> tuple[Stay, str | None]:
    at, inside = crossing.at, _open(crossing)
    if inside and inside.entered_at and inside.entered_at <= at:
        assumed = crossing.assumed or inside.assumed
        vehicle = crossing.vehicle or inside.vehicle
        stay = _update(inside, **crossing.passage, left_at=at, assumed=assumed, vehicle=vehicle)
        return stay, None
    if guessed := _guessed_exit(crossing):
        # Reported late: it replaces the exit that a later entry made us assume.
        return _update(guessed, **crossing.passage, left_at=at), "late_exit"
    return _new(crossing, left_at=at, assumed=True), "lost_entry"


def _guessed_exit(crossing: Crossing) -> Stay | None:
    rows = Stay.objects.select_for_update(of=("self",)).of(crossing.compound)
    return (
        rows.filter(plate=crossing.plate, exit_passage=None, assumed=True)
        .filter(entered_at__lte=crossing.at, left_at__gte=crossing.at)
        .order_by("-entered_at")
        .first()
    )


def _update(stay: Stay, **values: Any) -> Stay:
    for name, value in values.items():
        setattr(stay, name, value)
    stay.save(update_fields=list(values))
    return stay
