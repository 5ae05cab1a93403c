"""One line of the feed for each kind of event; what the events point to is read in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Device, Event, Lane, User
from community.verdicts import sentence
from security import alerts
from security.models import Alert, KeepOpen, Passage
from security.reasons import KeepOpenReason, OpenReason, RefuseReason
from security.words import direction_word

State = Passage.State
MARKS = {"allow": "allow", "deny": "deny", "ask": "ask", "fail": "fail"}


@dataclass(frozen=True)
class EventRow:
    """One line of the feed. ``groups`` are the filters that show it."""

    sequence: int
    at: datetime
    mark: str
    label: str
    why: str
    where: str
    groups: str = ""
    plated: bool = False
    plate: str = ""
    kind: str = "unknown"
    who: str = ""
    passage: int | None = None
    lane: int | None = None
    open: bool = False
    crossed: bool = False


@dataclass(frozen=True)
class Known:
    """The rows that a batch of events points to, read once for the batch."""

    passages: dict[int, Passage]
    lanes: dict[int, Lane]
    devices: dict[int, Device]
    alerts: dict[int, Alert]
    keep_opens: dict[int, KeepOpen]
    users: dict[int, User]


def _ids(batch: Iterable[Event], name: str) -> set[int]:
    found = (event.payload.get(name) for event in batch)
    return {value for value in found if isinstance(value, int)}


def _rows(model: Any, keys: set[int], *related: str) -> dict[int, Any]:
    if not keys:
        return {}
    return {row.pk: row for row in model.objects.filter(pk__in=keys).select_related(*related)}


def know(batch: list[Event]) -> Known:
    return Known(
        _rows(Passage, _ids(batch, "passage"), "lane"),
        _rows(Lane, _ids(batch, "lane")),
        _rows(Device, _ids(batch, "device")),
        _rows(Alert, _ids(batch, "alert"), "device", "lane"),
        _rows(KeepOpen, _ids(batch, "keep_open")),
        _rows(User, {event.actor_id for event in batch if event.actor_id}),
    )


def _lane_name(event: Event, known: Known) -> str:
    lane = known.lanes.get(event.payload.get("lane", 0))
    return lane.name if lane else ""


def _joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def _actor(event: Event, known: Known) -> str:
    user = known.users.get(event.actor_id or 0)
    return str(user) if user else ""


def _of_passage(event: Event, known: Known, **fields: Any) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    sure = f"{passage.confidence:.0%}" if passage and passage.plate else ""
    way = direction_word(passage.direction) if passage else ""
    return EventRow(
        sequence=event.sequence,
        at=event.at,
        plated=True,
        plate=passage.plate if passage else "",
        kind=passage.kind if passage else "unknown",
        passage=passage.pk if passage else None,
        lane=event.payload.get("lane"),
        where=_joined(_lane_name(event, known), way, sure),
        crossed=bool(passage and passage.state == State.CROSSED),
        **fields,
    )


def _decided(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    outcome = str(event.payload.get("outcome", "fail"))
    code = str(event.payload.get("code", ""))
    # The rule of this event, with its facts while the passage still stands by that rule.
    facts = passage.facts if passage and passage.code == code else {}
    labels = {
        "allow": _("Opened"),
        "deny": _("Refused"),
        "ask": _("Your call"),
        "fail": _("Not read"),
    }
    waits = bool(passage and passage.state == State.WAITING)
    return _of_passage(
        event,
        known,
        mark=MARKS.get(outcome, "info"),
        label=labels.get(outcome, _("Note")),
        why=sentence(code, facts),
        groups="car refused" if outcome == "deny" else "car",
        open=outcome == "deny" or (waits and outcome == "ask"),
    )


def _stored(event: Event, known: Known) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    code = str(event.payload.get("code", ""))
    facts = passage.facts if passage and passage.code == code else {}
    return _of_passage(
        event, known, mark="info", label=_("Note"), why=sentence(code, facts), groups="car"
    )


def _opened_by_hand(event: Event, known: Known) -> EventRow:
    reason = _choice(OpenReason, event.payload.get("reason"))
    said = _("Opened by hand: %(reason)s.") % {"reason": reason}
    return _of_passage(
        event,
        known,
        mark="hand",
        label=_("By hand"),
        why=_joined_sentence(said, _actor(event, known)),
        groups="car hand",
    )


def _refused(event: Event, known: Known) -> EventRow:
    reason = _choice(RefuseReason, event.payload.get("reason"))
    said = _("Refused: %(reason)s.") % {"reason": reason}
    return _of_passage(
        event,
        known,
        mark="deny",
        label=_("Refused"),
        why=_joined_sentence(said, _actor(event, known)),
        groups="car refused hand",
    )


def _gone(event: Event, known: Known) -> EventRow:
    return _of_passage(
        event,
        known,
        mark="info",
        label=_("Note"),
        why=_("The car left without passing."),
        groups="car",
    )


def _kept_open(event: Event, known: Known) -> EventRow:
    kept = known.keep_opens.get(event.payload.get("keep_open", 0))
    reason = _choice(KeepOpenReason, event.payload.get("reason"))
    until = timezone.localtime(kept.until).strftime("%H:%M") if kept else ""
    said = _("Kept open until %(until)s: %(reason)s.") % {"until": until, "reason": reason}
    return _of_lane(event, known, "hand", _("By hand"), said)


def _released(event: Event, known: Known) -> EventRow:
    return _of_lane(event, known, "hand", _("By hand"), _("Back to one car at a time."))


def _of_lane(event: Event, known: Known, mark: str, label: str, said: str) -> EventRow:
    return EventRow(
        event.sequence,
        event.at,
        mark,
        label,
        _joined_sentence(said, _actor(event, known)),
        _lane_name(event, known),
        groups="hand",
        who=_("Lane"),
        lane=event.payload.get("lane"),
    )


def _joined_sentence(said: str, who: str) -> str:
    return f"{said} {who}" if who else said


def _choice(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else _("no reason given")


#: Marks and sentences of what devices do; the name is the device's own.
DEVICES: dict[str, tuple[str, Any]] = {
    "device.went_offline": ("off", gettext_lazy("%(name)s does not answer.")),
    "device.came_online": ("info", gettext_lazy("%(name)s answers again.")),
    "device.faulty": ("off", gettext_lazy("%(name)s reports a fault.")),
    "camera.failed": ("off", gettext_lazy("%(name)s gives no picture.")),
    "camera.recovered": ("info", gettext_lazy("%(name)s gives pictures again.")),
    "device.command_failed": ("off", gettext_lazy("%(name)s did not open.")),
    "device.command_unknown": ("off", gettext_lazy("%(name)s did not answer; it may be open.")),
}


def _of_device(event: Event, known: Known) -> EventRow:
    device = known.devices.get(event.payload.get("device", 0))
    shape, said = DEVICES[event.kind]
    return EventRow(
        event.sequence,
        event.at,
        shape,
        _("Offline") if shape == "off" else _("Note"),
        str(said) % {"name": device.name if device else _("A device")},
        _lane_name(event, known),
        groups="device",
        who=str(device.get_kind_display()) if device else _("Device"),
        lane=event.payload.get("lane"),
    )


def _of_alert(event: Event, known: Known) -> EventRow | None:
    alert = known.alerts.get(event.payload.get("alert", 0))
    if alert is None or (event.kind == "alert.raised" and alert.device_id):
        return None  # the device's own line says it already
    ends = {"alert.acknowledged": _("taken"), "alert.closed": _("closed")}
    return EventRow(
        event.sequence,
        event.at,
        f"sev{alert.severity}" if event.kind == "alert.raised" else "info",
        str(alert.get_severity_display()),
        alerts.said(alert),
        _joined(ends.get(event.kind, ""), _actor(event, known)),
        groups="alert",
        who=_("Alert"),
        lane=alert.lane_id,
    )


ROWS: dict[str, Callable[[Event, Known], EventRow | None]] = {
    "gate.passage_decided": _decided,
    "gate.passage_stored": _stored,
    "gate.opened_by_hand": _opened_by_hand,
    "gate.passage_refused": _refused,
    "gate.passage_gone": _gone,
    "gate.kept_open": _kept_open,
    "gate.released": _released,
    "alert.raised": _of_alert,
    "alert.acknowledged": _of_alert,
    "alert.closed": _of_alert,
    **dict.fromkeys(DEVICES, _of_device),
}
