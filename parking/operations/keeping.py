"""A place is kept for a car between the decision that lets it in and its driving in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events
from community.models import Compound
from community.verdicts import Verdict
from parking import admission, occupancy, rights
from parking.models import Area, Hold, ParkedAs, Permit, Pool, Ticket

#: Longer than any way of knowing a crossing takes; a car that turns back gives its place up sooner.
KEPT = timedelta(minutes=15)


def keep_place(
    compound: Compound, plate: str, verdict: Verdict, now: datetime | None = None
) -> Verdict:
    """Keep the places that an opening verdict rests on; the last place goes to one car only.

    Called in the transaction that opens. Returns the verdict, or why the car has to wait now: the
    areas are locked and counted again.
    """
    now = now or timezone.now()
    needs, pooled = verdict.facts.get("needs"), verdict.facts.get("right") == ParkedAs.POOL
    if not verdict.opens or not (needs or pooled):
        return verdict
    with events.writing():
        for area in _locked(compound, needs or [], plate):
            level = occupancy.level(area)
            if level.free_for_visitors <= 0 and area.when_full != Area.WhenFull.OPEN:
                return admission.full(level, _without_needs(verdict))
            _hold(now, compound=compound, area=area, pool=None, plate=plate)
        if pooled:
            return _keep_home_place(compound, plate, verdict, now)
    return verdict


def _locked(compound: Compound, keys: list[int], plate: str) -> list[Any]:
    """Locked in one order, then counted: what was committed before the lock is seen."""
    rows = occupancy.areas_of(compound, keys)
    list(rows.select_for_update(of=("self",)))
    return list(occupancy.counted(rows, but=plate))


def _keep_home_place(compound: Compound, plate: str, verdict: Verdict, now: datetime) -> Verdict:
    permit = Permit.objects.select_related("pool").filter(pk=verdict.facts["permit"]).first()
    if permit is None or permit.pool_id is None:
        return verdict
    Pool.objects.select_for_update().get(pk=permit.pool_id)
    right = rights.in_pool(permit, plate, now)
    if right.parked_as == ParkedAs.POOL:
        _hold(now, compound=compound, area=None, pool=permit.pool, plate=plate)
        return verdict
    facts = _without_needs(verdict) | {"right": right.parked_as} | right.facts
    if right.rule == Pool.Next.VISITOR:
        return Verdict(verdict.outcome, verdict.code, facts)
    return admission.pool_taken(right.rule, facts)


def _hold(now: datetime, **where: Any) -> None:
    Hold.objects.update_or_create(**where, defaults={"until": now + KEPT})


def _without_needs(verdict: Verdict) -> dict[str, Any]:
    return {name: value for name, value in verdict.facts.items() if name != "needs"}


def name_of(ticket: Ticket | int) -> str:
    """The name under which a place is kept for a car without a plate; no plate looks like it."""
    return f"T{ticket if isinstance(ticket, int) else ticket.pk}"


def give_place_up(compound: Compound | int, plate: str) -> int:
    """The car turned back, or drove in: nothing is kept for it any more. Returns how many were.

    ``plate`` is its plate, or ``name_of`` its ticket.
    """
    if not plate:
        return 0
    return int(Hold.objects.of(compound).filter(plate=plate).delete()[0])


def tidy_holds(now: datetime | None = None) -> int:
    """Remove what nobody came for; returns how many. They count no more since their end."""
    return int(Hold.objects.filter(until__lte=now or timezone.now()).delete()[0])
