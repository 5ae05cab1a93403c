"""What a push of a known device comes to. A car takes the one road; nothing here decides."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any

import structlog

from community.devices import operations as devices
from community.devices import outbox
from community.devices.outbox import Letter
from community.devices.push import Format, PlateTold, Told
from community.models import Command, Device, Lane
from community.vision import grammar
from security import ingest, operations, pictures
from security.operations import Taken
from security.operations.terminals import take_access
from security.readings import ReadingInput

log = structlog.get_logger(__name__)
#: The driver of barriers that take their orders from a camera's answers; and of one that has its
#: own way to the camera, which tells of its contact on this one all the same.
ANSWERED, ORDERED = "vzenith", "vzenith_mqtt"
#: How long an answer may wait for the order that its own car gave rise to.
LETTER_S = 1.0
#: What counts as confidence where a maker's format has none, unless the device's settings say so.
ASSUMED = 0.95


@dataclass(frozen=True)
class Outcome:
    """``code``: what came of it, for the log; ``letter``: the order that the answer carries.

    ``afterwards`` is called once the answer went out.
    """

    code: str
    letter: Letter | None = None
    afterwards: tuple[Callable[[], object], ...] = ()


def take(device: Device, how: Format, told: Told, received_at: datetime) -> Outcome:
    """Store, and let decide what is to be decided.

    Raises ReadingRefused where it cannot be taken, OperationalError where it may later.
    """
    if told.plate is not None:
        return _plate(device, how, told.plate, received_at)
    if told.access is not None:
        lane = ingest.lane_for(device, None)
        return Outcome(take_access(device, lane, told.access, received_at))
    if told.what == "poll":
        return _poll(device)
    if told.input is not None:
        for barrier in answered_barriers(device):
            outbox.note_input(barrier, told.input.number, told.input.is_on)
    return Outcome(told.what)


def answered_barriers(camera: Device) -> list[int]:
    """The barriers on this camera's own relay: orders lie only before those of its answers."""
    return operations.barriers_of(camera, ANSWERED, ORDERED)


def _poll(device: Device) -> Outcome:
    for barrier in answered_barriers(device):
        letter = outbox.hand_out(barrier)
        if letter is not None:
            return Outcome("order_handed_out", letter)
    return Outcome("poll")


def _plate(device: Device, how: Format, told: PlateTold, received_at: datetime) -> Outcome:
    lane = ingest.lane_for(device, None)
    reading = reading_of(device, lane, told, received_at)
    known = operations.taken_before(device.pk, reading.key)
    taken = known or operations.take_reading(reading)
    if not how.carries:
        return Outcome(_code(taken))
    return _carried(told, taken)


def _carried(told: PlateTold, taken: Taken) -> Outcome:
    """The order that this car gave rise to, if there is one; a repeat never carries one."""
    command = taken.passage.command_id
    # The decision was made with the lane locked, and has its barrier with it.
    barrier = taken.passage.lane.barrier if command else None
    if barrier is None or barrier.driver != ANSWERED or command is None:
        return Outcome(_code(taken))
    if taken.duplicate:
        outbox.doubt(barrier.pk, command)
        return Outcome(_code(taken))
    if taken.passage.outcome != "allow" or not told.is_realtime:
        return Outcome(_code(taken))
    letter = _letter(barrier.pk, command)
    if letter is None:
        return Outcome("order_not_ready")
    return Outcome(_code(taken), letter, (partial(outbox.heard, barrier.pk, command),))


def _letter(barrier: int, command: int) -> Letter | None:
    """This command's letter, as soon as the thread that carries it has laid it out."""
    end = time.monotonic() + LETTER_S
    while True:
        letter = outbox.take(barrier, command)
        if letter is not None or time.monotonic() >= end:
            return letter
        if outbox.state_of(barrier, command) != "waiting" and _is_over(command):
            return None
        time.sleep(0.01)


def _is_over(command: int) -> bool:
    states = Command.objects.filter(pk=command).values_list("state", flat=True)
    return states.first() not in ("pending", "sending")


def _code(taken: Taken) -> str:
    return "repeated" if taken.duplicate else str(taken.passage.code)


def reading_of(device: Device, lane: Lane, told: PlateTold, received_at: datetime) -> ReadingInput:
    """The reading in what a camera told; its own word for the event makes a repeat harmless."""
    plate = grammar.parse(told.plate)
    return ReadingInput(
        device_id=device.pk,
        lane_id=lane.pk,
        key=_key(device, told, received_at),
        source="push",
        plate=plate,
        plate_raw=(told.plate or "")[:40],
        kind=ingest.kind_said(plate or "", told.colour),
        colour=told.colour,
        confidence=_confidence(device, told) if plate else 0.0,
        captured_at=told.captured_at,
        received_at=received_at,
        is_realtime=told.is_realtime,
        picture=_picture(device, told.picture),
    )


def _key(device: Device, told: PlateTold, received_at: datetime) -> str:
    if told.vendor_id:
        return f"push:{told.vendor_id}"[:120]
    said: Any = told.captured_at or (sha256(told.picture).hexdigest() if told.picture else None)
    # With neither time nor picture nothing tells two cars apart but the moment they come.
    when = said.isoformat() if isinstance(said, datetime) else said or received_at.isoformat()
    return "push:" + sha256(f"{device.pk}|{told.plate or ''}|{when}".encode()).hexdigest()


def _confidence(device: Device, told: PlateTold) -> float:
    if told.confidence is not None:
        return told.confidence
    assumed = device.settings.get("assumed_confidence")
    is_share = isinstance(assumed, int | float) and 0 <= assumed <= 1
    return float(assumed) if is_share else ASSUMED


def _picture(device: Device, data: bytes | None) -> bytes | None:
    """A picture of a size that is kept; a car without one is a car all the same."""
    if not data:
        return None
    try:
        pictures.measured(data)
    except pictures.PictureRefused as error:
        log.warning("push_picture_refused", device=device.pk, why=str(error)[:120])
        return None
    return data


def note_alive(device: Device, how: Format, told: Told) -> None:
    """Whoever pushes lives; and some say so whether cars come or not."""
    if how.heartbeat and told.what in ("heartbeat", "poll"):
        devices.note_heartbeat(device)
    devices.note_push(device)
    if how.carries and told.what != "poll":
        for barrier in answered_barriers(device):
            outbox.note_asked(barrier)
