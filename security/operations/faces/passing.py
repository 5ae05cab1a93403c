"""The one road of a face: a camera took somebody for a person, and the gate decides anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from community import events
from community.logging import along, trace_of
from community.models import Gate, Lane
from community.verdicts import Outcome, Verdict
from residents import operations as residents
from residents.models import WayIn
from residents.operations import Admission
from security import pictures
from security.models import FaceRule, Passage, Picture, Presentation
from security.operations.faces.joining import WAITS, let_in_lately, waiting_face
from security.operations.faces.rules import buildings_of, rule_of
from security.operations.locks import locked_lane, order_open
from security.operations.passages import STATES, tell_decided
from security.operations.pictures import tell_disk_full

log = structlog.get_logger(__name__)
#: A face that was seen longer ago opens nothing: its owner has walked on.
FRESH = timedelta(seconds=10)
#: A face that is turned away again within this is the same attempt.
SAME_ATTEMPT = timedelta(seconds=20)


@dataclass(frozen=True)
class FaceSeen:
    """What recognition says; never the template, and no number of it.

    ``sure`` is the upper tier; ``hurdle`` says that the gate's task was done. ``likeness`` and
    ``others`` are codes of `security.face_words`. ``picture`` is a JPEG, ``box`` in its pixels.
    """

    lane_id: int
    key: str
    way_id: int
    sure: bool
    received_at: datetime
    hurdle: bool = False
    device_id: int | None = None
    likeness: str = ""
    others: str = ""
    picture: bytes | None = None
    box: tuple[int, int, int, int] | None = None


def handle_face(seen: FaceSeen) -> Passage | None:
    """Decide, write, and order the door to open if the decision says so.

    Consent and the gate's rule are asked in the transaction that decides, so a match that was under
    way when they went opens nothing. None where this gate takes no faces (now), or what was seen is
    too old: then nothing is written. Raises Lane.DoesNotExist.
    """
    with along(trace=trace_of(seen.lane_id, seen.key)):
        picture, fault = _picture(seen)
        try:
            with events.writing():
                passage = _take(seen, picture)
        except BaseException:
            pictures.discard(picture)
            raise
        if picture is not None and (passage is None or passage.picture_id != picture.pk):
            pictures.discard(picture)
        if passage is not None:
            log.info("passage", passage=passage.pk, outcome=passage.outcome, code=passage.code)
            if fault:
                tell_disk_full(passage.compound_id, fault)
    return passage


def _picture(seen: FaceSeen) -> tuple[Picture | None, OSError | None]:
    """The file, its row unsaved: it is kept only with a passage of somebody who consents."""
    compound_id = Lane.objects.values_list("compound_id", flat=True).get(pk=seen.lane_id)
    if not seen.picture:
        return None, None
    place = {"compound_id": compound_id, "lane_id": seen.lane_id}
    try:
        return pictures.write(seen.picture, **place, taken_at=seen.received_at), None
    except pictures.PictureRefused as error:
        log.warning("picture_refused", lane=seen.lane_id, why=str(error))
    except OSError as error:
        return None, error
    return None, None


def _take(seen: FaceSeen, picture: Picture | None) -> Passage | None:
    lane = locked_lane(seen.lane_id)
    now, rule = timezone.now(), rule_of(lane)
    if rule is None or not _is_usable(lane, seen, now):
        return None
    served = buildings_of(rule)
    if served and not residents.serves(lane, seen.way_id, served, now):
        return None  # nobody whom this door knows: no trace, as of any stranger
    rows = Presentation.objects.select_related("passage")
    known = rows.filter(lane=lane, key=seen.key[:120]).first()
    if known is not None:
        repeated: Passage = known.passage
        return repeated
    before = _before(seen, lane, now)
    if before is not None and (before.state != Passage.State.WAITING or before.person is None):
        return before
    admission = _decide(seen, lane, rule)
    if before is None:
        before = _same_refusal(lane, admission, now)
    if before is not None and before.code == admission.verdict.code:
        return before
    return _write(seen, lane, admission, before or _new(lane, seen), picture)


def _is_usable(lane: Lane, seen: FaceSeen, now: datetime) -> bool:
    fresh = timedelta(seconds=-1) <= now - seen.received_at <= FRESH
    return lane.is_active and lane.gate.kind == Gate.Kind.PEDESTRIAN and fresh


def _before(seen: FaceSeen, lane: Lane, now: datetime) -> Passage | None:
    """What is known of this person at this door: let in a moment ago, or waiting here; or a guard
    said a moment ago that whoever stands here is somebody else."""
    rows = Passage.objects.filter(lane=lane, way="face", facts__mistaken=seen.way_id)
    denied: Passage | None = rows.filter(seen_at__gte=now - WAITS).order_by("-pk").first()
    if denied is not None:
        return denied
    ways = WayIn.objects.filter(pk=seen.way_id, compound_id=lane.compound_id)
    person = ways.values_list("person_id", flat=True).first()
    if person is None:
        return None
    return let_in_lately(lane, person, now) or waiting_face(lane, person, now)


def _same_refusal(lane: Lane, admission: Admission, now: datetime) -> Passage | None:
    """A refused face is seen again and again while it stands there: one row."""
    if admission.verdict.outcome is not Outcome.DENY:
        return None
    rows = Passage.objects.filter(lane=lane, way="face", code=admission.verdict.code)
    rows = rows.filter(person=admission.person, decided_at__gte=now - SAME_ATTEMPT)
    found: Passage | None = rows.order_by("-pk").first()
    return found


def _decide(seen: FaceSeen, lane: Lane, rule: FaceRule) -> Admission:
    """No watch list here: nobody's face is on it, nor looked for."""
    if lane.barrier is None or not lane.barrier.is_active:
        return Admission(Verdict(Outcome.ASK, "lane_without_door"))
    beside = seen.hurdle and not rule.asks_second
    return residents.present_face(
        lane, seen.way_id, seen.received_at, sure=seen.sure, beside=beside
    )


def _new(lane: Lane, seen: FaceSeen) -> Passage:
    return Passage(
        compound_id=lane.compound_id,
        lane=lane,
        direction=lane.direction,
        way="face",
        seen_at=seen.received_at,
    )


def _write(
    seen: FaceSeen, lane: Lane, admission: Admission, passage: Passage, picture: Picture | None
) -> Passage:
    verdict = admission.verdict
    passage.person = admission.person
    passage.outcome, passage.code = verdict.outcome.value, verdict.code
    passage.facts = verdict.facts | ({"face": _face(seen)} if admission.way else {})
    passage.state, passage.decided_at = STATES[verdict.outcome], timezone.now()
    # Of somebody who withdrew, or was never known, nothing is kept.
    if picture is not None and admission.way is not None:
        picture.save()
        passage.picture = picture
    passage.save()
    Presentation.objects.create(
        compound_id=lane.compound_id,
        lane=lane,
        device_id=seen.device_id,
        key=seen.key[:120],
        way="face",
        received_at=seen.received_at,
        passage=passage,
    )
    tell_decided(passage)
    if verdict.opens and lane.barrier is not None:
        order_open(passage, lane.barrier, lane, since=seen.received_at)
    return passage


def _face(seen: FaceSeen) -> dict[str, Any]:
    """How it was recognised, in codes: what a guard reads, and which template it was."""
    told: dict[str, Any] = {"way": seen.way_id, "likeness": seen.likeness, "others": seen.others}
    return told | ({"box": list(seen.box)} if seen.box else {})
