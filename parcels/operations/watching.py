"""Banks watched between openings: doors that stand open, and whether a bank answers at all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events
from community.devices import operations as devices
from community.devices.base import BarrierState, DeviceFault, Health
from community.devices.registry import driver_for
from community.models import Device
from parcels.models import Compartment, LockerBank
from parcels.operations.doors import read_doors

#: A door may stand open so long after an order before somebody should look.
STANDS = timedelta(minutes=3)
Alarm = Compartment.Alarm


def watch_banks(now: datetime | None = None) -> int:
    """Ask every bank in use how it and its doors are; the number of doors whose state is news."""
    rows = LockerBank.objects.filter(device__is_active=True).select_related("device")
    return sum(watch(bank, now) for bank in rows.order_by("pk"))


def watch(bank: LockerBank, now: datetime | None = None) -> int:
    """One bank: its health, then its doors. Talks to the device outside any transaction."""
    if bank.device is None:
        return 0
    health = _health(bank.device)
    devices.record_health(bank.device.pk, health)
    if health.state == "offline":
        return 0
    numbers = list(bank.compartments.values_list("number", flat=True))
    return note_doors(bank, read_doors(bank, numbers), now or timezone.now())


def _health(device: Device) -> Health:
    try:
        return driver_for(device).health()
    except DeviceFault as fault:
        return Health("faulty", fault.code)


def note_doors(bank: LockerBank, doors: dict[int, BarrierState], now: datetime) -> int:
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
