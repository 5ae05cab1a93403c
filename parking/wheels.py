"""May this ticket leave, may this bicycle pass? Pure reads, for what has no plate."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.models import Compound, Lane
from community.verdicts import Outcome, Verdict, explain
from parking import leaving
from parking.models import Bicycle, Stay, Ticket
from parking.operations.tickets import clean_tag, ticket_of
from parking.tariff_words import yuan

#: The secret of a ticket stands at the end of its page's address.
_ADDRESS = re.compile(r"/park/ticket/([A-Za-z0-9_-]{32})/?$")
_NUMBER = re.compile(r"[0-9]{6}-[0-9]{3,6}")
LONGEST = 300


def secret_in(text: str) -> str:
    """The ticket's secret in a scanned code; empty where it is another code."""
    found = _ADDRESS.search(text[:LONGEST].strip())
    return found.group(1) if found else ""


def scanned(compound: Compound, text: str) -> Ticket | None:
    """The ticket behind a scanned code; None for one that is not ours."""
    secret = secret_in(text)
    try:
        return ticket_of(compound, secret) if secret else None
    except ValidationError:
        return None


def numbered(compound: Compound, text: str) -> Ticket | None:
    """The ticket with a number that somebody typed."""
    number = text.strip()[:20]
    if not _NUMBER.fullmatch(number):
        return None
    found: Ticket | None = Ticket.objects.of(compound).filter(number=number).first()
    return found


def may_leave(ticket: Ticket | None, lane: Lane, at: datetime) -> Verdict:
    """A ticket shown at a lane: it leads out, once, when its stay is paid."""
    if ticket is None:
        return _ask("ticket_unknown")
    facts: dict[str, Any] = {"ticket": ticket.pk, "number": ticket.number}
    if lane.direction != Lane.Direction.EXIT:
        return _ask("ticket_at_entry", facts)
    if ticket.ended_at is not None:
        return _ask("ticket_spent", facts)
    stay = Stay.objects.whole().open().filter(ticket=ticket).first()
    if stay is None:
        return _ask("ticket_not_inside", facts)
    verdict = Verdict(Outcome.ALLOW, "ticket_leaving", facts | {"stay": stay.pk})
    return leaving.with_price(verdict, stay, None, at)


def bicycle_of(compound: Compound, tag: str) -> Bicycle | None:
    """The registered electric bicycle of a tag."""
    try:
        text = clean_tag(tag)
    except ValidationError:
        return None
    rows = Bicycle.objects.of(compound).running().filter(tag=text)
    found: Bicycle | None = rows.select_related("unit").first()
    return found


def may_ride(bicycle: Bicycle, compound: Compound, at: datetime) -> Verdict:
    """A registered bicycle comes and goes on the days of its registration."""
    facts = {"bicycle": bicycle.pk, "unit": bicycle.unit.code}
    day = at.astimezone(ZoneInfo(compound.timezone)).date()
    over = bicycle.valid_until is not None and bicycle.valid_until < day
    if over or bicycle.valid_from > day:
        return _ask("bicycle_expired", facts)
    return Verdict(Outcome.ALLOW, "bicycle_registered", facts)


def _ask(code: str, facts: dict[str, Any] | None = None) -> Verdict:
    return Verdict(Outcome.ASK, code, facts or {})


def _spent(facts: dict[str, Any]) -> str:
    text = gettext("Ticket %(number)s has left already. Compare the car, then decide.")
    return text % {"number": facts.get("number", "")}


def _taken(facts: dict[str, Any]) -> str:
    said = gettext("A car without a plate: its driver took ticket %(number)s at the entry.")
    said %= {"number": facts.get("number", "")}
    if not isinstance(facts.get("owes"), int):
        return said
    owes = gettext("The same phone owes %(amount)s from before.")
    return f"{said} {owes % {'amount': yuan(facts['owes'])}}"


def _rides(facts: dict[str, Any]) -> str:
    return gettext("Electric bicycle of %(home)s.") % {"home": facts.get("unit", "")}


explain("ticket_given", _("A car without a plate came in with a ticket."))
explain("ticket_taken", _taken)
explain("ticket_leaving", _("Nothing is due for this ticket. It may leave."))
explain("ticket_unknown", _("This is no ticket of ours. Ask for the ticket, then decide."))
explain(
    "ticket_at_entry", _("A ticket leads out, not in. Give a new one to a car without a plate.")
)
explain("ticket_spent", _spent)
explain("ticket_not_inside", _("We did not see this ticket come in. Ask the driver, then decide."))
explain("bicycle_registered", _rides)
explain(
    "bicycle_expired",
    _("The registration of this electric bicycle is not in force. Ask the rider or the desk."),
)
