"""A resident asks to have a car registered; the desk looks at its licence and answers."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from parking.models import CarWish, Pool, Vehicle
from parking.operations import rules, sealed, telling
from parking.operations.pools import change_pool
from parking.operations.vehicles import register_vehicle
from residents import visiting
from residents.models import Person
from residents.operations import sealing

State = CarWish.State
#: Cars of one person that wait at the same time.
MOST_WAITING = 5


def ask_car(
    person: Person, *, unit: Unit, plate: str, picture: bytes, kind: str = "", colour: str = "",
    actor: User | None = None,
) -> CarWish:  # fmt: skip
    """Ask for a car; the same car again, while it waits, is the same wish.

    ``picture`` shows the vehicle licence (行驶证). Raises ValidationError that names each field.
    """
    values = {"plate": plate, "kind": kind, "colour": colour, "unit": unit, "owner": person}
    good = rules.clean(person.compound, values)
    if unit.pk not in {home.pk for home in visiting.homes_of(person)}:
        raise rules.fault("unit", "home_not_yours")
    if not picture:
        raise rules.fault("picture", "licence_missing")
    if Vehicle.objects.of(person.compound_id).registered().filter(plate=good["plate"]).exists():
        raise rules.fault("plate", "plate_registered")
    with sealed.taken(person.compound_id, picture) as kept, events.writing():
        return _asked(Person.objects.select_for_update().get(pk=person.pk), good, kept, actor)


def _asked(
    person: Person, good: dict[str, Any], kept: dict[str, Any], actor: User | None
) -> CarWish:
    waiting = CarWish.objects.filter(person=person, state=State.WAITING)
    again: CarWish | None = waiting.filter(plate=good["plate"]).first()
    if again is not None:
        sealing.drop_all([kept["file"]])
        return again
    if waiting.count() >= MOST_WAITING:
        raise rules.fault("plate", "too_many_waiting")
    row: CarWish = CarWish.objects.create(
        compound_id=person.compound_id, person=person, unit=good["unit"], plate=good["plate"],
        kind=good["kind"], colour=good["colour"], asked_at=timezone.now(), **kept,
    )  # fmt: skip
    _record("parking.car_asked", row, actor)
    telling.tell_desk(row, "parking.car_asked")
    return row


def withdraw_car(wish: CarWish, *, actor: User | None = None) -> CarWish:
    """Its person does not want it any more: the picture goes at once."""
    with events.writing():
        row = _locked(wish)
        if row.state == State.WAITING:
            _answer(row, State.WITHDRAWN, actor)
            _record("parking.car_withdrawn", row, actor)
            sealed.removed(CarWish.objects.filter(pk=row.pk))
    return row


def approve_car(wish: CarWish, *, actor: User | None = None) -> CarWish:
    """Register the car for the home and the person who asked, who is told.

    Raises ValidationError where another home registered the plate meanwhile, or who asked has
    moved out. A second time changes nothing.
    """
    with events.writing():
        row = _locked(wish)
        if row.state == State.APPROVED:
            return row
        _check_waits(row)
        if row.person is None or row.unit_id not in {u.pk for u in visiting.homes_of(row.person)}:
            raise ValidationError(rules.FAULTS["asked_by_nobody"], "asked_by_nobody")
        row.vehicle = register_vehicle(
            compound=row.compound, plate=row.plate, kind=row.kind, colour=row.colour,
            unit=row.unit, owner=row.person, actor=actor,
        )  # fmt: skip
        _share_places(row, actor)
        _answer(row, State.APPROVED, actor)
        _record("parking.car_approved", row, actor, vehicle=row.vehicle.pk)
        telling.tell_person(row.person, row, "parking.car_approved")
    return row


def _share_places(row: CarWish, actor: User | None) -> None:
    """A home that holds places shares them with its new car, while more cars were agreed on."""
    pool = Pool.objects.filter(unit=row.unit_id, ended_at=None).first()
    if pool is None or row.vehicle is None:
        return
    cars = list(Vehicle.objects.registered().filter(pool=pool))
    if len(cars) < pool.most_cars:
        change_pool(
            pool, places=pool.places, most_cars=pool.most_cars, when_taken=pool.when_taken,
            cars=[*cars, row.vehicle], actor=actor,
        )  # fmt: skip


def refuse_car(wish: CarWish, *, reason: str, actor: User | None = None) -> CarWish:
    """Say why not; the person reads it. A second time changes nothing."""
    reason = rules.clean_text("reason", reason, 120)
    if not reason:
        raise rules.fault("reason", "reason_missing")
    with events.writing():
        row = _locked(wish)
        if row.state == State.REFUSED:
            return row
        _check_waits(row)
        row.reason = reason
        _answer(row, State.REFUSED, actor)
        _record("parking.car_refused", row, actor)
        telling.tell_person(row.person, row, "parking.car_refused")
    return row


def _check_waits(row: CarWish) -> None:
    if row.state != State.WAITING:
        text = _("This was answered already. Open the list again.")
        raise ValidationError(text, "answered_already")


def _answer(row: CarWish, state: str, actor: User | None) -> None:
    row.state, row.answered_at, row.answered_by = state, timezone.now(), actor
    row.save()


def _locked(wish: CarWish) -> CarWish:
    rows = CarWish.objects.select_for_update(of=("self",))
    found: CarWish = rows.select_related("compound", "person__user", "unit").get(pk=wish.pk)
    return found


def _record(kind: str, row: CarWish, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, wish=row.pk, **facts)
