"""May a driver take a ticket alone at this entry? A pure read; the gate says whether a car stands.

The rule is that of the area that the lane leads into: the whole compound, or a garage whose ramp
lies on the street (ADR 82).
"""

from __future__ import annotations

from community.models import Gate, Lane
from community.verdicts import Outcome, Verdict
from parking import admission, occupancy, ways
from parking.models import Area
from parking.occupancy import Level
from parking.ways import Way

BY_GUARD = Verdict(Outcome.ASK, "ticket_by_guard")


def may_take(lane: Lane) -> Verdict:
    """Allowed; or by a guard only ("ticket_by_guard"); or there is no room.

    Two queries. The allowing verdict says in ``needs`` for which areas a place is to be kept.
    """
    if lane.direction != Lane.Direction.ENTRY or lane.gate.kind != Gate.Kind.VEHICLE:
        return BY_GUARD
    way = ways.way_of(lane, lane.direction)
    if not way.leads_in or not lane.is_active:
        return BY_GUARD
    levels = occupancy.levels_of(lane.compound_id, way.enters)
    if not any(_decides(level, way) and level.area.self_tickets for level in levels):
        return BY_GUARD
    for level in levels:
        if level.free_for_visitors <= 0 and level.area.when_full != Area.WhenFull.OPEN:
            return admission.full(level, {})
    return Verdict(Outcome.ALLOW, "ticket_taken", {"needs": [level.area.pk for level in levels]})


def _decides(level: Level, way: Way) -> bool:
    """The innermost area that the lane leads into."""
    return (None if level.area.whole else level.area.pk) == way.enters[-1]
