"""Permits to park: given, renewed, ended; and the reminder before they end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.utils import timezone

from community import events
from community.models import Compound
from community.notifications import DESK, tell
from parking.models import Area, Permit, Place, Pool, Vehicle
from parking.operations import rules

if TYPE_CHECKING:
    from community.models import User

#: Days before its last day on which a permit's holder, and the desk, are reminded.
REMIND_DAYS = 7


def give_permit(
    *,
    compound: Compound,
    kind: str,
    vehicle: Vehicle | None = None,
    pool: Pool | None = None,
    areas: Iterable[Area] = (),
    place: Place | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    note: str = "",
    actor: User | None = None,
) -> Permit:
    """Give a car, or a home's pool, the right to park; raises ValidationError that names fields."""
    areas, start = list(areas), valid_from or rules.today(compound)
    rows = {"vehicle": vehicle, "pool": pool, "place": place}
    for key, row in [*rows.items(), *(("areas", area) for area in areas)]:
        rules.clean_place(compound, key, row)
    _check(kind, vehicle, pool, start, valid_until)
    with events.writing():
        _lock_holder(vehicle, pool)
        _check_overlap(kind, vehicle, pool, start, valid_until)
        permit: Permit = Permit.objects.create(
            compound=compound, kind=kind, valid_from=start, valid_until=valid_until,
            note=rules.clean_text("note", note, 120), **rows,
        )  # fmt: skip
        permit.areas.set(areas)
        _record("parking.permit_given", permit, actor)
    return permit


def change_permit(
    permit: Permit,
    *,
    areas: Iterable[Area] = (),
    place: Place | None = None,
    note: str = "",
    actor: User | None = None,
) -> Permit:
    """Change where a permit is good; its holder and time are changed by ending and renewing."""
    areas = list(areas)
    for key, row in [("place", place), *(("areas", area) for area in areas)]:
        rules.clean_place(permit.compound, key, row)
    with events.writing():
        permit = _current(permit)
        permit.place, permit.note = place, rules.clean_text("note", note, 120)
        permit.save(update_fields=["place", "note"])
        permit.areas.set(areas)
        _record("parking.permit_changed", permit, actor)
    return permit


def renew_permit(permit: Permit, *, until: date | None, actor: User | None = None) -> Permit:
    """Prolong a permit until the end of a day, or for good; the same day again changes nothing."""
    with events.writing():
        permit = _current(permit)
        if permit.valid_until == until:
            return permit
        if until is not None and (permit.valid_until is None or until < permit.valid_until):
            raise rules.fault("until", "renewed_backwards")
        permit.valid_until, permit.renewed_at = until, timezone.now()
        permit.save(update_fields=["valid_until", "renewed_at"])
        _record("parking.permit_renewed", permit, actor, until=until and until.isoformat())
    return permit


def end_permit(permit: Permit, *, actor: User | None = None) -> Permit:
    """End a permit now; twice changes nothing. Cars inside keep their right until they leave."""
    with events.writing():
        permit = Permit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
        if permit.ended_at is None:
            permit.ended_at = timezone.now()
            permit.save(update_fields=["ended_at"])
            _record("parking.permit_ended", permit, actor)
    return permit


def end_permits_of(vehicle: Vehicle, *, actor: User | None = None) -> int:
    """With a car's registration go its permits. Returns how many ended."""
    held = list(Permit.objects.running().filter(vehicle=vehicle).order_by("pk"))
    for permit in held:
        end_permit(permit, actor=actor)
    return len(held)


def ending_soon(compound: Compound, today: date, days: int = 30) -> Any:
    """Permits whose last day comes within so many days, the first to end first."""
    rows = Permit.objects.of(compound).running()
    return rows.filter(valid_until__gte=today, valid_until__lte=today + timedelta(days=days))


def remind_ending() -> int:
    """Tell holders whose permits end within a week, and the desk; each last day once.

    Returns the number of permits that were told of.
    """
    told = 0
    for compound in Compound.objects.order_by("pk"):
        today = timezone.localdate(timezone.now(), ZoneInfo(compound.timezone))
        fresh = ~Q(reminded_for=F("valid_until")) | Q(reminded_for=None)
        rows = ending_soon(compound, today, REMIND_DAYS).filter(fresh)
        keys = list(rows.order_by("valid_until").values_list("pk", flat=True))
        for key in keys:
            told += _remind(key)
        if keys:
            with events.writing():
                events.record("parking.permits_ending", compound=compound, permits=len(keys))
    return told


def _remind(key: int) -> int:
    with events.writing():
        rows = Permit.objects.select_for_update(of=("self",)).select_related(
            "vehicle", "pool", "compound"
        )
        permit = rows.get(pk=key)
        last = permit.valid_until
        if last is None or permit.ended_at is not None or permit.reminded_for == last:
            return 0
        permit.reminded_for = last
        permit.save(update_fields=["reminded_for"])
        facts = {"permit": permit.pk, "of": permit.kind, "until": last.isoformat()}
        for who in [DESK, *_holder(permit)]:
            tell(
                who, "parking.permit_ending", compound=permit.compound,
                key=f"permit-{permit.pk}-{last}", facts=facts,
            )  # fmt: skip
    return 1


def _holder(permit: Permit) -> list[str]:
    """The car's owner; or the owners of the cars of a home's places."""
    if permit.vehicle is not None:
        owners = [permit.vehicle.owner_id]
    else:
        cars = Vehicle.objects.registered().filter(pool=permit.pool_id, owner__isnull=False)
        owners = list(cars.order_by("owner").values_list("owner_id", flat=True).distinct())
    return [f"person:{key}" for key in owners if key is not None]


def _check(
    kind: str, vehicle: Vehicle | None, pool: Pool | None, start: date, until: date | None
) -> None:
    if kind not in Permit.Kind.values:
        raise rules.fault("kind", "kind_unknown")
    if (vehicle is None) == (pool is None):
        raise rules.fault("vehicle", "permit_of_whom")
    if vehicle is not None and vehicle.ended_at is not None:
        raise rules.fault("vehicle", "vehicle_ended")
    if pool is not None and pool.ended_at is not None:
        raise rules.fault("pool", "pool_ended")
    if until is not None and until < start:
        raise rules.fault("valid_until", "ends_before_start")


def _lock_holder(vehicle: Vehicle | None, pool: Pool | None) -> None:
    """Two permits given at once to one holder must see one another."""
    model: Any = Vehicle if vehicle is not None else Pool
    row: Any = vehicle or pool
    model.objects.select_for_update(of=("self",)).get(pk=row.pk)


def _check_overlap(
    kind: str, vehicle: Vehicle | None, pool: Pool | None, start: date, until: date | None
) -> None:
    rows = Permit.objects.running().filter(vehicle=vehicle, pool=pool, kind=kind)
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=start))
    rows = rows.filter(valid_from__lte=until) if until is not None else rows
    if rows.exists():
        raise rules.fault("valid_from", "permit_overlaps")


def _current(permit: Permit) -> Permit:
    rows = Permit.objects.select_for_update(of=("self",)).select_related("compound")
    permit = rows.get(pk=permit.pk)
    if permit.ended_at is not None:
        raise ValidationError(rules.FAULTS["permit_ended"], "permit_ended")
    return permit


def _record(kind: str, permit: Permit, actor: User | None, **facts: Any) -> None:
    events.record(
        kind, compound=permit.compound_id, actor=actor, permit=permit.pk,
        vehicle=permit.vehicle_id, pool=permit.pool_id, **facts,
    )  # fmt: skip
