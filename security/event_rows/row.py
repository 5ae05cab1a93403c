"""What one line of the feed says, and the rows that a batch of lines points to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import CharField, F, Value
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from community.models import Device, Event, Lane, User
from parking.models import Area
from security.models import Alert, HomeCall, KeepOpen, Passage
from security.words import direction_word, who_on_foot

State = Passage.State


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
    #: Somebody who was known by face, and may have been taken for another.
    faced: bool = False


@dataclass(frozen=True)
class Named:
    """A device by its name, and its kind as a word."""

    name: str
    code: str

    @property
    def kind(self) -> str:
        return str(Device.Kind(self.code).label)


@dataclass(frozen=True)
class Known:
    """The rows that a batch of events points to, read once for the batch."""

    passages: dict[int, Passage]
    lanes: dict[int, str]
    devices: dict[int, Named]
    alerts: dict[int, Alert]
    keep_opens: dict[int, KeepOpen]
    users: dict[int, User]
    calls: dict[int, HomeCall] = field(default_factory=dict)
    areas: dict[int, Area] = field(default_factory=dict)


def _ids(batch: Iterable[Event], name: str) -> set[int]:
    found = (event.payload.get(name) for event in batch)
    return {value for value in found if isinstance(value, int)}


def _rows(model: Any, keys: set[int], *related: str) -> dict[int, Any]:
    if not keys:
        return {}
    return {row.pk: row for row in model.objects.filter(pk__in=keys).select_related(*related)}


def know(batch: list[Event]) -> Known:
    passages: dict[int, Passage] = _rows(
        Passage, _ids(batch, "passage"), "lane", "person", "visit__unit"
    )
    lanes = {row.lane_id: row.lane.name for row in passages.values()}
    more, devices = _names(_ids(batch, "lane") - lanes.keys(), _ids(batch, "device"))
    # Lines from before the end was kept with them.
    endless = [event for event in batch if "until" not in event.payload]
    return Known(
        passages,
        lanes | more,
        devices,
        _rows(Alert, _ids(batch, "alert"), "device", "lane", "assigned_to"),
        _rows(KeepOpen, _ids(endless, "keep_open") if _tells_end(endless) else set()),
        _actors(batch),
        _rows(HomeCall, _ids(batch, "call"), "unit", "lane", "answered_by"),
        _rows(Area, _ids(batch, "area")),
    )


def _tells_end(batch: list[Event]) -> bool:
    return any(event.kind == "gate.kept_open" for event in batch)


def _names(lanes: set[int], devices: set[int]) -> tuple[dict[int, str], dict[int, Named]]:
    """Names of lanes and of devices, in one question for both."""
    asked: list[Any] = []
    for model, keys, kind in ((Lane, lanes, Value("")), (Device, devices, F("kind"))):
        if keys:
            rows: Any = model._default_manager.filter(pk__in=keys).order_by()
            table = Value(model.__name__, CharField())
            kind_of = Cast(kind, CharField())
            asked.append(rows.values_list(table, "pk", "name", kind_of))
    found = list(asked[0].union(*asked[1:], all=True)) if asked else []
    return (
        {pk: name for table, pk, name, _kind in found if table == "Lane"},
        {pk: Named(name, kind) for table, pk, name, kind in found if table == "Device"},
    )


def _actors(batch: list[Event]) -> dict[int, User]:
    """Who did it; read here unless the events came with them."""
    acted = [event for event in batch if event.actor_id]
    if all(Event.actor.is_cached(event) for event in acted):
        return {event.actor.pk: event.actor for event in acted if event.actor}
    return _rows(User, {event.actor_id for event in acted if event.actor_id})


def lane_name(event: Event, known: Known) -> str:
    return known.lanes.get(event.payload.get("lane", 0), "")


def joined(*words: str) -> str:
    return " · ".join(word for word in words if word)


def actor(event: Event, known: Known) -> str:
    user = known.users.get(event.actor_id or 0)
    return str(user) if user else ""


def of_passage(event: Event, known: Known, **fields: Any) -> EventRow:
    passage = known.passages.get(event.payload.get("passage", 0))
    sure = f"{passage.confidence:.0%}" if passage and passage.plate else ""
    way = direction_word(passage.direction) if passage else ""
    who = who_on_foot(passage) if passage else ""
    return EventRow(
        sequence=event.sequence,
        at=event.at,
        plated=not who,
        who=who,
        plate=passage.plate if passage else "",
        kind=passage.kind if passage else "unknown",
        passage=passage.pk if passage else None,
        lane=event.payload.get("lane"),
        where=joined(lane_name(event, known), way, sure),
        crossed=bool(passage and passage.state == State.CROSSED),
        faced=bool(passage and passage.person_id and passage.facts.get("face")),
        **fields,
    )


def signed(said: str, who: str) -> str:
    return f"{said} {who}" if who else said


def choice(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else _("no reason given")
