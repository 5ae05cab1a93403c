"""One-time codes to a phone: six digits, five minutes, five guesses.

Whether a number is on file shows neither in what is said nor in how long it takes. Numbers go
round: one that nobody used here for a while also needs the end of the document on file, which its
next owner does not know.
"""

from __future__ import annotations

import secrets
import time
from datetime import timedelta

from django.db.models import Max
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from community import events, keyring, notifications
from community.models import Medium, User
from community.querysets import STAFF
from residents import rules
from residents.models import Person, SignInFailure, SignInTicket
from residents.operations.doors import limits
from residents.operations.doors.accounts import account_of
from residents.operations.doors.limits import TooMany
from residents.operations.people import record

__all__ = ["Refused", "TooMany", "ask_code", "check_code", "forget_old"]

DIGITS, GUESSES = 6, 5
LIFE = timedelta(minutes=5)
#: Networks give a number to somebody else after three months.
TRUSTED = timedelta(days=90)
#: An answer takes at least this long, on file or not.
ANSWER_S = 0.25
KEPT = timedelta(days=30)


class Refused(Exception):
    """A guess that does not count: ``wrong`` (``left`` guesses remain), ``over`` (expired, used
    or locked), ``document`` (the end of the document is needed too), ``desk`` (only the desk can
    help).
    """

    def __init__(self, why: str, left: int = 0) -> None:
        super().__init__(why)
        self.why, self.left = why, left


def ask_code(phone: str, address: str) -> SignInTicket:
    """Send a code to the number, if it opens an account. Raises ValidationError for what is no
    number, and TooMany.
    """
    started = time.monotonic()
    number = rules.clean_phone(phone)
    if not number:
        raise rules.fault("phone", "phone_missing", rules.PHONE_WANTED)
    marks = {
        "phone_mark": limits.mark_of("phone", number),
        "address_mark": limits.mark_of("address", address),
    }
    limits.check_failures(address)
    limits.check_asking(**marks)
    person = _owner(number)
    now, code = timezone.now(), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    with events.writing():
        ticket: SignInTicket = SignInTicket.objects.create(
            compound=person.compound if person else None,
            person=person,
            kind=SignInTicket.Kind.PHONE,
            digest=limits.mark_of("code", _spoken(marks["phone_mark"], now.isoformat(), code)),
            made_at=now,
            expires_at=now + LIFE,
            **marks,
        )
        if person is not None:
            _send(ticket, person, number, code)
            record("residents.sign_in_code_sent", person, None, ticket=ticket.pk)
    time.sleep(max(0.0, ANSWER_S - (time.monotonic() - started)))
    return ticket


def _send(ticket: SignInTicket, person: Person, number: str, code: str) -> None:
    notifications.tell(
        number,
        "residents.sign_in_code",
        compound=person.compound,
        key=f"sign-in-code:{ticket.pk}",
        private={"code": code},
        via=Medium.SMS,
        expires_at=ticket.expires_at,
    )


def _spoken(*parts: str) -> str:
    return ":".join(parts)


def _owner(number: str) -> Person | None:
    """Whom a code to this number may sign in: who was last known to answer it, no staff."""
    from community.models import Compound

    compounds = list(Compound.objects.values_list("pk", flat=True))
    same = Person.objects.whole().by_number("phone", number, compounds)
    rows = same.filter(phone_confirmed_at__isnull=False).select_related("compound", "user")
    for person in rows.order_by("-phone_confirmed_at"):
        if not _has_own_door(person.user) and not limits.compound_is_full(person.compound_id):
            return person
    return None


def _has_own_door(user: User | None) -> bool:
    """The staff, and whoever was shut out: a phone alone opens nothing for them."""
    if user is None:
        return False
    held: set[str] = set().union(*user.roles_by_compound().values())
    return user.is_superuser or not user.is_active or bool(held & STAFF)


def check_code(ticket_id: int, code: str, address: str, document_end: str = "") -> User:
    """Whom the code signs in; it is used up. Raises Refused, and TooMany for the address."""
    limits.check_failures(address)
    why, left, user = "over", 0, None
    with events.writing():
        rows = SignInTicket.objects.select_for_update(of=("self",))
        ticket = rows.filter(pk=ticket_id, kind="phone").first()
        if ticket is not None and _is_open(ticket):
            why = _judge(ticket, code, document_end)
            if why == "":
                user = _use(ticket)
            elif why == "wrong":
                left = _count(ticket, address)
    if user is None:
        raise Refused(why, left)
    return user


def _is_open(ticket: SignInTicket) -> bool:
    fresh = ticket.used_at is None and ticket.expires_at > timezone.now()
    return fresh and ticket.tries < GUESSES


def _judge(ticket: SignInTicket, code: str, document_end: str) -> str:
    """Empty when all fits; else why not."""
    given = "".join(rules.plain(code).split())
    spoken = _spoken(ticket.phone_mark, ticket.made_at.isoformat(), given)
    fits = [
        constant_time_compare(ticket.digest, known)
        for known in keyring.blind_indexes(spoken, 0, "code")
    ]
    person = ticket.person
    if not any(fits) or person is None:
        return "wrong"
    if limits.mark_of("phone", person.phone) != ticket.phone_mark:
        return "over"
    if not _is_stale(person, ticket):
        return ""
    if not person.document:
        return "desk"
    if not document_end:
        return "document"
    ends = constant_time_compare(rules.plain(document_end), person.document[-4:])
    return "" if ends else "wrong"


def _is_stale(person: Person, ticket: SignInTicket) -> bool:
    """Nobody has answered this number here for so long that it may be somebody else's."""
    used = person.tickets.filter(kind="phone", phone_mark=ticket.phone_mark)
    last = used.aggregate(last=Max("used_at"))["last"]
    seen = max(filter(None, (last, person.phone_confirmed_at)), default=None)
    return seen is None or timezone.now() - seen > TRUSTED


def _count(ticket: SignInTicket, address: str) -> int:
    """Note a wrong guess; returns how many are left."""
    ticket.tries += 1
    ticket.save(update_fields=["tries"])
    limits.note_failure(address)
    if ticket.tries >= GUESSES and ticket.person is not None:
        record("residents.sign_in_locked", ticket.person, None, ticket=ticket.pk)
    return max(0, GUESSES - ticket.tries)


def _use(ticket: SignInTicket) -> User:
    ticket.used_at = timezone.now()
    ticket.save(update_fields=["used_at"])
    assert ticket.person is not None  # noqa: S101 - judged before
    return account_of(ticket.person, how="phone")


def forget_old() -> int:
    """Erase tickets and guesses that count no more."""
    now = timezone.now()
    SignInFailure.objects.filter(at__lt=now - timedelta(days=1)).delete()
    gone, _each = SignInTicket.objects.filter(expires_at__lt=now - KEPT).delete()
    return int(gone)
