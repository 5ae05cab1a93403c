"""A parcel is taken out of its locker: by its recipient, with a code, or by whom they named."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from community.prepared import Prepared
from parcels.models import LockerBank, Parcel, ProxyCode
from parcels.operations import codes, doors
from parcels.operations.moves import State, fault, locked, move, trace


def take(parcel: Parcel, *, what: str = "opened_to_take", actor: User | None = None) -> Parcel:
    """Open for whoever may fetch it; while it is being taken out, the same again changes nothing.

    Raises ValidationError for a parcel in no locker, one that the desk is just taking out, or a
    bank that does not answer.
    """
    with events.writing():
        row = locked(parcel)
        if row.state == State.TAKING:
            return row
        if row.state != State.STORED or row.compartment is None:
            raise fault("parcel", "not_in_locker", codes.NOT_IN_LOCKER)
        doors.check_bank(row.compartment.bank, is_fetched=True)
        if doors.desk_is_at(row):
            text = _("The desk has just opened this compartment. Please wait a moment, or ask.")
            raise fault("parcel", "desk_there", text)
        move(row, State.TAKING, what, actor, **doors.order_open(row.compartment, actor))
    return row


def take_again(parcel: Parcel, *, actor: User | None = None) -> Parcel:
    """The door did not open, or fell shut too early: opened once more while it is being taken."""
    with events.writing():
        row = locked(parcel)
        if row.state != State.TAKING or row.compartment is None:
            raise fault("parcel", "not_in_locker", codes.NOT_IN_LOCKER)
        doors.check_bank(row.compartment.bank, is_fetched=True)
        doors.open_once_more(row, row.compartment, "opened_to_take", actor)
    return row


def take_by_code(bank: LockerBank, text: str, *, actor: User | None = None) -> Parcel:
    """Open what a code or QR opens at this bank. A proxy's code is used up by it.

    Raises codes.WrongCode (counted at the bank, over all who stand there), ValidationError.
    """
    now = timezone.now()
    refused: codes.WrongCode | None = None
    with events.writing():
        held = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        codes.check_lock(held, now)
        parcel, proxy = codes.find(held, text, now)
        if parcel is None:
            refused = codes.count_wrong(held, now)
        else:
            row = _open(parcel, proxy, actor)
            LockerBank.objects.filter(pk=held.pk).update(wrong=0, wrong_since=None)
    if refused is not None:
        raise refused
    return row


def _open(parcel: Parcel, proxy: ProxyCode | None, actor: User | None) -> Parcel:
    if proxy is None:
        return take(parcel, what="opened_by_code", actor=actor)
    row = take(parcel, what="opened_by_proxy", actor=actor)
    proxy.used_at = proxy.ended_at = timezone.now()
    proxy.save(update_fields=["used_at", "ended_at"])
    # Whoever stood beside the proxy knows nothing that opens again.
    given = codes.fresh_codes(row.compound_id) | {"by_proxy": True}
    for name, value in given.items():
        setattr(row, name, value)
    row.save(update_fields=given.keys())
    return row


_stored = Prepared(
    lambda person, but: Parcel.objects.live().filter(person=person, state=State.STORED)
    .exclude(pk=but).select_related("compartment").order_by()[:200],
    person=int, but=int,
)  # fmt: skip


def others_here(parcel: Parcel, bank: LockerBank) -> list[Parcel]:
    """What else waits for the same person in this bank, for one visit."""
    if parcel.person_id is None:
        return []
    # Chosen among the few that are here, without an order that another index would give.
    rows = _stored(person=parcel.person_id, but=parcel.pk)
    found = [row for row in rows if row.compartment and row.compartment.bank_id == bank.pk]
    return sorted(found, key=lambda row: row.pk)[:20]


def prolong(parcel: Parcel, *, actor: User | None = None) -> Parcel:
    """One day more, once, without a fee. Raises ValidationError."""
    from datetime import timedelta

    with events.writing():
        row = locked(parcel)
        if row.state != State.STORED or row.keep_until is None:
            raise fault("parcel", "not_in_locker", codes.NOT_IN_LOCKER)
        if row.prolonged:
            text = _("It was kept longer once already. The desk keeps it for you afterwards.")
            raise fault("parcel", "prolonged_already", text)
        row.prolonged = True
        row.keep_until = max(row.keep_until, timezone.now()) + timedelta(days=1)
        row.rung = Parcel.Rung.NONE
        row.save(update_fields=["prolonged", "keep_until", "rung"])
        trace(row, "prolonged", actor, row.compartment)
    return row
