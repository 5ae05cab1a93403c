"""Registering, changing, ending and barring a car."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import events
from community.models import Compound, User
from parking.models import Vehicle
from parking.operations import rules
from parking.operations.permits import end_permits_of
from residents.models import Residency

FIELDS = ("plate", "kind", "colour", "unit", "owner", "valid_from", "valid_until")


def register_vehicle(*, compound: Compound, actor: User | None = None, **values: Any) -> Vehicle:
    """Register a car: plate, and optionally kind, colour, unit, owner, valid_from, valid_until.

    Raises ValidationError that names each bad field, also for a plate registered already.
    """
    good = rules.clean(compound, values)
    with events.writing():
        vehicle = _save(Vehicle(compound=compound, **good))
        events.record(
            "parking.vehicle_registered",
            compound=compound,
            actor=actor,
            vehicle=vehicle.pk,
            unit=vehicle.unit_id,
        )
    return vehicle


def change_vehicle(vehicle: Vehicle, *, actor: User | None = None, **values: Any) -> Vehicle:
    """Change what ``values`` name; without a difference nothing is written.

    Raises ValidationError that names each bad field, or that the registration has ended.
    """
    with events.writing():
        vehicle = _current(vehicle)
        before = {name: getattr(vehicle, name) for name in FIELDS}
        good = rules.clean(vehicle.compound, before | values)
        changed = [name for name in FIELDS if good[name] != before[name]]
        if changed:
            for name in changed:
                setattr(vehicle, name, good[name])
            _save(vehicle)
            _record("parking.vehicle_changed", vehicle, actor, fields=changed)
    return vehicle


def end_vehicle(vehicle: Vehicle, *, actor: User | None = None) -> Vehicle:
    """End a registration; a second time changes nothing."""
    with events.writing():
        vehicle = _locked(vehicle)
        if vehicle.ended_at is None:
            vehicle.ended_at, vehicle.pool = timezone.now(), None
            vehicle.save(update_fields=["ended_at", "pool"])
            end_permits_of(vehicle, actor=actor)
            _record("parking.vehicle_ended", vehicle, actor)
    return vehicle


def bar_vehicle(
    vehicle: Vehicle, *, reason: str, until: date | None = None, actor: User | None = None
) -> Vehicle:
    """Keep a car out, with a reason, until the end of a day or until it is lifted.

    Raises ValidationError without a reason or for a day in the past.
    """
    reason = rules.clean_text("reason", reason, 120)
    if not reason:
        raise rules.fault("reason", "reason_missing")
    with events.writing():
        vehicle = _current(vehicle)
        if until is not None and until < rules.today(vehicle.compound):
            raise rules.fault("until", "ends_before_start")
        if (vehicle.barred_reason, vehicle.barred_until) != (reason, until):
            vehicle.barred_reason, vehicle.barred_until = reason, until
            vehicle.save(update_fields=["barred_reason", "barred_until"])
            _record("parking.vehicle_barred", vehicle, actor, until=until and until.isoformat())
    return vehicle


def unbar_vehicle(vehicle: Vehicle, *, actor: User | None = None) -> Vehicle:
    """Let a barred car in again; a second time changes nothing."""
    with events.writing():
        vehicle = _locked(vehicle)
        if vehicle.barred_reason:
            vehicle.barred_reason, vehicle.barred_until = "", None
            vehicle.save(update_fields=["barred_reason", "barred_until"])
            _record("parking.vehicle_unbarred", vehicle, actor)
    return vehicle


def end_rights(residency: Residency, *, actor: User | None = None) -> int:
    """End the cars of a person in a home with the residency that gave them the right.

    Nothing ends while another residency of the same person keeps the right. Returns how many did.
    """
    last = residency.ended_on
    if last is None or keeps_home(residency, last):
        return 0
    cars = Vehicle.objects.registered().filter(owner=residency.person_id, unit=residency.unit_id)
    over = last < rules.today(residency.compound)
    for car in cars:
        if over or car.valid_from > last:
            end_vehicle(car, actor=actor)
        else:
            change_vehicle(car, actor=actor, valid_until=last)
    return len(cars)


def keeps_home(residency: Residency, last: date) -> bool:
    """Whether another residency of the same person goes on in that home after its last day."""
    same = Residency.objects.filter(person=residency.person_id, unit=residency.unit_id)
    others = same.exclude(pk=residency.pk).current(last + timedelta(days=1))
    return bool(others.exists())


def end_cars_of(people: list[int], unit_id: int, *, actor: User | None = None) -> int:
    """End the cars of people who moved out of a home and hold nothing there any more."""
    kept = Residency.objects.filter(unit=unit_id, ended_on=None).values("person")
    cars = Vehicle.objects.registered().filter(owner__in=people, unit=unit_id)
    ended = list(cars.exclude(owner__in=kept).order_by("pk"))
    for car in ended:
        end_vehicle(car, actor=actor)
    return len(ended)


def end_home_cars(unit_id: int, last: date, *, actor: User | None = None) -> int:
    """End the cars of a home that name no owner, on the last day that somebody lived there."""
    cars = Vehicle.objects.registered().filter(unit=unit_id, owner=None).select_related("compound")
    for car in cars:
        if last <= rules.today(car.compound) or car.valid_from > last:
            end_vehicle(car, actor=actor)
        else:
            change_vehicle(car, actor=actor, valid_until=last)
    return len(cars)


def move_cars(gone_id: int, person_id: int, *, actor: User | None = None) -> int:
    """Give the cars of one person to another: two files became one. Returns how many moved."""
    with events.writing():
        cars = Vehicle.objects.select_for_update(of=("self",)).filter(owner=gone_id)
        found = list(cars.order_by("pk"))
        Vehicle.objects.filter(pk__in=[car.pk for car in found]).update(owner=person_id)
        for car in found:
            _record("parking.vehicle_changed", car, actor, fields=["owner"])
    return len(found)


def forget_owner(person_id: int) -> int:
    """No ended car names this person any more; those registered stay the office's to end."""
    with events.writing():
        ended = Vehicle.objects.filter(owner=person_id, ended_at__isnull=False)
        return int(ended.update(owner=None))


def _locked(vehicle: Vehicle) -> Vehicle:
    locked = Vehicle.objects.select_for_update(of=("self",)).select_related("compound", "unit")
    return locked.get(pk=vehicle.pk)


def _current(vehicle: Vehicle) -> Vehicle:
    vehicle = _locked(vehicle)
    if vehicle.ended_at is not None:
        raise ValidationError(rules.FAULTS["vehicle_ended"], "vehicle_ended")
    return vehicle


def _save(vehicle: Vehicle) -> Vehicle:
    """Save; the database has the last word on a plate registered twice at the same moment."""
    twins = Vehicle.objects.of(vehicle.compound_id).registered().filter(plate=vehicle.plate)
    if twins.exclude(pk=vehicle.pk).exists():
        raise rules.fault("plate", "plate_registered")
    try:
        with transaction.atomic():
            vehicle.save()
    except IntegrityError as error:
        if "vehicle_plate_once" in str(error) or "plate" in str(error):
            raise rules.fault("plate", "plate_registered") from error
        raise
    return vehicle


def _record(kind: str, vehicle: Vehicle, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=vehicle.compound_id, actor=actor, vehicle=vehicle.pk, **facts)
