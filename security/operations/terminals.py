"""What a terminal at a door decided by itself, kept as a passage. It orders nothing, ever."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from community import events
from community.devices import operations as devices
from community.devices.push import AccessTold
from community.models import Device, Lane
from security.models import Passage, Presentation
from security.operations.locks import locked_lane

#: Ways that a passage knows; a fingerprint stays in the terminal and is no way of ours.
WAYS = {"face": "face", "card": "card"}
TERMINAL = "terminal"


def take_access(device: Device, lane: Lane, told: AccessTold, received_at: datetime) -> str:
    """Keep it once; the code of what it was.

    Whose face or card it was stays in the terminal: its numbers of people are not ours.
    """
    passage = _passage(device, lane, told, received_at)
    shown = Presentation(
        compound_id=lane.compound_id,
        lane=lane,
        device=device,
        key="push:" + sha256(f"{device.pk}|{told.vendor_id}".encode()).hexdigest(),
        way=passage.way,
        received_at=received_at,
        passage=passage,
    )
    try:
        _keep(passage, shown, is_news=told.is_realtime)
    except IntegrityError:
        return "repeated"
    return passage.code


def _passage(device: Device, lane: Lane, told: AccessTold, received_at: datetime) -> Passage:
    at = told.captured_at or received_at
    if told.is_realtime:
        at, _source = devices.corrected(device, told.captured_at, received_at)
    return Passage(
        compound_id=lane.compound_id,
        lane=lane,
        direction=lane.direction,
        way=WAYS.get(told.way, TERMINAL),
        outcome="allow" if told.granted else "deny",
        code="terminal_granted" if told.granted else "terminal_refused",
        facts={},
        state=Passage.State.STORED,
        seen_at=min(at, received_at),
        decided_at=timezone.now(),
    )


def _keep(passage: Passage, shown: Presentation, *, is_news: bool) -> None:
    with events.writing():
        locked_lane(passage.lane_id)
        passage.save()
        shown.passage = passage
        shown.save()
        told: dict[str, Any] = {"outcome": passage.outcome, "code": passage.code} if is_news else {}
        events.record(
            "gate.passage_decided" if is_news else "gate.passage_stored",
            compound=passage.compound_id,
            passage=passage.pk,
            lane=passage.lane_id,
            **told,
        )
