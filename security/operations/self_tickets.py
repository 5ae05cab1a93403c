"""A car without a plate takes its own ticket: the driver's phone asks, the barrier opens (ADR 82).

Only while the lane's last reading is a car without a plate that waits, once for that car.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Lane
from community.verdicts import Outcome, Verdict
from community.vision import grammar
from parking import operations as parking
from parking import owing, self_tickets
from parking.models import Ticket
from security.models import Passage
from security.operations.locks import locked_lane, order_open
from security.operations.passages import LATELY, STANDING, tell_decided

State = Passage.State
#: So long after it was seen a car is taken to stand there still; longer than a phone needs.
STANDS = timedelta(minutes=5)
#: The same phone pressed again within this: it is shown its ticket once more.
AGAIN = timedelta(minutes=10)
TAKEN = "ticket_taken"
WHY: dict[str, Any] = {
    "ticket_by_guard": _("Tickets are given by the guard here. Please speak to the guard."),
    "nobody_stands": _("The camera sees no car without a plate. Drive up to the barrier."),
    "plate_seen": _("The camera saw a plate, but not clearly. Please wait for the guard."),
    "no_room": _("There is no free place just now. Please wait for the guard."),
    "no_barrier": _("This barrier does not open by itself. Please speak to the guard."),
}


def refusal(code: str) -> ValidationError:
    return ValidationError(WHY[code], code)


def take_ticket(lane: Lane, phone: str) -> Passage:
    """A ticket for the car without a plate that stands at an entry, and the barrier opens.

    ``phone`` is the digest of the key on the driver's phone: pressed again, it gives the same
    passage. Raises ValidationError with a code of ``WHY``; nothing is changed then.
    """
    with events.writing():
        locked, now = locked_lane(lane.pk), timezone.now()
        held = last_car(locked)
        if held is not None and _is_ours(held, phone, now):
            return held
        verdict = offer(locked, held, now)
        if held is None or not verdict.opens or locked.barrier is None:
            raise refusal(_code(verdict))
        ticket = parking.ticket_for(locked.compound, phone, now)
        verdict = parking.keep_place(locked.compound, parking.name_of(ticket), verdict, now)
        if not verdict.opens:
            raise refusal("no_room")
        owed = sum(debt.amount_fen for debt in owing.of_phone(locked.compound, phone))
        held.facts = {"ticket": ticket.pk, "number": ticket.number}
        held.facts |= {"owes": owed} if owed else {}
        held.outcome, held.code, held.state = Outcome.ALLOW.value, TAKEN, State.OPENED
        held.decided_at = now
        held.save(update_fields=["facts", "outcome", "code", "state", "decided_at"])
        tell_decided(held)
        order_open(held, locked.barrier, locked, since=now)
        return held


def offer(lane: Lane, held: Passage | None, now: datetime) -> Verdict:
    """Whether a ticket may be taken for the last car of a lane; else why not, by a code of WHY."""
    verdict = self_tickets.may_take(lane)
    if verdict.code == "ticket_by_guard":
        return verdict
    if not verdict.opens:
        return _not("no_room")
    if lane.barrier is None or not lane.barrier.is_active:
        return _not("no_barrier")
    if held is None or not _stands(held, now):
        return _not("nobody_stands")
    return _not("plate_seen") if _shows_plate(held) else verdict


def last_car(lane: Lane) -> Passage | None:
    """The last car that the lane's camera saw, whatever became of it."""
    rows = Passage.objects.filter(lane=lane, way="", state__in=STANDING)
    since = timezone.now() - LATELY
    found: Passage | None = rows.filter(seen_at__gte=since).order_by("-pk").first()
    return found


def ticket_on(lane: Lane, phone: str) -> Ticket | None:
    """The ticket that this phone has just taken here."""
    held = last_car(lane)
    if held is None or not _is_ours(held, phone, timezone.now()):
        return None
    return Ticket.objects.get(pk=held.facts["ticket"])


def _is_ours(held: Passage, phone: str, now: datetime) -> bool:
    key = held.facts.get("ticket")
    if not phone or key is None or held.decided_at < now - AGAIN:
        return False
    rows = Ticket.objects.filter(pk=key, compound_id=held.compound_id, phone=phone)
    return TAKEN in (held.code, held.facts.get("decided")) and rows.exists()


def _stands(held: Passage, now: datetime) -> bool:
    unread = held.code == "plate_not_read" and not held.plate
    return held.state == State.WAITING and unread and held.decided_at >= now - STANDS


def _shows_plate(held: Passage) -> bool:
    """Part of a plate was read: whoever has one comes in by it, or by the guard."""
    texts = held.readings.values_list("plate_raw", flat=True)
    return any(grammar.parse(text) for text in texts)


def _not(code: str) -> Verdict:
    return Verdict(Outcome.ASK, code)


def _code(verdict: Verdict) -> str:
    return verdict.code if verdict.code in WHY else "nobody_stands"
