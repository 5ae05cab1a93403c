"""What is handed over on paper or as a link: each opens one person's account, once."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import models
from django.utils import timezone

from community import events, keyring
from community.models import User
from residents.models import Person, SignInTicket
from residents.operations.doors import limits
from residents.operations.doors.accounts import account_of
from residents.operations.people import locked, record

Kind = SignInTicket.Kind
LIFE = {Kind.INVITATION: timedelta(days=7), Kind.DESK: timedelta(hours=24)}
#: No letter and digit that look alike; 31 ** 10 is about 2 ** 49.
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def invite_person(person: Person, *, actor: User | None = None) -> str:
    """A link's secret for this person; an older one opens nothing any more."""
    token = secrets.token_urlsafe(18)
    _make(person, Kind.INVITATION, token, actor)
    return token


def make_desk_code(person: Person, *, actor: User | None = None) -> str:
    """A code to print for this person, as ABCDE-FGHJK; an older one opens nothing any more."""
    code = "".join(secrets.choice(LETTERS) for _ in range(10))
    _make(person, Kind.DESK, code, actor)
    return f"{code[:5]}-{code[5:]}"


def _make(person: Person, kind: Kind, secret: str, actor: User | None) -> None:
    now = timezone.now()
    with events.writing():
        person = locked(person)
        SignInTicket.objects.filter(person=person, kind=kind, used_at=None).delete()
        SignInTicket.objects.create(
            compound_id=person.compound_id,
            person=person,
            kind=kind,
            digest=limits.mark_of(kind.value, secret),
            made_by=actor,
            made_at=now,
            expires_at=now + LIFE[kind],
        )
        record("residents.sign_in_paper_made", person, actor, paper=kind.value)


def person_of_invitation(token: str) -> Person | None:
    """Whom a link invites; None for one that is used, expired or none of ours. Uses nothing up."""
    ticket = _open(Kind.INVITATION, token[:80]).select_related("person__compound").first()
    return ticket.person if ticket else None


def use_invitation(token: str, address: str) -> User | None:
    """Sign in by a link; None as above. Raises TooMany."""
    return _use(Kind.INVITATION, token[:80], address)


def use_desk_code(code: str, address: str) -> User | None:
    """Sign in by a printed code; None as above. Raises TooMany."""
    plain = "".join(code.split()).replace("-", "").upper()[:80]
    return _use(Kind.DESK, plain, address)


def _use(kind: Kind, secret: str, address: str) -> User | None:
    limits.check_failures(address)
    with events.writing():
        ticket = _open(kind, secret).select_for_update(of=("self",)).first()
        if ticket is not None and ticket.person is not None:
            ticket.used_at = timezone.now()
            ticket.save(update_fields=["used_at"])
            return account_of(ticket.person, how=kind.value)
        limits.note_failure(address)
    return None


def _open(kind: Kind, secret: str) -> models.QuerySet[SignInTicket]:
    digests = keyring.blind_indexes(secret, 0, kind.value)
    rows = SignInTicket.objects.filter(kind=kind, digest__in=digests, used_at=None)
    found: models.QuerySet[SignInTicket] = rows.filter(expires_at__gt=timezone.now())
    return found
