"""Every change of locker banks, shelves and the rule: one verb, one line in the ledger."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, Device, User
from parcels.models import Compartment, KeepingRule, LockerBank, Shelf
from parcels.operations.codes import digest

#: A bank of more compartments than any cabinet has is a slip of the keyboard.
MOST = 200


def add_bank(
    *,
    compound: Compound,
    name: str,
    sizes: Mapping[str, int],
    place: str = "",
    device: Device | None = None,
    actor: User | None = None,
    **looks: Any,
) -> LockerBank:
    """Add a bank with its compartments, numbered from 1, ``sizes`` saying how many of each size.

    ``looks``: how the cabinet is drawn (rows, small_cm, medium_cm, large_cm), and what phones open
    with (phone_proof).
    Raises ValidationError for a name in use, too many compartments, or a device that is no locker
    bank of this compound.
    """
    numbered = [size for size in Compartment.Size.values for _one in range(sizes.get(size, 0))]
    if not 1 <= len(numbered) <= MOST:
        raise ValidationError({"small": _("Give between 1 and 200 compartments in all.")})
    bank = LockerBank(compound=compound, name=name, place=place, device=device, **looks)
    with events.writing():
        _save(bank)
        Compartment.objects.bulk_create(
            Compartment(bank=bank, number=number, size=size)
            for number, size in enumerate(numbered, start=1)
        )
        _record("parcels.bank_added", bank, actor, compartments=len(numbered))
    return bank


def change_bank(bank: LockerBank, *, actor: User | None = None, **values: Any) -> LockerBank:
    """Change name, place or device; without a difference nothing is written."""
    with events.writing():
        bank = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        changed = [name for name, value in values.items() if getattr(bank, name) != value]
        if changed:
            for name in changed:
                setattr(bank, name, values[name])
            _save(bank)
            _record("parcels.bank_changed", bank, actor, fields=changed)
    return bank


def mark_compartment(
    compartment: Compartment, *, out_of_order: bool, actor: User | None = None
) -> Compartment:
    """Take a compartment out of use or back in; a second time changes nothing."""
    with events.writing():
        rows = Compartment.objects.select_for_update(of=("self",)).select_related("bank")
        compartment = rows.get(pk=compartment.pk)
        if compartment.is_faulty != out_of_order:
            compartment.is_faulty = out_of_order
            compartment.save(update_fields=["is_faulty"])
            state = "out_of_order" if out_of_order else "in_order"
            facts = {"compartment": compartment.pk}
            _record(f"parcels.compartment_{state}", compartment.bank, actor, **facts)
    return compartment


def _save(bank: LockerBank) -> None:
    device = bank.device
    if device is not None and (device.kind, device.compound_id) != (
        Device.Kind.LOCKER_BANK,
        bank.compound_id,
    ):
        raise ValidationError({"device": _("This device is no locker bank.")})
    bank.full_clean()
    bank.save()


def _record(kind: str, bank: LockerBank, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=bank.compound_id, actor=actor, bank=bank.pk, **facts)


def tablet_of(bank: LockerBank, *, renew: bool = False, actor: User | None = None) -> str:
    """The secret in the address of the tablet beside a bank; a renewed one ends the old."""
    with events.writing():
        row = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        if renew or not row.tablet:
            row.tablet = secrets.token_urlsafe(24)
            row.tablet_digest = digest(row.tablet)
            row.save(update_fields=["tablet", "tablet_digest"])
            _record("parcels.tablet_address_made", row, actor)
    found: str = row.tablet
    return found


def bank_of_tablet(secret: str) -> LockerBank | None:
    """The bank whose tablet has this address."""
    rows = LockerBank.objects.filter(tablet_digest=digest(secret)) if secret else None
    return rows.select_related("compound", "device").first() if rows is not None else None


def save_shelf(shelf: Shelf, *, actor: User | None = None) -> Shelf:
    """Write a shelf. Raises ValidationError for a name in use."""
    with events.writing():
        shelf.full_clean()
        shelf.save()
        events.record(
            "parcels.shelf_saved", compound=shelf.compound_id, actor=actor, shelf=shelf.pk
        )
    return shelf


def save_rule(rule: KeepingRule, *, actor: User | None = None) -> KeepingRule:
    """Write how long parcels are kept. Raises ValidationError."""
    with events.writing():
        rule.full_clean()
        rule.save()
        events.record("parcels.rule_saved", compound=rule.compound_id, actor=actor, rule=rule.pk)
    return rule
