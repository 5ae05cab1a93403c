"""A car leaves a place of its home: the next car of the home stands there by right from then on.

And back again, where it turns out that it had not left (ADR 91).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from parking import rights, ways
from parking.models import ParkedAs, Permit, Pool, Stay, StayChange
from parking.operations import trail
from parking.operations.joining import update


def move_up(left: Stay, at: datetime) -> Stay | None:
    """The home's car that has waited longest takes the place that ``left`` gave up; None if none.

    Its price splits at that moment: until then a visitor's, from then on its permit's. Called in
    the transaction of the crossing; the same crossing again finds the place taken.
    """
    permit = left.permit
    if left.area_id is not None or left.parked_as != ParkedAs.POOL or permit is None:
        return None
    if permit.pool_id is None or left.left_at is None:
        return None
    return fill(permit.pool_id, at)


def fill(pool_id: int, at: datetime) -> Stay | None:
    """Give a free place of a home to the car that waits longest, from ``at`` on; None if none."""
    pool = Pool.objects.select_for_update(of=("self",)).select_related("compound").get(pk=pool_id)
    if pool.ended_at is not None or rights.taken_of(pool, "", at) >= pool.places:
        return None
    day = at.astimezone(ZoneInfo(pool.compound.timezone)).date()
    for stay in _waiting(pool):
        found = _permit_of(stay, pool, day)
        if found is not None:
            return _move(stay, found, max(at, stay.entered_at or at))
    return None


def _waiting(pool: Pool) -> Any:
    """Cars of the home inside at the visitors' rate, the first that came first."""
    rows = Stay.objects.select_for_update(of=("self",)).whole().open()
    rows = rows.filter(vehicle__pool=pool, parked_as=ParkedAs.VISITOR, entered_at__isnull=False)
    return rows.select_related("vehicle", "compound").order_by("entered_at", "pk")


def move_back(returned: Stay) -> list[Stay]:
    """A car had not left its home's place after all: whoever moved up last stands beside it again.

    Only as many as the home has too few places for, and only cars that are inside still: whoever
    has driven out since keeps the right that the gate had told. Returns the stays in the compound.
    """
    permit = returned.permit
    if returned.area_id is not None or returned.parked_as != ParkedAs.POOL or permit is None:
        return []
    if permit.pool_id is None or returned.left_at is not None:
        return []
    pool = Pool.objects.select_for_update().get(pk=permit.pool_id)
    rows = Stay.objects.select_for_update(of=("self",)).whole().open().exclude(pk=returned.pk)
    rows = rows.filter(permit__pool=pool, parked_as=ParkedAs.POOL, permit_from__isnull=False)
    standing = Stay.objects.whole().open().filter(permit__pool=pool, parked_as=ParkedAs.POOL)
    beyond = max(0, standing.count() - pool.places)
    return [_send_back(stay) for stay in rows.order_by("-permit_from", "-pk")[:beyond]]


def _send_back(stay: Stay) -> Stay:
    """To the visitors' rate from its entry on, in the areas in which it had moved up as well."""
    moved = Stay.objects.select_for_update(of=("self",)).of(stay.compound_id).open()
    moved = moved.filter(plate=stay.plate, permit=stay.permit_id, permit_from=stay.permit_from)
    for one in moved.order_by("pk"):
        before = trail.of(one)
        update(one, parked_as=ParkedAs.VISITOR.value, permit=None, permit_from=None)
        trail.write(one, StayChange.What.TAKEN_BACK, before)
    return stay


def _permit_of(stay: Stay, pool: Pool, day: Any) -> Permit | None:
    car = stay.vehicle
    if car is None or car.state_on(day) != "valid":
        return None
    return next((one for one in rights.permits_of(car, day) if one.pool_id == pool.pk), None)


def _move(stay: Stay, permit: Permit, at: datetime) -> Stay:
    """The stay in the compound, and with it those in areas that the permit reaches."""
    inner = Stay.objects.select_for_update(of=("self",)).of(stay.compound_id).open()
    inner = inner.filter(plate=stay.plate, area__isnull=False, parked_as=ParkedAs.VISITOR)
    for one in [stay, *inner.select_related("area", "compound").order_by("pk")]:
        if one.area is not None and not rights.covers(permit, ways.path_of(one.area)):
            continue
        before = trail.of(one)
        update(one, parked_as=ParkedAs.POOL.value, permit=permit, permit_from=at)
        trail.write(one, StayChange.What.MOVED_UP, before)
    return stay
