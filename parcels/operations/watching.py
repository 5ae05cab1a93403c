"""Banks watched between openings: doors that stand open, and whether a bank answers at all."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from community import events
from community.devices import operations as devices
from community.devices.base import BarrierState, DeviceFault, Health
from community.devices.registry import driver_for
from community.devices.rounds import ask_all
from community.models import Device
from parcels.models import Compartment, LockerBank, Parcel
from parcels.operations.doors import resolve_left, take_door

#: A door may stand open so long after an order before somebody should look.
STANDS = timedelta(minutes=3)
#: Longer than any driver takes for all its doors; who takes longer hangs.
ROUND_S = 14.0
#: From so many doors on, four in five that read open say something of the bank, not of a door.
MANY = 4
#: Rounds in this process's own threads; devices are numbered from 1.
WATCH, RESOLVE = -1, -2
Alarm = Compartment.Alarm
Doors = dict[int, BarrierState]
Told = tuple[Health, Doors]

_round = threading.Lock()


def watch_soon() -> bool:
    """Ask the banks in the background, so that no other work of the clock waits for a dead one.

    False while the last round is still under way.
    """
    return _soon(_round, WATCH, watch_banks)


_resolving = threading.Lock()


def resolve_soon() -> bool:
    """Settle what was left, in the background; False while that is under way."""
    return _soon(_resolving, RESOLVE, resolve_left)


def _soon(guard: threading.Lock, key: int, work: Callable[[], object]) -> bool:
    if not guard.acquire(blocking=False):
        return False

    def run() -> None:
        try:
            work()
        finally:
            guard.release()

    devices.hand_over(key, run)
    return True


def watch_banks(now: datetime | None = None) -> int:
    """Ask every bank in use how it and its doors are; the number of doors whose state is news.

    All are asked side by side, outside any transaction; one that hangs counts as offline.
    """
    rows = LockerBank.objects.filter(device__is_active=True).select_related("device")
    return _watch(rows.prefetch_related("compartments").order_by("pk"), now)


def watch(bank: LockerBank, now: datetime | None = None) -> int:
    """One bank, at somebody's wish: its health, then its doors."""
    return _watch([bank], now, "bank-now")


def _watch(rows: Iterable[LockerBank], now: datetime | None, name: str = "bank") -> int:
    banks: dict[int, tuple[LockerBank, Device]] = {
        bank.pk: (bank, bank.device) for bank in rows if bank.device is not None
    }
    news, begun = 0, _begun(list(banks))
    questions = {pk: _question(bank, device) for pk, (bank, device) in banks.items()}
    for pk, told in ask_all(name, questions, ROUND_S):
        bank, device = banks[pk]
        health, doors = told or (Health("offline", "no_answer"), {})
        moment = now or timezone.now()
        standing = _standing(bank, doors, moment)
        if standing.are_many:
            health = Health("faulty", "all_open")
        with suppress(Device.DoesNotExist):  # taken away while it was asked
            devices.record_health(device.pk, health)
            note_bank(bank, standing, moment)
            if standing.are_many:
                doors = {}  # one alert tells of them all
            news += note_doors(bank, doors, moment)
            for parcel in begun.get(pk, ()):
                take_door(parcel, doors.get(parcel.compartment.number, BarrierState.UNKNOWN))
    return news


@dataclass(frozen=True)
class Standing:
    """How many doors of a bank stand open unordered, of how many that say how they are."""

    open: int
    known: int

    @property
    def are_many(self) -> bool:
        """Nearly all at once: the power failed, somebody broke in, or the feedback is reversed."""
        return self.known >= MANY and self.open * 5 >= self.known * 4


def _standing(bank: LockerBank, doors: Doors, now: datetime) -> Standing:
    ordered = {
        place.number
        for place in bank.compartments.all()
        if place.ordered_at is not None and now - place.ordered_at <= STANDS
    }
    known = [
        door
        for number, door in doors.items()
        if door is not BarrierState.UNKNOWN and number not in ordered
    ]
    return Standing(known.count(BarrierState.OPEN), len(known))


def note_bank(bank: LockerBank, standing: Standing, now: datetime) -> bool:
    """Tell once that nearly all doors of a bank stand open, and once that they no longer do.

    A bank that says nothing of its doors leaves it as it is. Whether it was news.
    """
    if not standing.known or standing.are_many == (bank.all_open_since is not None):
        return False
    with events.writing():
        row = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        if standing.are_many == (row.all_open_since is not None):
            return False
        row.all_open_since = now if standing.are_many else None
        row.save(update_fields=["all_open_since"])
        events.record(
            "parcels.bank_all_open" if standing.are_many else "parcels.bank_shut",
            compound=row.compound_id, bank=row.pk, device=row.device_id,
            open=standing.open, doors=standing.known,
        )  # fmt: skip
    return True


def _begun(banks: list[int]) -> dict[int, list[Any]]:
    """Parcels being put in or taken out, by bank: a round may be all that sees their doors.

    Only those whose order was sent before this moment: a door read now cannot tell of a later one.
    """
    rows = Parcel.objects.filter(
        state__in=[Parcel.State.OPENING, Parcel.State.TAKING],
        compartment__bank__in=banks,
        command__sent_at__lte=timezone.now(),
    )
    found: dict[int, list[Any]] = {}
    for row in rows.select_related("compartment").order_by("pk"):
        if row.compartment is not None:
            found.setdefault(row.compartment.bank_id, []).append(row)
    return found


def _question(bank: LockerBank, device: Device) -> Callable[[], Told]:
    """What to ask a bank, made here: the threads that ask never touch the database."""
    numbers = [place.number for place in bank.compartments.all()]
    try:
        driver: Any = driver_for(device)
    except DeviceFault as fault:
        health = Health("faulty", fault.code)
        return lambda: (health, {})
    return partial(_ask, driver, numbers)


def _ask(driver: Any, numbers: list[int]) -> Told:
    health: Health = driver.health()
    if health.state == "offline" or not hasattr(driver, "doors"):
        return health, {}
    return health, driver.doors(numbers)


def note_doors(bank: LockerBank, doors: Doors, now: datetime) -> int:
    """Write what is news of a bank's doors; the number of compartments that it is news of."""
    news = 0
    for place in bank.compartments.all():
        door = doors.get(place.number, BarrierState.UNKNOWN)
        if door is BarrierState.UNKNOWN or _as_known(place, door, now):
            continue
        with events.writing():
            rows = Compartment.objects.select_for_update(of=("self",)).select_related("bank")
            news += _note(rows.get(pk=place.pk), door, now)
    return news


def _as_known(place: Compartment, door: BarrierState, now: datetime) -> bool:
    if door is BarrierState.CLOSED:
        return place.open_since is None and not place.alarm
    return place.open_since is not None and _alarm(place, place.open_since, now) == place.alarm


def _alarm(place: Compartment, open_since: datetime, now: datetime) -> str:
    ordered = place.ordered_at
    if ordered is None or open_since - ordered > STANDS:
        return Alarm.FORCED
    return Alarm.LEFT_OPEN if now - open_since > STANDS else Alarm.NONE


def _note(place: Compartment, door: BarrierState, now: datetime) -> bool:
    before = place.alarm
    if door is BarrierState.CLOSED:
        place.open_since, place.alarm = None, Alarm.NONE
    else:
        place.open_since = place.open_since or now
        # What was forced stays forced until it is shut.
        place.alarm = before or _alarm(place, place.open_since, now)
    place.save(update_fields=["open_since", "alarm"])
    if place.alarm != before:
        facts: dict[str, Any] = {"compartment": place.pk, "bank": place.bank_id}
        kind = f"parcels.compartment_{place.alarm or 'shut'}"
        events.record(kind, compound=place.bank.compound_id, device=place.bank.device_id, **facts)
    return True
