"""How often somebody may ask and guess, counted in the database: all processes count together."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from community import keyring
from residents.models import SignInFailure, SignInTicket

#: Codes sent to one number, asked for by one network address, sent for one compound.
PER_PHONE = ((timedelta(minutes=10), 3), (timedelta(days=1), 10))
PER_ADDRESS = ((timedelta(hours=1), 60),)
PER_COMPOUND = ((timedelta(hours=1), 300),)
#: Wrong guesses of one network address, whatever they were guessing at.
FAILURES, WITHIN = 20, timedelta(minutes=15)


class TooMany(Exception):
    """Too often; ``wait_s`` seconds until the next attempt counts."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def mark_of(field: str, value: str) -> str:
    """A keyed hash, not bound to a compound: to count by, and to find a paper by."""
    return keyring.blind_index(value, 0, field)


def check_failures(address: str, most: int | None = None) -> None:
    """Raises TooMany for an address, or who else guesses, with so many wrong ones behind it."""
    since, most = timezone.now() - WITHIN, most or FAILURES
    rows = SignInFailure.objects.filter(address_mark=mark_of("address", address), at__gt=since)
    moments = list(rows.order_by("-at").values_list("at", flat=True)[:most])
    if len(moments) >= most:
        raise TooMany(_seconds_until(moments[-1] + WITHIN))


def note_failure(address: str) -> None:
    SignInFailure.objects.create(address_mark=mark_of("address", address), at=timezone.now())


def check_asking(phone_mark: str, address_mark: str) -> None:
    """Raises TooMany for a number or an address that asked too often, on file or not."""
    for column, mark, limits in (
        ("phone_mark", phone_mark, PER_PHONE),
        ("address_mark", address_mark, PER_ADDRESS),
    ):
        for span, most in limits:
            since = timezone.now() - span
            asked = SignInTicket.objects.filter(**{column: mark}, made_at__gt=since)
            moments = list(asked.order_by("-made_at").values_list("made_at", flat=True)[:most])
            if len(moments) >= most:
                raise TooMany(_seconds_until(moments[-1] + span))


def compound_is_full(compound_id: int) -> bool:
    """So many codes that somebody must be playing: no more SMS go out for a while."""
    for span, most in PER_COMPOUND:
        since = timezone.now() - span
        sent = SignInTicket.objects.filter(compound=compound_id, kind="phone", made_at__gt=since)
        if sent.count() >= most:
            return True
    return False


def _seconds_until(moment: datetime) -> int:
    return max(1, round((moment - timezone.now()).total_seconds()))
