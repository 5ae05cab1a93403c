"""What parking adds to a decision that opens an entry: the car's right, and whether there is room.

Who lives here always enters; visitors wait, or are sent away, where an area is full.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from community.models import Compound
from community.verdicts import Outcome, Verdict
from parking import occupancy, rights
from parking.models import Area, ListEntry, ParkedAs, Permit, Pool, Stay, Vehicle
from parking.occupancy import Level
from parking.rights import Right
from parking.ways import Key, Way

#: Entries without a word of parking: nobody is asked for a place.
ALWAYS = frozenset({"emergency_vehicle", "service_vehicle"})


@dataclass(frozen=True)
class Arrival:
    """A car before an entry; ``root`` is its open stay in the compound, if it has one."""

    compound: Compound
    plate: str
    vehicle: Vehicle | None
    way: Way
    day: date
    entry: ListEntry | None
    root: Stay | None


def admitted(verdict: Verdict, arrival: Arrival) -> Verdict:
    """The verdict with the right in its facts, or why the car has to wait."""
    if not verdict.opens or verdict.code in ALWAYS:
        return verdict
    right = right_here(arrival)
    facts = verdict.facts | _told(right)
    if right.rule in (Pool.Next.WAIT, Pool.Next.REFUSE):
        return pool_taken(right.rule, facts)
    needs = [key for key in arrival.way.enters if needs_place(right.parked_as, key)]
    found = occupancy.levels_of(arrival.compound, needs) if needs else []
    for level in found:
        if level.free_for_visitors <= 0 and level.area.when_full != Area.WhenFull.OPEN:
            return full(level, facts)
    if found:
        facts |= {"needs": [level.area.pk for level in found]}
    return Verdict(verdict.outcome, verdict.code, facts)


def needs_place(parked_as: str, area: Key) -> bool:
    """Whether a car may be kept waiting for a place: who lives here never is at the outer gates."""
    if parked_as == ParkedAs.RESIDENT:
        return area is not None
    return parked_as in occupancy.VISITING


def right_here(arrival: Arrival) -> Right:
    """At an outer gate by lists and permits; further in by the right under which it came in."""
    root = arrival.root
    if arrival.way.leads_in or root is None:
        return rights.right_of(
            arrival.compound, arrival.plate, arrival.vehicle, arrival.day, entry=arrival.entry
        )
    return further_in(root, (None, *arrival.way.enters), arrival.vehicle)


def further_in(root: Stay, path: tuple[Key, ...], vehicle: Vehicle | None) -> Right:
    """The right in an inner area: that of the stay in the compound, where its permit reaches."""
    permit: Permit | None = root.permit
    if permit is not None and not rights.covers(permit, path):
        return Right(ParkedAs.RESIDENT if vehicle is not None else ParkedAs.VISITOR)
    return Right(root.parked_as or ParkedAs.VISITOR, permit)


def pool_taken(rule: str, facts: dict[str, Any]) -> Verdict:
    if rule == Pool.Next.REFUSE:
        return Verdict(Outcome.DENY, "home_places_taken_refused", facts)
    return Verdict(Outcome.ASK, "home_places_taken", facts)


def full(level: Level, facts: dict[str, Any]) -> Verdict:
    """``inside`` and ``capacity`` tell the guard how full it is."""
    area = level.area
    facts = facts | {
        "area": area.pk, "area_name": str(area), "inside": level.inside,
        "capacity": area.capacity,
    }  # fmt: skip
    if area.when_full == Area.WhenFull.REFUSE:
        return Verdict(Outcome.DENY, "area_full_refused", facts)
    return Verdict(Outcome.ASK, "area_full", facts)


def _told(right: Right) -> dict[str, Any]:
    """What the sentence says of the right; silent where there is nothing to say."""
    if right.permit is None and right.parked_as != ParkedAs.FREE:
        return {}
    return {"right": right.parked_as} | right.facts
