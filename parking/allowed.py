"""Which cars a camera may let through by itself while we do not work: the few sure rights only."""

from __future__ import annotations

from datetime import date

from community.models import Lane
from parking import ways
from parking.models import ListEntry, Vehicle

#: The smallest of the days that end a right; None is no end.
Until = date | None


def let_through(lane: Lane, day: date) -> dict[str, Until]:
    """Plates with a right of their own at a lane, and its last day; two questions.

    Registered cars inside their period, and the plates of the allow list; nobody who is kept out,
    no visitor (a visit has hours and a number of entries) and no rule about places or money. Only
    between street and compound: what an inner area asks for, a camera cannot weigh.
    """
    way = ways.way_of(lane, lane.direction)
    if not (way.leads_in or way.leads_out):
        return {}
    cars = Vehicle.objects.of(lane.compound_id).in_state("valid", day)
    found: dict[str, Until] = dict(cars.values_list("plate", "valid_until").order_by())
    listed = ListEntry.objects.of(lane.compound_id).valid_on(day)
    for plate, kind, until in listed.values_list("plate", "kind", "valid_until").order_by():
        if kind == ListEntry.Kind.DENY:
            found.pop(plate, None)
        elif plate not in found or (found[plate] is not None and _is_later(until, found[plate])):
            found[plate] = until
    return found


def _is_later(one: Until, other: Until) -> bool:
    return one is None or (other is not None and one > other)
