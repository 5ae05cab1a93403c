"""Tickets for cars without a plate, and the tags of electric bicycles."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from community import events
from community.models import Compound, Lane, Unit
from parking.models import Bicycle, Stay, Ticket
from parking.operations import rules
from parking.operations.stays import ticket_crossed

if TYPE_CHECKING:
    from community.models import User
    from residents.models import Person

#: Bytes of the secret in a ticket's QR code: 192 bits.
SECRET = 24
#: Longest text that is looked at as a ticket's secret or a tag.
MOST_READ = 200


def make_ticket(
    *,
    compound: Compound,
    note: str = "",
    actor: User | None = None,
    at: datetime | None = None,
    phone: str = "",
) -> Ticket:
    """A ticket with a QR secret for a car that has no plate; its number counts by day."""
    note, at = rules.clean_text("note", note, 60), at or timezone.now()
    secret = secrets.token_urlsafe(SECRET)
    with events.writing():
        Compound.objects.select_for_update(of=("self",)).get(pk=compound.pk)
        ticket: Ticket = Ticket.objects.create(
            compound=compound, number=_number(compound, at), secret=secret,
            secret_digest=_digest(secret), note=note, made_at=at, made_by=actor, phone=phone,
        )  # fmt: skip
        events.record("parking.ticket_made", compound=compound, actor=actor, ticket=ticket.pk)
    return ticket


def enter_by_ticket(
    lane: Lane,
    *,
    note: str = "",
    at: datetime | None = None,
    passage_id: int | None = None,
    actor: User | None = None,
) -> Stay:
    """A car without a plate drives in: its ticket is made, and its stay begins."""
    with events.writing():
        moment = at or timezone.now()
        ticket = make_ticket(compound=lane.compound, note=note, actor=actor, at=moment)
        return ticket_crossed(ticket, lane, moment, passage_id)


def leave_by_ticket(
    lane: Lane, secret: str, *, at: datetime | None = None, passage_id: int | None = None
) -> Stay:
    """A car drives out with its ticket, which is used up then. Raises ValidationError."""
    with events.writing():
        found = ticket_of(lane.compound, secret)
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if ticket.ended_at is not None:
            raise ValidationError(rules.FAULTS["ticket_spent"], "ticket_spent")
        return _use_up(ticket, ticket_crossed(ticket, lane, at or timezone.now(), passage_id))


def ticket_through(ticket: Ticket, lane: Lane, at: datetime, passage_id: int) -> Stay:
    """The gate saw a car with its ticket go through; out of the compound the ticket is used up.

    The same passage again changes nothing.
    """
    with events.writing():
        ticket = Ticket.objects.select_for_update(of=("self",)).get(pk=ticket.pk)
        return _use_up(ticket, ticket_crossed(ticket, lane, at, passage_id))


def _use_up(ticket: Ticket, stay: Stay) -> Stay:
    if stay.area_id is None and stay.left_at is not None and ticket.ended_at is None:
        ticket.ended_at = stay.left_at
        ticket.save(update_fields=["ended_at"])
    return stay


def ticket_of(compound: Compound, secret: str) -> Ticket:
    """The ticket of a scanned secret. Raises ValidationError."""
    digest = _digest(secret[:MOST_READ])
    found = Ticket.objects.of(compound).filter(secret_digest=digest).first()
    if found is None:
        raise ValidationError(rules.FAULTS["ticket_unknown"], "ticket_unknown")
    ticket: Ticket = found
    return ticket


def register_bicycle(
    *,
    compound: Compound,
    tag: str,
    unit: Unit,
    plate: str = "",
    owner: Person | None = None,
    valid_from: date | None = None,
    valid_until: date | None = None,
    actor: User | None = None,
) -> Bicycle:
    """Register an electric bicycle by its tag; raises ValidationError that names the field."""
    tag, start = clean_tag(tag), valid_from or rules.today(compound)
    plate = rules.clean_text("plate", plate, 12).upper()
    rules.clean_place(compound, "unit", unit)
    rules.clean_place(compound, "owner", owner)
    if valid_until is not None and valid_until < start:
        raise rules.fault("valid_until", "ends_before_start")
    with events.writing():
        try:
            with transaction.atomic():
                bicycle: Bicycle = Bicycle.objects.create(
                    compound=compound, tag=tag, unit=unit, plate=plate, owner=owner,
                    valid_from=start, valid_until=valid_until,
                )  # fmt: skip
        except IntegrityError as error:
            raise rules.fault("tag", "tag_taken") from error
        events.record(
            "parking.bicycle_registered", compound=compound, actor=actor, bicycle=bicycle.pk
        )
    return bicycle


def end_bicycle(bicycle: Bicycle, *, actor: User | None = None) -> Bicycle:
    """End a bicycle's registration; a second time changes nothing."""
    with events.writing():
        bicycle = Bicycle.objects.select_for_update(of=("self",)).get(pk=bicycle.pk)
        if bicycle.ended_at is None:
            bicycle.ended_at = timezone.now()
            bicycle.save(update_fields=["ended_at"])
            events.record(
                "parking.bicycle_ended", compound=bicycle.compound_id, actor=actor,
                bicycle=bicycle.pk,
            )  # fmt: skip
    return bicycle


def clean_tag(value: str) -> str:
    """A tag as readers give it: letters and digits, upper case. Raises ValidationError."""
    tag = "".join(str(value or "")[:MOST_READ].split()).replace(":", "").replace("-", "").upper()
    if not 4 <= len(tag) <= 32 or not (tag.isascii() and tag.isalnum()):
        raise rules.fault("tag", "tag_missing")
    return tag


def _number(compound: Compound, at: datetime) -> str:
    """Day and count, such as 1123-004. The compound is locked."""
    day = timezone.localtime(at).strftime("%y%m%d")
    last = Ticket.objects.of(compound).filter(number__startswith=f"{day}-").count()
    return f"{day}-{last + 1:03}"


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
