"""Lines about cars and lanes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Event
from community.templatetags.linli import hour
from community.verdicts import sentence
from security.alike import IN_DOUBT
from security.event_rows.row import (
    EventRow,
    Known,
    State,
    actor,
    choice,
    lane_name,
    of_passage,
    signed,
)
from security.models import Passage
from security.reasons import KeepOpenReason, OpenReason, RefuseReason

MARKS = {"allow": "allow", "deny": "deny", "ask": "ask", "fail": "fail"}


def decided(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    outcome = str(event.payload.get("outcome", "fail"))
    code = str(event.payload.get("code", ""))
    labels = {
        "allow": _("Opened"),
        "deny": _("Refused"),
        "ask": _("Your call"),
        "fail": _("Not read"),
    }
    waits = bool(passage and passage.state == State.WAITING)
    return of_passage(
        event,
        known,
        mark=MARKS.get(outcome, "info"),
        label=labels.get(outcome, _("Note")),
        why=_since(passage, code),
        groups="car refused" if outcome == "deny" else "car",
        open=outcome == "deny" or (waits and outcome == "ask"),
    )


def _since(passage: Passage | None, code: str) -> str:
    """The rule of this event; where a person has put plate or entry right since, what is true now.

    A row shows the plate that counts today: what was said of another one is said with that one.
    """
    # The facts are of this rule while the passage still stands by it.
    facts = passage.facts if passage and passage.code == code else {}
    if passage is None:
        return sentence(code, facts)
    entered = passage.facts.get("entered") if "stay" in passage.facts else None
    if code in IN_DOUBT and passage.code != code and isinstance(entered, int):
        said = _("By the pictures it is the car that came in at %(time)s.")
        said = said % {"time": hour(datetime.fromtimestamp(entered, UTC))}
    else:
        said = sentence(code, facts)
    if not passage.read_as:
        return said
    return _("First read as %(read)s: %(said)s") % {"read": passage.read_as, "said": said}


def stored(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    code = str(event.payload.get("code", ""))
    facts = passage.facts if passage and passage.code == code else {}
    return of_passage(
        event, known, mark="info", label=_("Note"), why=sentence(code, facts), groups="car"
    )


def opened_by_hand(event: Event, known: Known) -> EventRow:
    reason = choice(OpenReason, event.payload.get("reason"))
    said = _("Opened by hand: %(reason)s.") % {"reason": reason}
    return of_passage(
        event,
        known,
        mark="hand",
        label=_("By hand"),
        why=signed(said, actor(event, known)),
        groups="car hand",
    )


def refused(event: Event, known: Known) -> EventRow:
    reason = choice(RefuseReason, event.payload.get("reason"))
    said = _("Refused: %(reason)s.") % {"reason": reason}
    return of_passage(
        event,
        known,
        mark="deny",
        label=_("Refused"),
        why=signed(said, actor(event, known)),
        groups="car refused hand",
    )


def gone(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    on_foot = bool(passage and passage.way)
    return of_passage(
        event,
        known,
        mark="info",
        label=_("Note"),
        why=_("Nobody went through.") if on_foot else _("The car left without passing."),
        groups="car",
    )


def face_mistaken(event: Event, known: Known) -> EventRow:
    said = _("Not the person that the door took them for.")
    return of_passage(
        event,
        known,
        mark="hand",
        label=_("By hand"),
        why=signed(said, actor(event, known)),
        groups="car hand",
    )


def kept_open(event: Event, known: Known) -> EventRow:
    reason = choice(KeepOpenReason, event.payload.get("reason"))
    said = _("Kept open until %(until)s: %(reason)s.") % {
        "until": _end(event, known),
        "reason": reason,
    }
    return _of_lane(event, known, "hand", _("By hand"), said)


def _end(event: Event, known: Known) -> str:
    kept, end = known.keep_opens.get(event.payload.get("keep_open", 0)), event.payload.get("until")
    until = datetime.fromtimestamp(end, UTC) if end else (kept.until if kept else None)
    return timezone.localtime(until).strftime("%H:%M") if until else ""


def released(event: Event, known: Known) -> EventRow:
    return _of_lane(event, known, "hand", _("By hand"), _("Back to one car at a time."))


def _of_lane(event: Event, known: Known, mark: str, label: str, said: str) -> EventRow:
    return EventRow(
        event.sequence,
        event.at,
        mark,
        label,
        signed(said, actor(event, known)),
        lane_name(event, known),
        groups="hand",
        who=_("Lane"),
        lane=event.payload.get("lane"),
    )
