"""A home's places and its cars: N places, M plates, and a rule for the next car."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from community import events
from community.models import Compound, Unit
from parking.models import Permit, Pool, Vehicle
from parking.operations import rules
from parking.operations.permits import end_permit, give_permit

if TYPE_CHECKING:
    from community.models import User


def open_pool(
    *,
    compound: Compound,
    unit: Unit,
    places: int = 1,
    most_cars: int = 2,
    when_taken: str = Pool.Next.VISITOR,
    cars: Iterable[Vehicle] = (),
    valid_until: date | None = None,
    actor: User | None = None,
) -> Pool:
    """Set a home's places up, with the permit under which its cars park. Raises ValidationError."""
    rules.clean_place(compound, "unit", unit)
    with events.writing():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        if Pool.objects.filter(unit=unit, ended_at=None).exists():
            raise rules.fault("unit", "pool_exists")
        pool = Pool(compound=compound, unit=unit)
        _set(pool, places, most_cars, when_taken)
        _put_cars(pool, list(cars))
        events.record("parking.pool_opened", compound=compound, actor=actor, pool=pool.pk)
        give_permit(
            compound=compound, kind=Permit.Kind.OWNER, pool=pool, valid_until=valid_until,
            actor=actor,
        )  # fmt: skip
    return pool


def change_pool(
    pool: Pool,
    *,
    places: int,
    most_cars: int,
    when_taken: str,
    cars: Iterable[Vehicle],
    actor: User | None = None,
) -> Pool:
    """Change a home's places or cars; cars inside keep the right under which they came in."""
    with events.writing():
        pool = _locked(pool)
        if pool.ended_at is not None:
            raise ValidationError(rules.FAULTS["pool_ended"], "pool_ended")
        _set(pool, places, most_cars, when_taken)
        _put_cars(pool, list(cars))
        events.record("parking.pool_changed", compound=pool.compound_id, actor=actor, pool=pool.pk)
    return pool


def end_pool(pool: Pool, *, actor: User | None = None) -> Pool:
    """End a home's places and the permits that rest on them; a second time changes nothing."""
    with events.writing():
        pool = _locked(pool)
        if pool.ended_at is None:
            pool.ended_at = timezone.now()
            pool.save(update_fields=["ended_at"])
            for permit in Permit.objects.running().filter(pool=pool).order_by("pk"):
                end_permit(permit, actor=actor)
            Vehicle.objects.filter(pool=pool).update(pool=None)
            events.record(
                "parking.pool_ended", compound=pool.compound_id, actor=actor, pool=pool.pk
            )
    return pool


def _locked(pool: Pool) -> Pool:
    rows = Pool.objects.select_for_update(of=("self",)).select_related("compound", "unit")
    found: Pool = rows.get(pk=pool.pk)
    return found


def _set(pool: Pool, places: int, most_cars: int, when_taken: str) -> None:
    if not 1 <= places <= most_cars <= 50:
        raise rules.fault("places", "pool_counts")
    if when_taken not in Pool.Next.values:
        raise rules.fault("when_taken", "kind_unknown")
    pool.places, pool.most_cars, pool.when_taken = places, most_cars, when_taken
    pool.save()


def _put_cars(pool: Pool, cars: list[Vehicle]) -> None:
    """Exactly these cars share the places."""
    if len(cars) > pool.most_cars:
        raise rules.fault("cars", "pool_too_many")
    if any(car.unit_id != pool.unit_id or car.ended_at is not None for car in cars):
        raise rules.fault("cars", "pool_strangers")
    keys = [car.pk for car in cars]
    Vehicle.objects.filter(pool=pool).exclude(pk__in=keys).update(pool=None)
    Vehicle.objects.filter(pk__in=keys).update(pool=pool)
