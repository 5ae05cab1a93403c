"""A bank is connected to its hardware, its compartments are mapped, and one is opened as a test."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.devices import operations as devices
from community.devices.base import DeviceFault
from community.devices.registry import driver_for
from community.devices.sentences import sentence
from community.models import Command, Device, User
from community.operations import save_row
from parcels.models import Compartment, LockerBank, Parcel
from parcels.operations.banks import MOST
from parcels.operations.doors import ORDER_S, check_bank
from parcels.operations.moves import fault


def connect_bank(
    bank: LockerBank,
    *,
    driver: str,
    settings: dict[str, Any],
    credentials: dict[str, str] | None = None,
    actor: User | None = None,
) -> Device:
    """Give a bank its device, or change the one it has; what it was connected to is forgotten.

    Secrets belong to one address: kept where driver and settings stay, else only those given.
    Raises ValidationError for settings that the driver refuses.
    """
    with events.writing():
        rows = LockerBank.objects.select_for_update(of=("self",))
        row = rows.select_related("device").get(pk=bank.pk)
        device = row.device or Device(
            compound_id=row.compound_id, kind=Device.Kind.LOCKER_BANK, name=_free_name(row)
        )
        before = _shape(device)
        same = (device.driver, device.settings) == (driver, settings)
        kept: Any = device.credentials if same else {}
        device.driver, device.settings, device.is_active = driver, settings, True
        given: Any = {**kept, **(credentials or {})}
        device.credentials = given
        if before != _shape(device):
            # How the old one was says nothing of the new one.
            device.health, device.health_code = Device.Health.UNKNOWN, ""
            save_row(device, actor)
            _check_driver(device)
        if row.device_id != device.pk:
            row.device = device
            row.save(update_fields=["device"])
            events.record(
                "parcels.bank_changed", compound=row.compound_id, actor=actor, bank=row.pk,
                fields=["device"],
            )  # fmt: skip
    return device


def _free_name(bank: LockerBank) -> str:
    taken = Device.objects.filter(compound=bank.compound_id, name=bank.name).exists()
    return f"{bank.name} ({bank.pk})" if taken else bank.name


def _shape(device: Device) -> tuple[Any, ...]:
    names = ("pk", "driver", "settings", "credentials", "is_active")
    return tuple(getattr(device, name) for name in names)


def _check_driver(device: Device) -> None:
    try:
        driver_for(device)
    except DeviceFault as refusal:
        raise fault("driver", refusal.code, sentence(refusal.code)) from refusal


def save_map(
    bank: LockerBank, sizes: Mapping[int, str], *, actor: User | None = None
) -> LockerBank:
    """Which compartments there are, by number, and how large each is.

    Those that are no longer there go, unless something ever lay in them. Raises ValidationError.
    """
    if not 1 <= len(sizes) <= MOST or min(sizes) < 1:
        raise fault("small", "number", _("Give between 1 and 200 compartments in all."))
    with events.writing():
        row = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        known = {place.number: place for place in row.compartments.all()}
        gone = [place for number, place in known.items() if number not in sizes]
        kept = [place for place in known.values() if place.number in sizes]
        changed = [place for place in kept if sizes[place.number] != place.size]
        new = [number for number in sizes if number not in known]
        _take_away(gone)
        for place in changed:
            place.size = sizes[place.number]
            place.save(update_fields=["size"])
        Compartment.objects.bulk_create(
            Compartment(bank=row, number=number, size=sizes[number]) for number in sorted(new)
        )
        if gone or changed or new:
            events.record(
                "parcels.bank_changed", compound=row.compound_id, actor=actor, bank=row.pk,
                fields=["compartments"], compartments=len(sizes),
            )  # fmt: skip
    return row


def _take_away(places: list[Compartment]) -> None:
    for place in places:
        try:
            place.delete()
        except ProtectedError as error:
            text = _("Compartment %(number)s has a history. Keep it, and mark it as out of order.")
            raise fault("small", "history", text % {"number": place.number}) from error


def try_compartment(
    bank: LockerBank, number: int, *, key: str, clear: bool, actor: User | None = None
) -> Command:
    """Open one empty compartment while somebody stands there; the same key opens it once.

    Raises ValidationError: nobody said that they stand there, no such compartment, a parcel in it.
    """
    if not clear:
        raise fault("clear", "not_clear", _("Stand in front of the locker first, and say so."))
    if not key or len(key) > 40:
        raise fault("clear", "key", _("This page is out of date. Open it again."))
    check_bank(bank)
    with events.writing():
        rows = Compartment.objects.select_for_update(of=("self",)).select_related("bank__device")
        place = rows.filter(bank=bank, number=number).first()
        if place is None or place.bank.device is None:
            raise fault("number", "number", _("Choose a compartment of this bank."))
        if Parcel.objects.filter(compartment=place).exists():
            text = _("A parcel lies in this compartment. Choose an empty one.")
            raise fault("number", "taken", text)
        now = timezone.now()
        order = devices.order(
            place.bank.device,
            Command.Action.OPEN_COMPARTMENT,
            key=f"bank-test:{bank.pk}:{key}",
            expires_at=now + timedelta(seconds=ORDER_S),
            parameters={"number": number},
            requested_by=actor,
        )
        Compartment.objects.filter(pk=place.pk).update(ordered_at=now)
    return order


def trials_of(bank: LockerBank) -> Any:
    """Orders that tested a compartment of this bank."""
    return Command.objects.filter(key__startswith=f"bank-test:{bank.pk}:")
