"""Standard addresses, the code to scan, let homes and their leases."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from residents import rules
from residents.models import HomeCode, Lease, Letting, Person, StandardAddress
from residents.operations import deadlines

SALT = "residents.home"
#: A print on a wall is good for so long; the next question for it makes a fresh one.
CODE_LIFE = timedelta(days=180)
_PARTS = "code province city district street number place building entrance floor room"
ADDRESS = _PARTS.split()
NEEDED = frozenset({"province", "city", "district", "street", "building", "room"})


def set_address(unit: Unit, *, actor: User | None = None, **values: Any) -> StandardAddress:
    """The standard address of a home; ``values`` are ``ADDRESS`` and ``checked_on``.

    Raises ValidationError for a part that is missing, or a code that another home has.
    """
    given = {name: rules.clean_line(name, values[name], 60) for name in ADDRESS if name in values}
    with events.writing():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        row = StandardAddress.objects.filter(unit=unit).first() or StandardAddress(
            compound_id=unit.compound_id, unit=unit
        )
        for name, value in given.items():
            setattr(row, name, value)
        row.checked_on = values.get("checked_on", row.checked_on)
        missing = [name for name in NEEDED if not getattr(row, name)]
        if missing:
            text = _("This part of the address is missing.")
            raise ValidationError({name: ValidationError(text, "missing") for name in missing})
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as error:
            text = _("Another home has this address code already.")
            raise rules.fault("code", "address_code_taken", text) from error
        _record("residents.address_set", row, actor, unit=unit.pk)
    return row


def home_token(unit: Unit, *, actor: User | None = None) -> str:
    """What the QR code of a home carries: it opens the registration form of this home only."""
    code = HomeCode.objects.filter(unit=unit, issued_at__gt=timezone.now() - CODE_LIFE).first()
    return _token(code or renew_home_token(unit, actor=actor))


def renew_home_token(unit: Unit, *, actor: User | None = None) -> HomeCode:
    """A fresh code for a home; prints of the old one open nothing any more."""
    with events.writing():
        code, _created = HomeCode.objects.update_or_create(
            unit=unit,
            defaults={
                "compound_id": unit.compound_id,
                "nonce": secrets.token_urlsafe(12),
                "issued_at": timezone.now(),
                "issued_by": actor,
            },
        )
        _record("residents.home_code_issued", code, actor, unit=unit.pk)
    row: HomeCode = code
    return row


def _token(code: HomeCode) -> str:
    return signing.dumps([code.unit_id, code.nonce], salt=SALT, compress=True)


def home_of_token(token: str) -> Unit | None:
    """The home of a scanned code; None for a code that is none of ours, too old, or replaced."""
    try:
        unit, nonce = signing.loads(token[:200], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    fresh = HomeCode.objects.filter(issued_at__gt=timezone.now() - CODE_LIFE)
    code = fresh.select_related("unit__compound").filter(unit=unit, nonce=nonce).first()
    return code.unit if code else None


def let_home(
    unit: Unit, landlord: Person, *, started_on: date, actor: User | None = None, **values: Any
) -> Letting:
    """Say that ``landlord`` lets a home since a day; the same again changes nothing.

    ``values`` may name agent_name, agent_phone, sublet_by, vacant_since. Raises ValidationError.
    """
    if unit.compound_id != landlord.compound_id:
        raise rules.fault("unit", "other_compound", _("This home is in another compound."))
    good = _clean_letting(landlord.compound_id, values)
    with events.writing():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        letting = Letting.objects.filter(unit=unit, landlord=landlord, ended_on=None).first()
        if letting is None:
            letting = Letting.objects.create(
                compound_id=unit.compound_id,
                unit=unit,
                landlord=landlord,
                started_on=started_on,
                **good,
            )
            _record("residents.letting_started", letting, actor, letting=letting.pk, unit=unit.pk)
            deadlines.refresh_letting(letting)
    return letting


def change_letting(letting: Letting, *, actor: User | None = None, **values: Any) -> Letting:
    """Change agent, who lets on, or since when the home is empty. Raises ValidationError."""
    good = _clean_letting(letting.compound_id, values)
    with events.writing():
        letting = _locked(letting)
        changed = [name for name, value in good.items() if getattr(letting, name) != value]
        if changed:
            for name in changed:
                setattr(letting, name, good[name])
            letting.save(update_fields=changed)
            _record("residents.letting_changed", letting, actor, letting=letting.pk, fields=changed)
    return letting


def report_letting(letting: Letting, what: str, *, on: date, actor: User | None = None) -> Letting:
    """The landlord reported the ``start`` or ``end`` of the letting; kept once."""
    name = {"start": "start_reported_on", "end": "end_reported_on"}[what]
    with events.writing():
        letting = _locked(letting)
        if getattr(letting, name) is None:
            setattr(letting, name, on)
            letting.save(update_fields=[name])
            _record("residents.letting_reported", letting, actor, letting=letting.pk, what=what)
            deadlines.refresh_letting(letting)
    return letting


def end_letting(letting: Letting, *, on: date, actor: User | None = None) -> Letting:
    """The landlord lets the home no more; who still lives there keeps their way in."""
    with events.writing():
        letting = _locked(letting)
        if letting.ended_on != on:
            _check(letting.started_on, on, "ended_on")
            letting.ended_on = on
            letting.save(update_fields=["ended_on"])
            _record("residents.letting_ended", letting, actor, letting=letting.pk)
            deadlines.refresh_letting(letting)
    return letting


def add_lease(
    letting: Letting,
    *,
    starts_on: date,
    ends_on: date,
    tenant: Person | None = None,
    actor: User | None = None,
) -> Lease:
    """A lease of a let home; the home is empty no more. Raises ValidationError."""
    _check(starts_on, ends_on, "ends_on")
    if tenant is not None and tenant.compound_id != letting.compound_id:
        raise rules.fault("tenant", "other_compound", _("This person's file is elsewhere."))
    with events.writing():
        letting = _locked(letting)
        lease, created = Lease.objects.get_or_create(
            letting=letting,
            tenant=tenant,
            starts_on=starts_on,
            ends_on=ends_on,
            defaults={"compound_id": letting.compound_id},
        )
        if created:
            Letting.objects.filter(pk=letting.pk).update(vacant_since=None)
            _record("residents.lease_added", lease, actor, lease=lease.pk, letting=letting.pk)
            deadlines.refresh_lease(lease)
    return lease


def file_lease(lease: Lease, *, number: str, on: date, actor: User | None = None) -> Lease:
    """The lease was filed with the housing office. Raises ValidationError without a number."""
    number = rules.plain(number)
    if not number or len(number) > 40:
        raise rules.fault("filing_number", "filing_missing", _("Give the number of the filing."))
    with events.writing():
        lease = Lease.objects.select_for_update(of=("self",)).get(pk=lease.pk)
        if (lease.filing_number, lease.filed_on) != (number, on):
            lease.filing_number, lease.filed_on = number, on
            lease.save(update_fields=["filing_number", "filed_on"])
            _record("residents.lease_filed", lease, actor, lease=lease.pk)
            deadlines.refresh_lease(lease)
    return lease


def end_lease(lease: Lease, *, on: date, actor: User | None = None) -> Lease:
    """The lease is over in fact; without another one the home is empty from the next day."""
    with events.writing():
        lease = Lease.objects.select_for_update(of=("self",)).get(pk=lease.pk)
        if lease.ended_on != on:
            _check(lease.starts_on, on, "ended_on")
            lease.ended_on = on
            lease.save(update_fields=["ended_on"])
            if not Lease.objects.filter(letting=lease.letting_id, ended_on=None).exists():
                Letting.objects.filter(pk=lease.letting_id).update(vacant_since=on)
            _record("residents.lease_ended", lease, actor, lease=lease.pk)
            deadlines.refresh_lease(lease)
    return lease


def _clean_letting(compound_id: int, values: dict[str, Any]) -> dict[str, Any]:
    good = dict(values)
    if "agent_name" in good:
        good["agent_name"] = rules.clean_line("agent_name", good["agent_name"], 80)
    if "agent_phone" in good:
        good["agent_phone"] = rules.clean_phone(good["agent_phone"])
    other = good.get("sublet_by")
    if other is not None and other.compound_id != compound_id:
        raise rules.fault("sublet_by", "other_compound", _("This person's file is elsewhere."))
    return good


def _locked(letting: Letting) -> Letting:
    rows = Letting.objects.select_for_update(of=("self",)).select_related("compound")
    row: Letting = rows.get(pk=letting.pk)
    return row


def _check(start: date, end: date, column: str) -> None:
    if end < start:
        text = _("This day is before the first day. If unsure, give the end of the lease.")
        raise rules.fault(column, "ends_before_start", text)


def _record(kind: str, row: Any, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, **facts)
