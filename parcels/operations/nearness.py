"""Whether a phone that opens a compartment is in front of it (ADR 115).

The tablet beside a bank shows four digits and a QR code that are new every minute; a bank without a
tablet has a label. Both follow from the bank and the clock under our key: nothing is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parcels.models import LockerBank, Parcel, PhoneProof
from parcels.operations import pickups
from parcels.operations.moves import fault
from residents.operations.doors import limits

#: What is shown is new after STEP, and counts until the next one is over: one to two minutes.
STEP = timedelta(seconds=60)
#: Whoever showed that they stand there does so for this long: several parcels in one visit.
VISIT = timedelta(minutes=5)
#: Wrong digits of one person within a quarter of an hour.
MOST_WRONG = 5
_TOKEN, _TEN_THOUSAND = 16, 10_000


@dataclass(frozen=True)
class Sight:
    """What a bank shows: four digits to type, a token to scan, for so many seconds (0: lasting)."""

    code: str
    token: str
    left_s: int = 0


def proof_of(bank: LockerBank) -> str:
    """How a phone proves that it is there; a bank without a tablet can show nothing but a label."""
    if bank.phone_proof == PhoneProof.SHOWN and not bank.tablet_digest:
        return str(PhoneProof.LABEL)
    return str(bank.phone_proof)


def shown_by(bank: LockerBank, now: datetime | None = None) -> Sight | None:
    """What the tablet shows now; None for a bank whose phones prove themselves otherwise."""
    if proof_of(bank) != PhoneProof.SHOWN:
        return None
    seconds = (now or timezone.now()).timestamp()
    step = int(seconds // STEP.total_seconds())
    left = STEP.total_seconds() * (step + 1) - seconds
    return _sight(bank, _moment(bank, step), max(1, round(left)))


def label_of(bank: LockerBank) -> Sight:
    """What stands on the bank's label; the same until a new one is made."""
    return _sight(bank, f"label.{bank.label_turn}")


def new_label(bank: LockerBank, *, actor: User | None = None) -> LockerBank:
    """A new label: what stands on the old ones opens nothing any more."""
    with events.writing():
        row: LockerBank = LockerBank.objects.select_for_update(of=("self",)).get(pk=bank.pk)
        row.label_turn += 1
        row.save(update_fields=["label_turn"])
        events.record("parcels.label_made", compound=row.compound_id, actor=actor, bank=row.pk)
    return row


def _moment(bank: LockerBank, step: int) -> str:
    # With the tablet's address: a new one ends what the old tablet may still show.
    return f"tablet.{bank.tablet_digest}.{step}"


def _sight(bank: LockerBank, what: str, left_s: int = 0) -> Sight:
    mark = salted_hmac("parcels.nearness", f"{bank.pk}.{what}", algorithm="sha256").hexdigest()
    code = f"{int(mark[_TOKEN:], 16) % _TEN_THOUSAND:04}"
    return Sight(code, f"{bank.pk}-{mark[:_TOKEN]}", left_s)


def _counting(bank: LockerBank) -> list[Sight]:
    """What counts at a bank now."""
    proof = proof_of(bank)
    if proof == PhoneProof.LABEL:
        return [label_of(bank)]
    step = int(timezone.now().timestamp() // STEP.total_seconds())
    moments = (_moment(bank, one) for one in (step, step - 1))
    return [_sight(bank, one) for one in moments] if proof == PhoneProof.SHOWN else []


def bank_shown_by(token: str) -> LockerBank | None:
    """The bank in front of which somebody scanned this a moment ago; None for any other."""
    key = token.partition("-")[0]
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    bank: LockerBank | None = LockerBank.objects.filter(pk=int(key)).first()
    if bank is None or not any(constant_time_compare(token, one.token) for one in _counting(bank)):
        return None
    return bank


def open_by_phone(
    parcel: Parcel, *, is_near: bool = False, typed: str = "", actor: User | None = None
) -> Parcel:
    """Open for a recipient who stands there: ``is_near`` a moment ago, or by the digits ``typed``.

    Raises ValidationError (``shown``) for missing or wrong digits, and as ``pickups.take`` does.
    """
    place = parcel.compartment
    if place is not None and not is_near and proof_of(place.bank) != PhoneProof.NONE:
        _check(parcel, place.bank, typed)
    return pickups.take(parcel, actor=actor)


def _check(parcel: Parcel, bank: LockerBank, typed: str) -> None:
    digits = "".join(typed.split())
    if not digits:
        raise fault("shown", "not_near", WANTED[proof_of(bank)])
    mark = f"near-{parcel.person_id}"
    try:
        limits.check_failures(mark, MOST_WRONG)
    except limits.TooMany as many:
        text = _("Too many wrong digits. Use your pick-up code, or wait %(minutes)s minutes.")
        minutes = max(1, round(many.wait_s / 60))
        raise fault("shown", "too_many", text % {"minutes": minutes}) from many
    if not any(constant_time_compare(digits, one.code) for one in _counting(bank)):
        limits.note_failure(mark)
        raise fault("shown", "shown_wrong", WRONG[proof_of(bank)])


WANTED: dict[str, Any] = {
    PhoneProof.SHOWN: _("Type the four digits that the locker's screen shows now."),
    PhoneProof.LABEL: _("Type the four digits on the label of the locker."),
}
WRONG: dict[str, Any] = {
    PhoneProof.SHOWN: _("The screen of this locker shows other digits. Look at it once more."),
    PhoneProof.LABEL: _("The label of this locker has other digits. Look at it once more."),
}
