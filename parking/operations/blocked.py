"""A car in somebody's way: its owner is told first, then a guard. Neither learns the other's name.

Whether a plate is registered here is not told to who reports it: the answer is the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from community import events
from community.models import User
from parking.models import BlockedCar, Vehicle
from parking.operations import rules, sealed, telling
from residents.models import Person
from residents.operations import sealing

State = BlockedCar.State
#: After so long without an answer, or after the minutes that the owner gave, a guard goes there.
PATIENCE = timedelta(minutes=10)
#: What one person may report in a day; and how often an owner is told of the same car.
MOST_A_DAY, TOLD_AGAIN = 5, timedelta(minutes=30)
ANSWERS = (5, 10, 20)
#: A report that nobody settled is no longer one.
FORGOTTEN = timedelta(hours=24)


def report_blocked(
    person: Person, *, plate: str, place: str, picture: bytes = b"", actor: User | None = None
) -> BlockedCar:
    """Say that a car is in the way. The same car again, while it is, is the same report.

    Raises ValidationError that names each field, also for one's own car or too many in a day.
    """
    plate = rules.clean_plate(plate)
    place = rules.clean_text("place", place, 60)
    if not place:
        raise rules.fault("place", "place_missing")
    with sealed.taken(person.compound_id, picture) as kept, events.writing():
        Person.objects.select_for_update().get(pk=person.pk)
        mine = BlockedCar.objects.filter(person=person)
        again: BlockedCar | None = mine.open().filter(plate=plate).first()
        if again is not None:
            sealing.drop_all([kept.get("file", "")])
            return again
        now = timezone.now()
        if mine.filter(reported_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
            raise rules.fault("plate", "too_many_today")
        return _report(person, plate, {"place": place, "reported_at": now, **kept}, actor)


def _report(person: Person, plate: str, values: dict[str, Any], actor: User | None) -> BlockedCar:
    cars = Vehicle.objects.of(person.compound_id).registered().filter(plate=plate)
    car = cars.select_related("owner__user").first()
    if car is not None and car.owner_id == person.pk:
        raise rules.fault("plate", "own_car")
    row: BlockedCar = BlockedCar.objects.create(
        compound=person.compound, person=person, plate=plate, vehicle=car, **values
    )
    _record("parking.car_blocked", row, actor)
    if car is None or car.owner is None:
        _to_guard(row)
    elif not _told_lately(row):
        telling.tell_person(car.owner, row, "parking.blocks_somebody")
    return row


def _told_lately(row: BlockedCar) -> bool:
    """Several may report the same car: its owner is told once."""
    others = BlockedCar.objects.filter(vehicle=row.vehicle_id).exclude(pk=row.pk)
    return bool(others.filter(reported_at__gt=row.reported_at - TOLD_AGAIN).exists())


def answer_blocked(row: BlockedCar, *, minutes: int, actor: User | None = None) -> BlockedCar:
    """The owner says in how many minutes the car is gone; who reported it is told."""
    if minutes not in ANSWERS:
        raise rules.fault("minutes", "minutes_unknown")
    with events.writing():
        row = _locked(row)
        if row.ended_at is not None:
            raise ValidationError(rules.FAULTS["blocked_over"], "blocked_over")
        if row.minutes == minutes and row.state == State.COMING:
            return row
        row.state, row.minutes, row.answered_at = State.COMING, minutes, timezone.now()
        row.save()
        _record("parking.blocked_answered", row, actor, minutes=minutes)
        again = f"{row.answered_at:%d%H%M%S}"
        telling.tell_person(row.person, row, "parking.blocked_answered", again=again)
    return row


def end_blocked(row: BlockedCar, *, actor: User | None = None) -> BlockedCar:
    """It is out of the way: said by who reported it, by its owner or by a guard; once."""
    with events.writing():
        row = _locked(row)
        if row.ended_at is None:
            row.state, row.ended_at = State.OVER, timezone.now()
            row.save()
            _record("parking.blocked_over", row, actor)
    return row


def chase_blocked(now: datetime | None = None) -> int:
    """Give to the guard what nobody answered, and drop what nobody settled; how many changed."""
    now = now or timezone.now()
    rows = BlockedCar.objects.open()
    unheard = rows.filter(state=State.TOLD, reported_at__lte=now - PATIENCE)
    coming = rows.filter(state=State.COMING, answered_at__lte=now - PATIENCE)
    late = [
        row.pk
        for row in coming.only("pk", "answered_at", "minutes")
        if (row.answered_at or now) + timedelta(minutes=row.minutes or 0) <= now - PATIENCE / 2
    ]
    due = sorted({*unheard.values_list("pk", flat=True), *late})
    for pk in due:
        with events.writing():
            row = _locked(BlockedCar(pk=pk))
            if row.state in (State.TOLD, State.COMING):
                _to_guard(row)
    old = list(rows.filter(reported_at__lte=now - FORGOTTEN))
    for row in old:
        end_blocked(row)
    return len(due) + len(old)


def _to_guard(row: BlockedCar) -> None:
    row.state, row.guard_at = State.GUARD, timezone.now()
    row.save()
    _record("parking.blocked_to_guard", row, None)
    telling.tell_person(row.person, row, "parking.blocked_to_guard")


def _locked(row: BlockedCar) -> BlockedCar:
    rows = BlockedCar.objects.select_for_update(of=("self",))
    found: BlockedCar = rows.select_related("compound", "person__user", "vehicle").get(pk=row.pk)
    return found


def _record(kind: str, row: BlockedCar, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, blocked=row.pk, **facts)
