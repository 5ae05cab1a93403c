"""The one road of people on foot: a way in is shown at a door, and it opens or says why not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from django.utils import timezone

from community import events
from community.logging import along, trace_of
from community.models import Gate, Lane, Unit
from community.verdicts import Outcome, Verdict
from residents import operations as residents
from residents.operations import Admission
from residents.ways import Presented
from security.models import Passage, Presentation
from security.operations import watchlist, wheels
from security.operations.faces.joining import joined, waiting_face
from security.operations.locks import locked_lane, order_open
from security.operations.passages import STATES, tell_decided

log = structlog.get_logger(__name__)
#: What was shown longer ago than this opens nothing: who showed it has walked on.
FRESH = timedelta(seconds=10)
#: Ways in that belong to a person.
HELD = frozenset({"card", "qr", "pin"})


@dataclass(frozen=True)
class Shown:
    """``key`` names this showing at its lane: a repeat changes nothing and opens nothing twice."""

    lane_id: int
    key: str
    what: Presented
    received_at: datetime
    device_id: int | None = None


def handle_shown(shown: Shown) -> Passage:
    """Decide, write, and order the door to open if the decision says so.

    Raises Lane.DoesNotExist.
    """
    with along(trace=trace_of(shown.lane_id, shown.key)):
        with events.writing():
            passage = _take(shown)
        log.info("passage", passage=passage.pk, outcome=passage.outcome, code=passage.code)
    return passage


def _take(shown: Shown) -> Passage:
    lane = locked_lane(shown.lane_id)
    rows = Presentation.objects.select_related("passage")
    known = rows.filter(lane=lane, key=shown.key[:120]).first()
    if known is not None:
        repeated: Passage = known.passage
        return repeated
    now = timezone.now()
    fault = _fault(shown, lane, now, wheeled=True)
    passage = wheels.shown_at(shown, lane, now, fault) or _on_foot(shown, lane, now)
    Presentation.objects.create(
        compound_id=lane.compound_id,
        lane=lane,
        device_id=shown.device_id,
        key=shown.key[:120],
        way=shown.what.kind,
        received_at=shown.received_at,
        passage=passage,
    )
    return passage


def _on_foot(shown: Shown, lane: Lane, now: datetime) -> Passage:
    admission = _decide(shown, lane, now)
    passage = _beside_face(shown, lane, admission, now) or _passage(shown, lane, admission, now)
    passage.save()
    tell_decided(passage)
    if admission.verdict.opens and lane.barrier is not None:
        order_open(passage, lane.barrier, lane, since=shown.received_at)
    return passage


def _beside_face(shown: Shown, lane: Lane, admission: Admission, now: datetime) -> Passage | None:
    """The face of the same person that waits at this door for a second way: this is it."""
    if not admission.verdict.opens or shown.what.kind not in HELD or admission.person is None:
        return None
    waits = waiting_face(lane, admission.person.pk, now)
    return joined(waits, admission, shown.what.kind, now) if waits is not None else None


def _decide(shown: Shown, lane: Lane, now: datetime) -> Admission:
    """The lane's own faults first: they use nothing up."""
    fault = _fault(shown, lane, now)
    if fault:
        return Admission(Verdict(Outcome.ASK, fault))
    admission = residents.present(lane, shown.what, shown.received_at)
    entry = watchlist.of_shown(lane.compound_id, shown.what, admission.visit, now)
    return replace(admission, verdict=watchlist.held_for(admission.verdict, entry))


def _fault(shown: Shown, lane: Lane, now: datetime, *, wheeled: bool = False) -> str:
    """Cars with a ticket and bicycles pass any lane; a shed's reader may stand without a door."""
    if not lane.is_active:
        return "lane_not_in_use"
    if not wheeled and lane.gate.kind != Gate.Kind.PEDESTRIAN:
        return "lane_not_for_people"
    if not wheeled and (lane.barrier is None or not lane.barrier.is_active):
        return "lane_without_door"
    if not timedelta(seconds=-1) <= now - shown.received_at <= FRESH:
        return "shown_too_late"
    return ""


def _passage(shown: Shown, lane: Lane, admission: Admission, now: datetime) -> Passage:
    verdict = admission.verdict
    return Passage(
        compound_id=lane.compound_id,
        lane=lane,
        direction=lane.direction,
        # The digits of a pass are typed where a PIN is, and are a pass all the same.
        way="pass" if admission.visit is not None else shown.what.kind,
        person=admission.person,
        visit=admission.visit,
        outcome=verdict.outcome.value,
        code=verdict.code,
        facts=verdict.facts,
        state=STATES[verdict.outcome],
        seen_at=shown.received_at,
        decided_at=now,
    )


def tell_residents(passage: Passage, at: datetime) -> None:
    """Who crossed on foot: a visit has come or gone, a home was entered. In the same transaction
    as the crossing.
    """
    entered = passage.direction == Lane.Direction.ENTRY
    if passage.visit_id is not None:
        if entered:
            residents.visitor_arrived(
                passage.visit_id, passage_id=passage.pk, at=at, plate=passage.plate
            )
        else:
            residents.visitor_left(passage.visit_id, at=at, plate=passage.plate)
    elif entered and passage.way in HELD and passage.person_id is not None:
        _sign_of_life(passage, at)


def _sign_of_life(passage: Passage, at: datetime) -> None:
    """One sign a day and person. A face is no source here: nobody consented to that purpose."""
    compound = passage.compound_id
    day = timezone.localdate(at, ZoneInfo(passage.lane.compound.timezone))
    home = Unit.objects.of(compound).filter(code=passage.facts.get("unit") or "").first()
    if home is None:  # on duty here: no home is concerned
        return
    residents.record_sign(
        "entry",
        compound=compound,
        source=passage.way,
        key=f"{home.pk}:{passage.person_id}:{day}",
        on=day,
        unit=home,
        person=passage.person_id,
    )
