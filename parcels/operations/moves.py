"""What every verb of a parcel does: hold its row, move it, write its trail and the ledger."""

from __future__ import annotations

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parcels.models import ENDED, Parcel, ParcelStep, ProxyCode

State = Parcel.State
_WAYBILL = re.compile(r"[0-9A-Z]{6,40}")


def fault(column: str, code: str, text: Any) -> ValidationError:
    return ValidationError({column: ValidationError(text, code)})


def clean_waybill(text: str) -> str:
    """Upper case without blanks and hyphens, 6 to 40 letters and digits. Raises ValidationError."""
    plain = re.sub(r"[\s-]+", "", str(text or "")[:80]).upper()
    if not _WAYBILL.fullmatch(plain):
        raise fault("waybill", "waybill_invalid", _("Scan the waybill, or type its number."))
    return plain


def locked(parcel: Parcel | int) -> Parcel:
    """The parcel as it stands, held until the transaction ends."""
    key = parcel if isinstance(parcel, int) else parcel.pk
    rows = Parcel.objects.select_for_update(of=("self",))
    row: Parcel = rows.select_related("compartment__bank__device", "command").get(pk=key)
    return row


def move(
    parcel: Parcel, state: str, what: str, actor: User | None, *, shelf: Any = None, **changes: Any
) -> None:
    """Bring a held parcel into another state, with its trail and one line in the ledger.

    It leaves its compartment unless the new state is one of those in a locker; ended, its codes
    are gone too.
    """
    place = changes.get("compartment") or parcel.compartment
    parcel.state, parcel.moved_at = state, timezone.now()
    for name, value in changes.items():
        setattr(parcel, name, value)
    if state in ENDED or state == State.DESK:
        parcel.compartment = None
        forget_codes(parcel)
    parcel.shelf = shelf
    if state in ENDED:
        parcel.ended_at, parcel.doubt = parcel.moved_at, Parcel.Doubt.NONE
        parcel.rung = Parcel.Rung.NONE
    parcel.save()
    trace(parcel, what, actor, place)


def trace(parcel: Parcel, what: str, actor: User | None, place: Any = None) -> None:
    """One step in the trail and one line in the ledger, ``parcels.<what>``."""
    ParcelStep.objects.create(
        compound_id=parcel.compound_id, parcel=parcel, compartment=place, what=what,
        at=timezone.now(), user=actor,
    )  # fmt: skip
    facts = {"compartment": place.pk, "bank": place.bank_id} if place is not None else {}
    events.record(
        f"parcels.{what}", compound=parcel.compound_id, actor=actor, parcel=parcel.pk, **facts
    )


def forget_codes(parcel: Parcel) -> None:
    """Nothing opens for this parcel any more."""
    parcel.code = parcel.code_index = parcel.secret = parcel.secret_digest = ""
    if parcel.pk:
        open_ones = ProxyCode.objects.filter(parcel=parcel, ended_at=None)
        open_ones.update(ended_at=timezone.now())
