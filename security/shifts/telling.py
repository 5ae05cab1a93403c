"""A snapshot read back: its ids as lines in the reader's language, whatever was erased since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.devices.sentences import sentence as device_sentence
from community.models import Command, Device
from community.templatetags.linli import hour
from community.verdicts import sentence
from security import alerts
from security.models import Alert, KeepOpen, Passage, PatrolRound
from security.reasons import KeepOpenReason

Row = dict[str, Any]
HEALTH_MARKS = {"faulty": "ask", "offline": "off", "unknown": "info"}


@dataclass(frozen=True)
class Line:
    """One thing to know. ``plate`` only where a car is meant."""

    mark: str
    label: str
    text: str
    note: str = ""
    at: datetime | None = None
    plate: str = ""
    kind: str = "unknown"


@dataclass(frozen=True)
class Section:
    name: str
    icon: str
    title: str
    nothing: str
    lines: list[Line] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.lines)


@dataclass(frozen=True)
class Figure:
    name: str
    number: int


def moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None


def sections(taken: dict[str, Any]) -> list[Section]:
    """What a snapshot tells, in the order in which the next guard needs it."""
    return [
        _section(taken, part, title, nothing)
        for part, title, nothing in (
            (ALERTS, _("Open alerts"), _("No alert is open.")),
            (WAITING, _("Cars waiting"), _("No car is waiting.")),
            (KEPT, _("Lanes that stand open"), _("Every lane lets one car through at a time.")),
            (DEVICES, _("Devices that do not work"), _("All devices answer.")),
            (COMMANDS, _("Orders without an answer"), _("Every order was answered.")),
            (ROUNDS, _("Patrol rounds"), _("No round is under way or due within the hour.")),
        )
    ]


def figures(taken: dict[str, Any]) -> list[Figure]:
    """What the shift did, in numbers."""
    counts = taken.get("counts", {})
    names = {
        "passages": _("Passages"),
        "by_hand": _("Opened by hand"),
        "refused": _("Refused"),
        "not_read": _("Not read"),
    }
    return [Figure(name, counts.get(key, 0)) for key, name in names.items()]


def _section(taken: dict[str, Any], part: Part, title: str, nothing: str) -> Section:
    rows: list[Row] = taken.get(part.name, [])
    known = _known(part, [row["id"] for row in rows])
    lines = [part.tell(row, known.get(row["id"])) for row in rows]
    total = taken.get("totals", {}).get(part.name, len(lines))
    return Section(part.name, part.icon, title, nothing, lines, total)


def _known(part: Part, keys: list[int]) -> dict[int, Any]:
    if not keys:
        return {}
    rows = part.model.objects.filter(pk__in=keys)
    rows = rows.select_related(*part.related) if part.related else rows
    return {row.pk: row for row in rows.defer(*part.sealed)}


def _gone() -> str:
    return _("No longer kept.")


def _alert(row: Row, alert: Alert | None) -> Line:
    severity = str(Alert.Severity(row["severity"]).label)
    if alert is None:
        return Line(f"sev{row['severity']}", severity, _gone(), at=moment(row["at"]))
    if alert.taken_by_id and alert.taken_by_id == row["by"]:
        note = _("%(who)s is on it") % {"who": alert.taken_by}
    else:
        note = _("Taken") if row["by"] else _("Nobody has taken it yet")
    return Line(f"sev{row['severity']}", severity, alerts.said(alert), note, at=moment(row["at"]))


def _waiting(row: Row, passage: Passage | None) -> Line:
    why = sentence(row["code"], passage.facts if passage else {})
    return Line(
        "ask",
        _("Waiting"),
        passage.lane.name if passage else _gone(),
        why,
        moment(row["at"]),
        plate=(passage.plate or " ") if passage else "",
        kind=passage.kind if passage else "unknown",
    )


def _kept_open(row: Row, kept: KeepOpen | None) -> Line:
    known = row["reason"] in KeepOpenReason.values
    reason = str(KeepOpenReason(row["reason"]).label) if known else ""
    until = hour(moment(row["until"]))
    if kept is None:
        return Line("hand", _("By hand"), _gone(), reason)
    text = _("%(lane)s is open until %(until)s: %(reason)s")
    facts = {"lane": kept.lane.name, "until": until, "reason": reason}
    note = " · ".join(word for word in (str(kept.started_by), kept.note) if word)
    return Line("hand", _("By hand"), text % facts, note, at=kept.started_at)


def _device(row: Row, device: Device | None) -> Line:
    mark = HEALTH_MARKS.get(row["health"], "off")
    label = str(Device.Health(row["health"]).label)
    name = device.name if device else _gone()
    return Line(mark, label, f"{name} · {label}", device_sentence(row["code"]), moment(row["at"]))


def _command(row: Row, command: Command | None) -> Line:
    label = _("No answer")
    if command is None:
        return Line("off", label, _gone(), at=moment(row["at"]))
    text = sentence("alert.command_unknown", {"name": command.device.name})
    where = command.lane.name if command.lane else ""
    action = str(command.get_action_display())
    note = " · ".join(word for word in (where, action) if word)
    return Line("off", label, text, note, at=moment(row["at"]))


def _round(row: Row, patrol: PatrolRound | None) -> Line:
    running = row["state"] == PatrolRound.State.RUNNING
    label = str(PatrolRound.State(row["state"]).label)
    if patrol is None:
        return Line("due", label, _gone(), at=moment(row["at"]))
    time = timezone.localtime(patrol.planned_at).strftime("%H:%M")
    text = _("%(route)s, planned for %(time)s") % {"route": patrol.route.name, "time": time}
    left = len(patrol.stops) - row["confirmed"]
    note = ngettext("%(n)s point left", "%(n)s points left", left) % {"n": left}
    return Line("info" if running else "due", label, text, f"{label} · {note}")


@dataclass(frozen=True)
class Part:
    """Where one part of a snapshot comes from, and how a row of it is told."""

    name: str
    icon: str
    model: Any
    tell: Callable[[Row, Any], Line]
    related: tuple[str, ...] = ()
    #: Nobody needs a device's password here, and decrypting it takes time.
    sealed: tuple[str, ...] = ()


ALERTS = Part("alerts", "bell", Alert, _alert, ("device", "lane", "taken_by"))
WAITING = Part("waiting", "car", Passage, _waiting, ("lane",))
KEPT = Part("kept_open", "lock-open", KeepOpen, _kept_open, ("lane", "started_by"))
DEVICES = Part("devices", "plug-connected-x", Device, _device, (), ("credentials", "clock_samples"))
COMMANDS = Part(
    "commands",
    "barrier-block",
    Command,
    _command,
    ("device", "lane"),
    ("device__credentials", "device__clock_samples"),
)
ROUNDS = Part("rounds", "road", PatrolRound, _round, ("route",))
