"""By what right does a car park here? Pure reads of lists, permits and homes' places.

The order in which they count: a plate that is free of charge by a list or by its own characters
(police, fire service); the car's own permit; a place of its home; its registration; else it is a
visitor.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from community.models import Compound
from community.prepared import prepared
from community.vision import grammar
from parking.models import Hold, ListEntry, ParkedAs, Permit, Pool, Stay, Vehicle

#: Forms of plates that always pass: the fire service and rescue.
EMERGENCY = frozenset({"emergency"})
#: Forms of plates of the police: they pass, free of charge, where nothing else speaks of them.
SERVICE = frozenset({"police", "armed_police", "armed_police_old"})


@dataclass(frozen=True)
class Right:
    """``rule`` is the pool's rule for a car that found the home's places taken, else empty."""

    parked_as: str
    permit: Permit | None = None
    rule: str = ""
    taken: int = 0
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def pool(self) -> Pool | None:
        return self.permit.pool if self.permit is not None else None


def form_of(plate: str) -> str:
    """The name of the plate's commonest form; empty for what is no plate."""
    fitting = grammar.patterns_of(plate)
    return fitting[0].name if fitting else ""


def is_emergency(plate: str) -> bool:
    return form_of(plate) in EMERGENCY


def is_service(plate: str) -> bool:
    return form_of(plate) in SERVICE


def listed(compound: Compound | int, plate: str, day: date) -> ListEntry | None:
    key = compound if isinstance(compound, int) else compound.pk
    found: ListEntry | None = _on_lists.first(compound=key, plate=plate, day=day)
    return found


@prepared(compound=int, plate=str, day=date)
def _on_lists(compound: int, plate: str, day: date) -> QuerySet[Any, ListEntry]:
    rows = ListEntry.objects.of(compound).valid_on(day).filter(plate=plate)
    return (rows if rows.ordered else rows.order_by("pk"))[:1]


def right_of(
    compound: Compound,
    plate: str,
    vehicle: Vehicle | None,
    day: date,
    *,
    entry: ListEntry | None = None,
    at: datetime | None = None,
) -> Right:
    """The right by which a car would drive in now; ``day`` is of the compound's calendar."""
    if (entry is not None and entry.kind == ListEntry.Kind.FREE) or _is_exempt(plate):
        return Right(ParkedAs.FREE)
    if vehicle is None or vehicle.state_on(day) != "valid":
        return Right(ParkedAs.VISITOR)
    permits = permits_of(vehicle, day)
    own = next((permit for permit in permits if permit.vehicle_id is not None), None)
    if own is not None:
        free = own.kind == Permit.Kind.FREE
        return Right(ParkedAs.FREE if free else ParkedAs.PERMIT, own, facts=_period(own))
    if not permits:
        return Right(ParkedAs.RESIDENT)
    return in_pool(permits[0], plate, at or timezone.now())


def _is_exempt(plate: str) -> bool:
    return form_of(plate) in EMERGENCY | SERVICE


def permits_of(vehicle: Vehicle, day: date) -> list[Permit]:
    """Permits of the car and of its home's pool that are in force on a day."""
    asked = {"compound": vehicle.compound_id, "vehicle": vehicle.pk, "day": day}
    if vehicle.pool_id is None:
        return _own_permits(**asked)
    return _permits_with_pool(**asked, pool=vehicle.pool_id)


@prepared(compound=int, vehicle=int, day=date)
def _own_permits(compound: int, vehicle: int, day: date) -> QuerySet[Any, Permit]:
    return _permits(compound, day, Q(vehicle=vehicle))


@prepared(compound=int, vehicle=int, day=date, pool=int)
def _permits_with_pool(compound: int, vehicle: int, day: date, pool: int) -> QuerySet[Any, Permit]:
    return _permits(compound, day, Q(vehicle=vehicle) | Q(pool=pool, pool__ended_at=None))


def _permits(compound: int, day: date, whose: Q) -> QuerySet[Any, Permit]:
    rows = Permit.objects.of(compound).valid_on(day).filter(whose)
    return rows.select_related("pool").order_by("pk")


def in_pool(permit: Permit, plate: str, at: datetime) -> Right:
    """On a place of the home while one is free; the next car by the pool's rule."""
    pool = permit.pool
    if pool is None:
        raise ValueError("this permit is one car's own")
    taken = taken_of(pool, plate, at)
    facts = _period(permit) | {"places": pool.places, "taken": taken}
    if taken < pool.places:
        return Right(ParkedAs.POOL, permit, taken=taken, facts=facts)
    return Right(ParkedAs.VISITOR, permit, pool.when_taken, taken, facts)


def taken_of(pool: Pool, plate: str, at: datetime) -> int:
    """Places of the home on which its other cars stand, or which are held for them."""
    held = Hold.objects.filter(pool=pool, until__gt=at).exclude(plate=plate)
    standing = Stay.objects.whole().open().filter(permit__pool=pool, parked_as=ParkedAs.POOL)
    # One question, so that a car which drives in meanwhile is not missed by both.
    plates = standing.exclude(plate=plate).order_by().values_list("plate")
    return int(plates.union(held.order_by().values_list("plate")).count())


def covers(permit: Permit, path: tuple[int | None, ...]) -> bool:
    """Whether a permit is good for the last area of a path; without areas it is for all."""
    keys = {area.pk for area in permit.areas.all()}
    return not keys or bool(keys & set(path))


def _period(permit: Permit) -> dict[str, Any]:
    until = permit.valid_until
    return {"permit": permit.pk, "of": permit.kind} | (
        {"permit_until": until.isoformat()} if until else {}
    )
