"""Cars without a plate by their ticket, and electric bicycles by their tag, at the gate."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Gate, Lane, User
from community.verdicts import Outcome, Verdict
from parking import operations as parking
from parking import wheels
from parking.models import Bicycle, Stay, Ticket
from security.models import Passage
from security.operations.hands import (
    OVER,
    AlreadyDecided,
    PassageOver,
    _again,
    _bare,
    _barrier,
    _check_guard,
    _held,
    _is_open,
    _sign_opened,
    _tell,
)
from security.operations.locks import order_open
from security.operations.passages import STATES, tell_decided
from security.operations.watchlist import check_answered
from security.reasons import OpenReason

if TYPE_CHECKING:
    from security.operations.foot import Shown

State = Passage.State
#: An unread car stands at the reader for so long, at most, before its ticket is shown.
WAITED = timedelta(minutes=10)
TAG = "tag"


def give_ticket(lane: Lane, user: User, passage: Passage | None = None, note: str = "") -> Passage:
    """A car without a plate comes in: a ticket is made for it, and the barrier opens.

    ``passage`` is the unread car that waits; without one the guard saw it where no camera did. The
    same press again gives the passage with its ticket. Raises as ``open_by_hand``.
    """
    _check_guard(user, lane.compound_id)
    with events.writing():
        held, locked = _held(lane, passage)
        if held is not None and _is_open(held):
            if "ticket" not in held.facts:
                raise AlreadyDecided(held)
            return _again(held, user)
        _check_entry(held, locked)
        if held is not None:
            check_answered(held)
        barrier = _barrier(locked)
        row = held or _bare(locked)
        ticket = _taken(row) or parking.make_ticket(compound=locked.compound, note=note, actor=user)
        row.code, row.facts = "ticket_given", {"ticket": ticket.pk, "number": ticket.number}
        opened = _sign_opened(row, user, OpenReason.TICKET, note)
        reason = OpenReason.TICKET.value
        _tell("gate.opened_by_hand", locked, user, passage=opened.pk, reason=reason)
        order_open(opened, barrier, locked, since=opened.decided_at, by=user)
        return opened


def _taken(row: Passage) -> Ticket | None:
    """The ticket that its driver took, where the barrier then did not open."""
    key = row.facts.get("ticket")
    rows = Ticket.objects.of(row.compound_id).filter(pk=key, ended_at=None)
    found: Ticket | None = rows.first() if isinstance(key, int) else None
    return found


def _check_entry(held: Passage | None, lane: Lane) -> None:
    if held is not None and held.state in OVER:
        raise PassageOver
    if held is not None and held.state == State.REFUSED:
        raise AlreadyDecided(held)
    if lane.direction != Lane.Direction.ENTRY or lane.gate.kind != Gate.Kind.VEHICLE:
        raise ValidationError(_("Tickets are given at an entry for cars."))
    if held is not None and (held.plate or held.way):
        raise ValidationError(_("This car has a plate. Decide by its plate."))


def show_ticket(lane: Lane, text: str, user: User, passage: Passage | None = None) -> Passage:
    """A driver shows a ticket to a guard: scanned, or its number typed.

    A paid ticket opens; one that owes asks for the price on the card. Raises ValidationError for
    what is no ticket of ours, PermissionDenied, AlreadyDecided, PassageOver.
    """
    _check_guard(user, lane.compound_id)
    with events.writing():
        held, locked = _held(lane, passage)
        if passage is None:
            held = None
        if held is not None and held.state in OVER:
            raise PassageOver
        if held is not None and held.state != State.WAITING:
            raise AlreadyDecided(held)
        compound, now = locked.compound, timezone.now()
        ticket = wheels.scanned(compound, text) or wheels.numbered(compound, text)
        verdict = _through(wheels.may_leave(ticket, locked, now), locked)
        if ticket is None or verdict.code == "ticket_at_entry":
            raise ValidationError(_("This is no ticket that leads out here. Scan it once more."))
        row = held or _new(locked, now)
        return _written(row, locked, verdict, now)


def shown_at(shown: Shown, lane: Lane, now: datetime, fault: str) -> Passage | None:
    """A reader at a lane saw a ticket's code or a bicycle's tag; None for anything else.

    ``fault`` is the lane's own, or why it is too late. The lane is locked.
    """
    if shown.what.kind == "qr" and wheels.secret_in(shown.what.value):
        ticket = wheels.scanned(lane.compound, shown.what.value)
        verdict = _held_by(fault) or _through(wheels.may_leave(ticket, lane, now), lane)
        row = _unread(lane, now) or _new(lane, shown.received_at)
        return _written(row, lane, verdict, now)
    is_tag = shown.what.kind == "card"
    bicycle = wheels.bicycle_of(lane.compound, shown.what.value) if is_tag else None
    if bicycle is None:
        return None
    verdict = _held_by(fault) or wheels.may_ride(bicycle, lane.compound, now)
    return _written(_new(lane, shown.received_at, TAG), lane, verdict, now)


def _held_by(fault: str) -> Verdict | None:
    return Verdict(Outcome.ASK, fault) if fault else None


def _through(verdict: Verdict, lane: Lane) -> Verdict:
    if verdict.opens and (lane.barrier is None or not lane.barrier.is_active):
        return Verdict(Outcome.ASK, "lane_without_barrier", verdict.facts)
    return verdict


def _unread(lane: Lane, now: datetime) -> Passage | None:
    """The car without a plate that waits at this reader."""
    rows = Passage.objects.filter(lane=lane, state=State.WAITING, plate="", way="")
    found: Passage | None = rows.filter(seen_at__gte=now - WAITED).order_by("-pk").first()
    return found


def _new(lane: Lane, at: datetime, way: str = "") -> Passage:
    return Passage(
        compound_id=lane.compound_id, lane=lane, direction=lane.direction, way=way, seen_at=at
    )


def _written(row: Passage, lane: Lane, verdict: Verdict, now: datetime) -> Passage:
    row.outcome, row.code, row.facts = verdict.outcome.value, verdict.code, verdict.facts
    row.state, row.decided_at = STATES[verdict.outcome], now
    row.save()
    tell_decided(row)
    if verdict.opens and lane.barrier is not None and lane.barrier.is_active:
        order_open(row, lane.barrier, lane, since=now)
    return row


def crossed(passage: Passage, lane: Lane, at: datetime) -> Stay | None:
    """What has no plate went through: its stay begins or ends. None for everything else."""
    if key := passage.facts.get("ticket"):
        ticket = Ticket.objects.filter(pk=key, compound_id=passage.compound_id).first()
        return parking.ticket_through(ticket, lane, at, passage.pk) if ticket else None
    key = passage.facts.get("bicycle") if passage.way == TAG else None
    bicycle = Bicycle.objects.filter(pk=key or 0, compound_id=passage.compound_id).first()
    return parking.bicycle_crossed(bicycle, lane, at, passage.pk) if bicycle else None
