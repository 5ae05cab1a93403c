"""What every verb of a parcel does: hold its row, move it, write its trail and the ledger."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, prepared_writes
from community.models import Command, User
from community.prepared import Prepared
from parcels.models import ENDED, Compartment, Parcel, ParcelStep, ProxyCode

State = Parcel.State
#: What opens for a parcel, by column.
CODES = ("code", "code_index", "secret", "secret_digest")
_WAYBILL = re.compile(r"[0-9A-Z]{6,40}")


def fault(column: str, code: str, text: Any) -> ValidationError:
    return ValidationError({column: ValidationError(text, code)})


def clean_waybill(text: str) -> str:
    """Upper case without blanks and hyphens, 6 to 40 letters and digits. Raises ValidationError."""
    plain = re.sub(r"[\s-]+", "", str(text or "")[:80]).upper()
    if not _WAYBILL.fullmatch(plain):
        raise fault("waybill", "waybill_invalid", _("Scan the waybill, or type its number."))
    return plain


@cache
def _held(*reach: str) -> Prepared:
    rows = Parcel.objects.select_for_update(of=("self",)).select_related("command", *reach)
    return Prepared(lambda parcel: rows.filter(pk=parcel), parcel=int)


def locked(parcel: Parcel | int, *reach: str) -> Parcel:
    """The parcel as it stands, held until the transaction ends, with its order and compartment.

    ``reach``: how far it is read; without a word as far as the bank's device.
    """
    key = parcel if isinstance(parcel, int) else parcel.pk
    row: Parcel | None = _held(*reach or ("compartment__bank__device",)).first(parcel=key)
    if row is None:
        raise Parcel.DoesNotExist
    return row


#: Every page that waits for its door asks this each second.
with_its_door: Prepared[Parcel] = Prepared(
    lambda parcel: Parcel.objects.select_related("compartment__bank__device", "command").filter(
        pk=parcel
    ),
    parcel=int,
)


#: The door of an order that was carried is seen open for the first time.
first_seen = prepared_writes.Update(
    lambda parcel, command: (
        Parcel.objects.filter(
            pk=parcel, state__in=(State.OPENING, State.TAKING), seen_open=False, command=command,
            command__state__in=(Command.State.DONE, Command.State.UNKNOWN),
        ),
        {"seen_open": True},
    ),
    parcel=int, command=int,
)  # fmt: skip
noted_order = prepared_writes.Update(
    lambda place, now: (Compartment.objects.filter(pk=place), {"ordered_at": now}),
    place=int, now=datetime,
)  # fmt: skip


def move(
    parcel: Parcel, state: str, what: str, actor: User | None, *, shelf: Any = None, **changes: Any
) -> ParcelStep:
    """Bring a held parcel into another state, with its trail and one line in the ledger.

    It leaves its compartment unless the new state is one of those in a locker; ended, its codes
    are gone too. Only what changes is written, or SQLite writes every index anew.
    """
    place = changes.get("compartment") or parcel.compartment
    changes |= {"state": state, "moved_at": timezone.now()}
    if state in ENDED or state == State.DESK:
        changes |= {"compartment": None, **_without_codes(parcel)}
    if parcel.shelf_id != getattr(shelf, "pk", None):
        changes["shelf"] = shelf
    if state in ENDED:
        changes |= {"ended_at": changes["moved_at"], "doubt": Parcel.Doubt.NONE}
        changes["rung"] = Parcel.Rung.NONE
    for name, value in changes.items():
        setattr(parcel, name, value)
    if parcel.pk:
        prepared_writes.save(parcel, changes)
    else:
        prepared_writes.insert(parcel)
    return trace(parcel, what, actor, place)


def trace(parcel: Parcel, what: str, actor: User | None, place: Any = None) -> ParcelStep:
    """One step in the trail and one line in the ledger, ``parcels.<what>``."""
    step = ParcelStep(
        compound_id=parcel.compound_id, parcel=parcel, compartment=place, what=what,
        at=timezone.now(), user=actor,
    )  # fmt: skip
    prepared_writes.insert(step)
    facts = {"compartment": place.pk, "bank": place.bank_id} if place is not None else {}
    events.record(
        f"parcels.{what}", compound=parcel.compound_id, actor=actor, parcel=parcel.pk, **facts
    )
    return step


def _without_codes(parcel: Parcel) -> dict[str, str]:
    """Nothing opens for this parcel any more; only what had a code can have had a proxy's."""
    if parcel.pk and parcel.code:
        open_ones = ProxyCode.objects.filter(parcel=parcel, ended_at=None)
        open_ones.update(ended_at=timezone.now())
    return dict.fromkeys(CODES, "")
