"""Which passage a reading belongs to, and what is decided there. The lane is locked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from community import events
from community.models import Command, Lane
from community.prepared import prepared
from community.verdicts import Outcome, Verdict
from community.vision import grammar
from parking import operations as parking
from parking.models import PlateKind
from security import decisions
from security.decisions import Decision, Moment
from security.models import Passage, Picture
from security.operations import watchlist
from security.operations.locks import order_open
from security.readings import ReadingInput

State = Passage.State
#: The same plate at the same lane within this is the same car.
SAME_CAR = timedelta(seconds=15)
#: A car that was not read is seen again within this; later, the next one may stand there.
SAME_UNREAD = timedelta(seconds=4)
#: Two texts nearer than this may be one plate, read badly and then better.
ONE_PLATE = 1.5
#: So many last cars of a lane are looked at: more than pass within the window.
RECENT = 5
#: Longer than any car waits; keeps the look at the last cars short, however many there were.
LATELY = timedelta(hours=1)
STANDING = (State.WAITING, State.OPENED, State.REFUSED, State.CROSSED)
STATES = {
    Outcome.ALLOW: State.OPENED,
    Outcome.DENY: State.REFUSED,
    Outcome.ASK: State.WAITING,
    Outcome.FAIL: State.WAITING,
}


@dataclass(frozen=True)
class Look:
    """One reading at its lane, at the moment of decision."""

    reading: ReadingInput
    lane: Lane
    moment: Moment
    picture: Picture | None
    plate: str | None
    now: datetime


def settle(
    reading: ReadingInput, lane: Lane, moment: Moment, picture: Picture | None
) -> tuple[Passage, bool]:
    """The passage of this reading, and whether it was there before (joined)."""
    plate = decisions.plate_of(reading)
    look = Look(reading, lane, moment, picture, plate, timezone.now())
    if moment.fault:
        return _keep_for_record(look, moment.fault)
    recent = _recent(lane, look.now)
    known = _same_car(look, recent)
    if known is not None and not _looks_better(known, look):
        return known, True
    decision = _decided(look)
    if known is not None:
        _decide_again(known, look, decision)
        return known, True
    for waiting in recent:
        if waiting.state == State.WAITING:
            # The next car stands where it stood: it turned back, whatever was asked about it.
            end_unfinished(waiting)
    passage = _new(look, decision)
    passage.save()
    _act(passage, look, decision)
    return passage, False


def _decided(look: Look) -> Decision:
    """What the rules say, held for a guard where the plate is on the watch list."""
    decision = decisions.decide(
        look.reading, lane=look.lane, plate=look.plate, at=look.moment.at, now=look.now
    )
    if look.plate is None:
        return decision
    entry = watchlist.watched(look.lane.compound_id, {"plate": look.plate}, look.now)
    return replace(decision, verdict=watchlist.held_for(decision.verdict, entry))


def kind_of(reading: ReadingInput) -> str:
    return reading.kind if reading.kind in PlateKind.values else PlateKind.UNKNOWN.value


def _recent(lane: Lane, now: datetime) -> list[Passage]:
    """The last cars at the lane; what waits is among them, since the next car ends it."""
    return _standing(compound=lane.compound_id, lane=lane.pk, since=now - LATELY)


@prepared(compound=int, lane=int, since=datetime)
def _standing(compound: int, lane: int, since: datetime) -> QuerySet[Any, Passage]:
    rows = Passage.objects.filter(
        compound_id=compound, lane=lane, state__in=STANDING, seen_at__gte=since
    )
    return rows.order_by("-id")[:RECENT]


def _same_car(look: Look, recent: list[Passage]) -> Passage | None:
    """The passage of the car that stands here, if this reading can be of it.

    Without a plate no two readings are the same car. An unsure first look is, when a plate that
    fits it comes within the window; a failed one for a moment only, so that the next car does not
    take its place.
    """
    if look.plate is None:
        return None
    for passage in recent:
        # A car whose plate a guard put right is still the car that is read as before.
        if look.plate in (passage.plate, passage.read_as) and _is_fresh(passage, look.now):
            return passage
    last = recent[0] if recent else None
    if last is None or last.state != State.WAITING or last.decided_at < look.now - SAME_CAR:
        return None
    if last.code not in decisions.PASSING:
        return None
    if last.plate:
        fits = grammar.distance(last.plate, look.plate) <= ONE_PLATE
    else:
        fits = last.decided_at >= look.now - SAME_UNREAD
    return last if fits else None


def _is_fresh(passage: Passage, now: datetime) -> bool:
    """Still waiting or not settled, or decided or seen to cross within the window."""
    since = now - SAME_CAR
    if passage.state == State.WAITING or passage.decided_at >= since:
        return True
    # An assumed crossing proves nothing: a car read again after it still stands at the barrier.
    crossed = passage.crossed_at if passage.crossing != Lane.Crossing.ASSUMED else None
    return (crossed is not None and crossed >= since) or _is_unsettled(passage)


def _is_unsettled(passage: Passage) -> bool:
    """Opened by a command of which nobody knows yet what it did: never another one on top."""
    command = passage.command if passage.state == State.OPENED else None
    return command is not None and command.state != Command.State.DONE


def _looks_better(known: Passage, look: Look) -> bool:
    """Whether a waiting car is decided again: on a better look, or after a while."""
    if known.state != State.WAITING or known.command_id:
        return False
    if known.read_as and look.plate != known.plate:
        return False  # a guard knew better
    if known.code in decisions.PASSING:
        return not known.plate or look.reading.confidence >= known.confidence
    return known.decided_at < look.now - SAME_CAR


def _decide_again(passage: Passage, look: Look, decision: Decision) -> None:
    before = (passage.outcome, passage.code, passage.plate)
    _write_decision(passage, look, decision)
    passage.picture = look.picture or passage.picture
    passage.save()
    if (passage.outcome, passage.code, passage.plate) != before:
        _act(passage, look, decision)


def _new(look: Look, decision: Decision) -> Passage:
    passage = Passage(
        compound_id=look.lane.compound_id,
        lane=look.lane,
        direction=look.lane.direction,
        picture=look.picture,
        seen_at=look.moment.at,
    )
    _write_decision(passage, look, decision)
    return passage


def _write_decision(passage: Passage, look: Look, decision: Decision) -> None:
    verdict = decision.verdict
    passage.plate = look.plate or passage.plate
    passage.kind = kind_of(look.reading)
    passage.confidence = min(max(look.reading.confidence, 0.0), 1.0)
    passage.vehicle = decision.vehicle
    passage.visit_id = verdict.facts.get("visit")
    passage.outcome = verdict.outcome.value
    passage.code = verdict.code
    passage.facts = verdict.facts
    passage.state = State.OPENED if decision.free else STATES[verdict.outcome]
    passage.decided_at = look.now


def _act(passage: Passage, look: Look, decision: Decision) -> None:
    """Tell the ledger, and order the barrier where the decision opens it."""
    tell_decided(passage)
    barrier = look.lane.barrier
    if decision.verdict.opens and not decision.free and barrier is not None:
        order_open(passage, barrier, look.lane, since=look.reading.received_at)


def tell_decided(passage: Passage) -> None:
    events.record(
        "gate.passage_decided",
        compound=passage.compound_id,
        passage=passage.pk,
        lane=passage.lane_id,
        outcome=passage.outcome,
        code=passage.code,
    )
    watchlist.tell_hit(passage)


def end_unfinished(passage: Passage) -> None:
    """A car that was waited for is gone. The caller holds the lane's lock."""
    passage.state = State.GONE
    passage.save(update_fields=["state"])
    ticket = passage.facts.get("ticket")
    kept = parking.name_of(ticket) if isinstance(ticket, int) else passage.plate
    parking.give_place_up(passage.compound_id, kept)
    events.record(
        "gate.passage_gone",
        compound=passage.compound_id,
        passage=passage.pk,
        lane=passage.lane_id,
    )


def _keep_for_record(look: Look, fault: Verdict) -> tuple[Passage, bool]:
    """A reading that may open nothing: of a passage that is known, or a row of its own."""
    at = look.moment.at
    around = (at - SAME_CAR, at + SAME_CAR)
    same = Passage.objects.filter(lane=look.lane, plate=look.plate, seen_at__range=around)
    known = same.first() if look.plate else None
    if known:
        return known, True
    passage = _new(look, Decision(fault))
    passage.state = State.STORED
    passage.save()
    if passage.code == "reading_history":
        # A camera that catches up may send hundreds: not for the guard's screen.
        events.record(
            "gate.passage_stored",
            compound=passage.compound_id,
            passage=passage.pk,
            lane=passage.lane_id,
        )
    else:
        tell_decided(passage)
    return passage, False
