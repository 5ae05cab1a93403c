"""Entry and exit of one car at one area are joined into one stay; what was missed is repaired.

The rules of repair, each marked ``assumed``: an entry of a car that is still inside means that its
exit was missed, so that stay ends when the new one begins; an exit of a car that is not inside
means that its entry was missed, so the stay has an end only; a crossing reported late is put where
it belongs by its time; an exit a moment before its entry, but seen after it, is two clocks that
differ, and the stay lasted no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from community.models import Compound
from parking import admission, rights
from parking.models import Bicycle, ParkedAs, Pool, Stay, Ticket, Vehicle
from parking.rights import Right
from parking.ways import Key, Way

#: Clocks of two cameras may differ by so much.
SKEW = timedelta(seconds=60)
#: Rights that a stay keeps its permit for.
BY_PERMIT = frozenset({ParkedAs.PERMIT.value, ParkedAs.POOL.value, ParkedAs.FREE.value})


@dataclass(frozen=True)
class Crossing:
    """One car over one lane. A car is its plate, or its ticket, or a bicycle's tag."""

    compound: Compound
    plate: str
    vehicle: Vehicle | None
    at: datetime
    passage_id: int | None
    assumed: bool
    way: Way
    kind: str = ""
    colour: str = ""
    visit_id: int | None = None
    ticket: Ticket | None = None
    bicycle: Bicycle | None = None

    @property
    def car(self) -> dict[str, Any]:
        """Finds this car's stays."""
        if self.ticket is not None:
            return {"ticket": self.ticket}
        if self.bicycle is not None:
            return {"bicycle": self.bicycle}
        return {"plate": self.plate}

    @property
    def seen(self) -> dict[str, Any]:
        found: dict[str, Any] = {"plate": self.plate, "vehicle": self.vehicle}
        found["colour"] = self.colour
        found |= {"ticket": self.ticket, "bicycle": self.bicycle, "visit_id": self.visit_id}
        return found | ({"plate_kind": self.kind} if self.kind else {})


@dataclass(frozen=True)
class Step:
    """What a crossing did in one area; ``repaired`` is the rule that mended ``mended``."""

    stay: Stay
    entered: bool
    repaired: str | None = None
    mended: Stay | None = None


def go_through(crossing: Crossing) -> list[Step]:
    """Every stay that the crossing ends or begins, in the order in which the car drove."""
    way = crossing.way
    steps = [leave(crossing, area) for area in way.leaves]
    if way.enters and not way.leads_in and crossing.bicycle is None:
        steps += _seen_inside(crossing)
    return steps + [enter(crossing, area) for area in way.enters]


def opened(crossing: Crossing, area: Key) -> Stay | None:
    rows = Stay.objects.select_for_update(of=("self",)).of(crossing.compound)
    found: Stay | None = rows.filter(**crossing.car, area=area, left_at=None).first()
    return found


def enter(crossing: Crossing, area: Key) -> Step:
    at, inside = crossing.at, opened(crossing, area)
    by_passage = {"entry_passage": crossing.passage_id}
    if inside is None:
        return Step(_new(crossing, area, entered_at=at, **by_passage), entered=True)
    if inside.entered_at and at < inside.entered_at:
        # Reported late: this entry belongs before the stay that is open now.
        values = {"entered_at": at, "left_at": inside.entered_at, "assumed": True}
        return Step(_new(crossing, area, **values, **by_passage), True, "lost_exit")
    update(inside, left_at=at, assumed=True)
    if area is None:
        _leave_inner(crossing)
    return Step(_new(crossing, area, entered_at=at, **by_passage), True, "lost_exit", inside)


def leave(crossing: Crossing, area: Key) -> Step:
    at, inside = crossing.at, opened(crossing, area)
    if area is None:
        _leave_inner(crossing)
    by_passage = {"exit_passage": crossing.passage_id}
    if inside and inside.entered_at and inside.entered_at <= at:
        return Step(_end(inside, crossing, at), entered=False)
    if guessed := _guessed_exit(crossing, area):
        # Reported late: it replaces the exit that a later entry made us assume.
        return Step(update(guessed, **by_passage, left_at=at), False, "late_exit")
    if inside and _is_skew(inside, crossing):
        return Step(_end(inside, crossing, inside.entered_at), False, "clock_skew")
    return Step(_new(crossing, area, left_at=at, assumed=True, **by_passage), False, "lost_entry")


def _end(inside: Stay, crossing: Crossing, at: datetime | None) -> Stay:
    return update(
        inside, exit_passage=crossing.passage_id, left_at=at,
        assumed=crossing.assumed or inside.assumed, vehicle=crossing.vehicle or inside.vehicle,
    )  # fmt: skip


def _is_skew(inside: Stay, crossing: Crossing) -> bool:
    """The exit was seen after the entry, whatever the two clocks say of it."""
    passage, entry, began = crossing.passage_id, inside.entry_passage, inside.entered_at
    if passage is None or entry is None or began is None:
        return False
    return entry < passage and began - crossing.at <= SKEW


def _leave_inner(crossing: Crossing) -> None:
    """Who is out of the compound stands in none of its areas any more."""
    rows = Stay.objects.select_for_update(of=("self",)).of(crossing.compound).open()
    for stay in rows.filter(**crossing.car, area__isnull=False):
        update(stay, left_at=max(crossing.at, stay.entered_at or crossing.at), assumed=True)


def _seen_inside(crossing: Crossing) -> list[Step]:
    """A car at an inner lane is in the compound, also where the gate missed its entry."""
    if opened(crossing, None) is not None:
        return []
    stay = _new(crossing, None, entered_at=crossing.at, assumed=True)
    return [Step(stay, True, "lost_entry")]


def _guessed_exit(crossing: Crossing, area: Key) -> Stay | None:
    rows = Stay.objects.select_for_update(of=("self",)).of(crossing.compound)
    found: Stay | None = (
        rows.filter(**crossing.car, area=area, exit_passage=None, assumed=True)
        .filter(entered_at__lte=crossing.at, left_at__gte=crossing.at)
        .order_by("-entered_at")
        .first()
    )
    return found


def _new(crossing: Crossing, area: Key, **values: Any) -> Stay:
    right = _right(crossing, area)
    values = {"assumed": crossing.assumed} | values
    permit = right.permit if right.parked_as in BY_PERMIT else None
    stay: Stay = Stay.objects.create(
        compound=crossing.compound, area_id=area, parked_as=right.parked_as, permit=permit,
        **crossing.seen, **values,
    )  # fmt: skip
    return stay


def _right(crossing: Crossing, area: Key) -> Right:
    if crossing.bicycle is not None:
        return Right(ParkedAs.RESIDENT)
    if crossing.ticket is not None:
        return Right(ParkedAs.VISITOR)
    if area is not None:
        root = Stay.objects.of(crossing.compound).whole().open().filter(**crossing.car)
        stay = root.select_related("permit").first()
        if stay is not None:
            return admission.further_in(stay, _path(crossing, area), crossing.vehicle)
    return settled(crossing.compound, crossing.plate, crossing.vehicle, crossing.at)


def _path(crossing: Crossing, area: Key) -> tuple[Key, ...]:
    enters = crossing.way.enters
    return (None, *enters[: enters.index(area) + 1]) if area in enters else (None, area)


def settled(compound: Compound, plate: str, vehicle: Vehicle | None, at: datetime) -> Right:
    """The right under which a car drives in, its home's places locked: two cars cannot share."""
    if vehicle is not None and vehicle.pool_id is not None:
        Pool.objects.select_for_update().filter(pk=vehicle.pool_id).first()
    day = at.astimezone(ZoneInfo(compound.timezone)).date()
    entry = rights.listed(compound, plate, day)
    return rights.right_of(compound, plate, vehicle, day, entry=entry, at=at)


def update(stay: Stay, **values: Any) -> Stay:
    for name, value in values.items():
        setattr(stay, name, value)
    stay.save(update_fields=list(values))
    return stay
