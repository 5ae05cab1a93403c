"""A second way in beside a face: the same person, at the same lane, a moment later."""

from __future__ import annotations

from datetime import datetime, timedelta

from community.models import Lane
from residents.operations import Admission
from security.models import Passage

State = Passage.State
#: So long a face waits for the second way; who needs longer looks into the camera again.
WAITS = timedelta(seconds=40)
#: Somebody who was let in this long ago is still walking through the same door.
WALKS_THROUGH = timedelta(seconds=20)


def waiting_face(lane: Lane, person_id: int, now: datetime) -> Passage | None:
    """The passage of this person's face that waits here for a second way. The lane is locked."""
    rows = Passage.objects.filter(
        lane=lane,
        person=person_id,
        way="face",
        state=State.WAITING,
        command=None,
        seen_at__gte=now - WAITS,
    )
    found: Passage | None = rows.order_by("-pk").first()
    return found


def let_in_lately(lane: Lane, person_id: int, now: datetime) -> Passage | None:
    """The passage by which this person was let in here a moment ago. The lane is locked."""
    rows = Passage.objects.filter(
        lane=lane,
        person=person_id,
        state__in=(State.OPENED, State.CROSSED),
        decided_at__gte=now - WALKS_THROUGH,
    )
    found: Passage | None = rows.order_by("-pk").first()
    return found


def joined(passage: Passage, admission: Admission, kind: str, now: datetime) -> Passage:
    """The face's passage, decided anew by the way in that was shown beside it; not saved."""
    verdict = admission.verdict
    facts = verdict.facts | {"beside": kind}
    if face := passage.facts.get("face"):
        facts["face"] = face
    passage.outcome, passage.code, passage.facts = verdict.outcome.value, verdict.code, facts
    passage.state, passage.decided_at = State.OPENED, now
    return passage
