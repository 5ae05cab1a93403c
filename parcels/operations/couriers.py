"""Carriers and their couriers: added, limited, ended at once, signed in by a one-time code."""

from __future__ import annotations

import secrets
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from community import events, keyring, notifications
from community.models import Compound, Medium, Role, User
from community.prepared import Prepared
from parcels.models import Carrier, Courier, CourierCode
from parcels.operations.moves import fault
from residents import operations as residents
from residents import rules

DIGITS, GUESSES = 6, 5
LIFE = timedelta(minutes=10)
#: Codes asked for by one account within an hour.
MOST_CODES = 6
#: Recipients not found within WINDOW until the account waits for WAIT.
MOST_MISSES = 15
WINDOW, WAIT = timedelta(hours=1), timedelta(minutes=30)


def save_carrier(carrier: Carrier, *, actor: User | None = None) -> Carrier:
    """Write a carrier. Raises ValidationError for a name in use."""
    carrier.name = rules.clean_name(carrier.name)
    with events.writing():
        carrier.full_clean()
        carrier.save()
        events.record(
            "parcels.carrier_saved", compound=carrier.compound_id, actor=actor, carrier=carrier.pk
        )
    return carrier


def add_courier(
    *,
    carrier: Carrier,
    name: str,
    phone: str,
    most_a_day: int = 200,
    actor: User | None = None,
) -> Courier:
    """An account with a sign-in of its own and the role of a courier, nothing else.

    Raises ValidationError for a phone that another account here has.
    """
    name, number = rules.clean_name(name), rules.clean_phone(phone)
    if not number:
        raise rules.fault("phone", "phone_missing", rules.PHONE_WANTED)
    if not 1 <= most_a_day <= 2000:
        raise fault("most_a_day", "number_unfit", _("Give a number from 1 to 2000."))
    with events.writing():
        Carrier.objects.select_for_update(of=("self",)).get(pk=carrier.pk)
        if _of_phone(carrier.compound_id, number) is not None:
            raise fault("phone", "phone_taken", _("A courier with this phone is here already."))
        user = User.objects.create_user(
            f"courier-{secrets.token_hex(6)}", password=None, name=f"{carrier.name} {name}"[:80]
        )
        Role.objects.create(
            user=user, compound_id=carrier.compound_id, role=Role.Name.COURIER,
            carrier=carrier.name,
        )  # fmt: skip
        row: Courier = Courier.objects.create(
            compound_id=carrier.compound_id, carrier=carrier, user=user, name=name, phone=number,
            phone_index=keyring.blind_index(number, carrier.compound_id, "courier_phone"),
            most_a_day=most_a_day,
        )  # fmt: skip
        _record("parcels.courier_added", row, actor)
    return row


def change_courier(
    courier: Courier, *, name: str, most_a_day: int, actor: User | None = None
) -> Courier:
    """Name and daily number. Raises ValidationError."""
    name = rules.clean_name(name)
    if not 1 <= most_a_day <= 2000:
        raise fault("most_a_day", "number_unfit", _("Give a number from 1 to 2000."))
    with events.writing():
        row: Courier = Courier.objects.select_for_update(of=("self",)).get(pk=courier.pk)
        if (row.name, row.most_a_day) != (name, most_a_day):
            row.name, row.most_a_day = name, most_a_day
            row.save(update_fields=["name", "most_a_day"])
            _record("parcels.courier_changed", row, actor)
    return row


def end_courier(courier: Courier, *, actor: User | None = None) -> Courier:
    """Close an account at once, as when its phone was stolen: no session of it counts any more."""
    with events.writing():
        rows = Courier.objects.select_for_update(of=("self",)).select_related("user")
        row: Courier = rows.get(pk=courier.pk)
        if row.ended_at is None:
            row.ended_at = timezone.now()
            row.save(update_fields=["ended_at"])
            row.user.is_active = False
            row.user.save(update_fields=["is_active"])
            held = Role.objects.filter(user=row.user, role=Role.Name.COURIER, ended_at=None)
            held.update(ended_at=row.ended_at)
            CourierCode.objects.filter(courier=row, used_at=None).update(expires_at=row.ended_at)
            residents.end_passes_of(row.user, row.compound_id, actor=actor)
            _record("parcels.courier_ended", row, actor)
    return row


_open_account = Prepared(
    lambda user, compound: Courier.objects.filter(user=user, compound=compound, ended_at=None)
    .select_related("carrier", "compound").order_by(),
    user=int, compound=int,
)  # fmt: skip


def courier_of(user: User, compound: Compound | int) -> Courier | None:
    """The account that this sign-in has in a compound, if it is open."""
    key = compound if isinstance(compound, int) else compound.pk
    found: Courier | None = _open_account.first(user=user.pk, compound=key)
    return found


def _of_phone(compound_id: int, number: str) -> Courier | None:
    same = keyring.blind_indexes(number, compound_id, "courier_phone")
    rows = Courier.objects.filter(compound_id=compound_id, phone_index__in=same, ended_at=None)
    found: Courier | None = rows.select_related("compound").first()
    return found


def make_code(courier: Courier, *, sent: bool = False, actor: User | None = None) -> str:
    """A one-time code for ten minutes; ``sent``: to the phone on file, else shown at the desk.

    Raises ValidationError for an account that asks too often or has ended.
    """
    now, code = timezone.now(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with events.writing():
        row: Courier = Courier.objects.select_for_update(of=("self",)).get(pk=courier.pk)
        if row.ended_at is not None:
            raise fault("phone", "courier_ended", _("This account is closed. Ask the desk."))
        made = CourierCode.objects.filter(courier=row, made_at__gt=now - timedelta(hours=1))
        if made.count() >= MOST_CODES:
            raise fault("phone", "too_often", _("Too many codes were asked for. Wait an hour."))
        ticket = CourierCode.objects.create(
            compound_id=row.compound_id, courier=row, made_at=now, expires_at=now + LIFE,
            digest=_digest(row, code),
        )  # fmt: skip
        _record("parcels.courier_code_made", row, actor)
        if sent:
            notifications.tell(
                row.phone, "parcels.courier_code", compound=row.compound,
                key=f"courier-code:{ticket.pk}", private={"code": code}, via=Medium.SMS,
                expires_at=ticket.expires_at,
            )  # fmt: skip
    return code


def send_code(compound: Compound, phone: str) -> None:
    """Send a code to a number, if it is a courier's here; says nothing of whether it is."""
    number = rules.clean_phone(phone)
    if not number:
        raise rules.fault("phone", "phone_missing", rules.PHONE_WANTED)
    courier = _of_phone(compound.pk, number)
    if courier is not None:
        with suppress(ValidationError):  # who asks too often learns nothing of it
            make_code(courier, sent=True)


def _digest(courier: Courier, code: str) -> str:
    return keyring.blind_index(f"{courier.pk}:{code}", courier.compound_id, "courier_code")


def sign_in(compound: Compound, phone: str, code: str) -> User | None:
    """Whom phone and code sign in; the code is used up. None where they do not fit.

    Raises ValidationError for what is no number.
    """
    number = rules.clean_phone(phone)
    courier = _of_phone(compound.pk, number) if number else None
    if courier is None:
        return None
    now = timezone.now()
    with events.writing():
        rows = CourierCode.objects.select_for_update(of=("self",)).filter(
            courier=courier, used_at=None, expires_at__gt=now, tries__lt=GUESSES
        )
        # One made at the desk counts beside one that was sent.
        open_ones = list(rows.order_by("-pk")[:MOST_CODES])
        given = _digest(courier, "".join(code.split())[:12])
        fitting = [one for one in open_ones if constant_time_compare(one.digest, given)]
        if not fitting:
            for one in open_ones[:1]:
                one.tries += 1
                one.save(update_fields=["tries"])
            return None
        ticket = fitting[0]
        ticket.used_at = now
        ticket.save(update_fields=["used_at"])
        _record("parcels.courier_signed_in", courier, courier.user)
    return courier.user


def check_searching(courier: Courier, now: datetime) -> None:
    """Raises ValidationError while the account waits after too many recipients not found."""
    if courier.locked_until and courier.locked_until > now:
        minutes = max(1, round((courier.locked_until - now).total_seconds() / 60))
        text = _("Too many recipients were not found. Wait %(minutes)s minutes, or ask the desk.")
        raise fault("recipient", "searching_locked", text % {"minutes": minutes})


def count_miss(courier: Courier, now: datetime) -> None:
    """Note a recipient that was not found: who tries numbers has to wait, and the desk knows."""
    with events.writing():
        row: Courier = Courier.objects.select_for_update(of=("self",)).get(pk=courier.pk)
        if row.misses_since is None or now - row.misses_since > WINDOW:
            row.misses, row.misses_since = 0, now
        row.misses += 1
        if row.misses >= MOST_MISSES:
            row.locked_until, row.misses, row.misses_since = now + WAIT, 0, None
            _record("parcels.courier_locked", row, None)
        row.save(update_fields=["misses", "misses_since", "locked_until"])


def _record(kind: str, row: Courier, actor: User | None) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, courier=row.pk)
