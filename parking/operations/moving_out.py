"""With a home end the places, the bicycles and the shared permit that were had for living there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from community import events
from parking.models import Bicycle, Holding, Permit, Place, Pool
from parking.operations import rules
from parking.operations.areas import give_back_place
from parking.operations.pools import end_pool
from parking.operations.tickets import end_bicycle
from parking.operations.vehicles import keeps_home

if TYPE_CHECKING:
    from community.models import User
    from residents.models import Residency


def end_things(residency: Residency, *, actor: User | None = None) -> int:
    """End what a person held in a home with the residency that gave them the right.

    Nothing ends while another residency of the same person keeps the right. Returns how many did.
    """
    last = residency.ended_on
    if last is None or keeps_home(residency, last):
        return 0
    return end_things_of([residency.person_id], residency.unit_id, last, actor=actor)


def end_things_of(
    people: list[int], unit_id: int, last: date, *, now: bool = False, actor: User | None = None
) -> int:
    """Places and bicycles of people in one home end with their last day there, or ``now``."""
    with events.writing():
        held = Holding.objects.running().filter(unit=unit_id, holder__in=people)
        ridden = Bicycle.objects.running().filter(unit=unit_id, owner__in=people)
        return _end(held, last, now, actor) + _end(ridden, last, now, actor)


def end_home_things(unit_id: int, last: date, *, now: bool = False, actor: Any = None) -> int:
    """The home is empty: its shared permit, its rented places and unnamed bicycles end.

    A place that the home owns stays with it: who buys or moves in finds it there.
    """
    with events.writing():
        rented = Holding.objects.running().filter(unit=unit_id, place__kind=Place.Kind.RENTED)
        ridden = Bicycle.objects.running().filter(unit=unit_id, owner=None)
        count = _end(rented.filter(holder=None), last, now, actor)
        count += _end(ridden, last, now, actor)
        pools = Pool.objects.filter(unit=unit_id, ended_at=None).select_related("compound")
        for pool in pools:
            count += _end_pool(pool, last, now, actor)
    return count


def _end(rows: Any, last: date, now: bool, actor: User | None) -> int:
    found = list(rows.select_for_update(of=("self",)).select_related("compound").order_by("pk"))
    for row in found:
        if now or _over(row, last):
            _give_up(row, actor)
        elif row.valid_until is None or row.valid_until > last:
            row.valid_until = last
            row.save(update_fields=["valid_until"])
            _changed(row, actor)
    return len(found)


def _over(row: Any, last: date) -> bool:
    return bool(last < rules.today(row.compound) or row.valid_from > last)


def _give_up(row: Any, actor: User | None) -> None:
    if isinstance(row, Bicycle):
        end_bicycle(row, actor=actor)
    else:
        give_back_place(row.place, actor=actor)


def _changed(row: Any, actor: User | None) -> None:
    of = row.compound_id
    if isinstance(row, Bicycle):
        events.record("parking.bicycle_changed", compound=of, actor=actor, bicycle=row.pk)
    else:
        events.record("parking.place_changed", compound=of, actor=actor, place=row.place_id)


def _end_pool(pool: Pool, last: date, now: bool, actor: User | None) -> int:
    if now or last < rules.today(pool.compound):
        end_pool(pool, actor=actor)
        return 1
    permits = Permit.objects.running().filter(pool=pool).order_by("pk")
    for permit in permits.select_for_update(of=("self",)):
        permit.valid_until = min(permit.valid_until or last, max(last, permit.valid_from))
        permit.save(update_fields=["valid_until"])
        events.record(
            "parking.permit_changed", compound=pool.compound_id, actor=actor, permit=permit.pk,
            vehicle=None, pool=pool.pk,
        )  # fmt: skip
    return 1


def move_things(gone_id: int, person_id: int) -> int:
    """Two files became one: its places and bicycles are the other's. Returns how many moved."""
    with events.writing():
        held = Holding.objects.filter(holder=gone_id).update(holder=person_id)
        ridden = Bicycle.objects.filter(owner=gone_id).update(owner=person_id)
    return int(held + ridden)


def forget_holder(person_id: int) -> int:
    """No ended place or bicycle names this person any more, and the bicycle's plate goes too."""
    with events.writing():
        ended = Bicycle.objects.filter(owner=person_id, ended_at__isnull=False)
        count = ended.update(owner=None, plate="")
        held = Holding.objects.filter(holder=person_id, ended_at__isnull=False)
        return int(count + held.update(holder=None))
