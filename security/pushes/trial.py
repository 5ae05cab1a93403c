"""A push made by us, in the words of the device's maker, that walks the whole road and is undone.

Everything that a real push meets is the real thing: the reader of that maker, the lane, the
decision, the order, the rows. Then the transaction is rolled back, so nothing opens, nobody is
told, and no stay changes; that somebody tried is what stays in the ledger.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog
from django.db import OperationalError
from django.utils import timezone

from community import events
from community.devices import heard
from community.devices import operations as devices
from community.devices.heard import Heard
from community.devices.push import DRIVER, NotUnderstood, Told
from community.devices.push.samples import Car
from community.models import Device, User
from security import ingest, operations
from security.operations import Taken
from security.pushes import taking
from security.pushes.listened import Trial, trial_of
from security.readings import ReadingInput, ReadingRefused

log = structlog.get_logger(__name__)
#: Stands for the serial number of a camera that was never heard.
NO_SERIAL = "linli-test"
#: A camera's picture is a moment old when it comes.
AGE = timedelta(milliseconds=300)


@dataclass(frozen=True)
class Step:
    """One stretch of the road. ``name``: address, body, serial, lane, decision, answer.

    ``state``: ``allow`` it went well, ``ask`` something to look at, ``deny`` it ends here.
    ``code`` says what was found there; ``facts`` what is worth showing.
    """

    name: str
    state: str
    code: str
    facts: dict[str, Any]


class _Undone(Exception):
    """Carries what was decided out of the transaction that it ends."""

    def __init__(self, taken: Taken) -> None:
        super().__init__()
        self.passage, self.ordered = taken.passage, taken.passage.command_id is not None


def walk(device: Device, plate: str, actor: User | None) -> list[Step]:
    """Try the road of a device that tells of cars with one of this plate; what happened, by steps.

    The road ends at the first step that is ``deny``. Raises LookupError for a device of no maker
    that is known, DeviceFault for settings that make no sense.
    """
    now = timezone.now()
    car = Car(plate, device.serial or NO_SERIAL, now - AGE, number=int(time.time()))
    trial = trial_of(device, car)
    steps = [_address(device)] if device.driver == DRIVER else []
    steps += _walk(device, trial)
    code = steps[-1].code if steps[-1].state == "deny" else _decided(steps)
    with events.writing():
        events.record(
            "device.push_tried",
            compound=device.compound_id,
            actor=actor,
            device=device.pk,
            code=devices.code_of(code),
        )
    name, data = trial.how.name, trial.data
    note = Heard(time.time(), name, trial.rest, "plate", code, len(data), "", is_test=True)
    heard.keep(device.pk, note, data, trial.content_type)
    return steps


def _decided(steps: list[Step]) -> str:
    return next((step.code for step in steps if step.name == "decision"), "")


def _address(device: Device) -> Step:
    """Whether there is an address to which the camera can push, and when it last did."""
    rows = device.tokens.filter(purpose="push", revoked_at=None).order_by("-last_used_at", "-pk")
    live = list(rows)
    used = max((row.last_used_at for row in live if row.last_used_at), default=None)
    code = "address_used" if used else "address_unused" if live else "address_none"
    facts = {"used": used, "hint": live[0].hint if live else "", "count": len(live)}
    return Step("address", "allow" if used else "ask", code, facts)


def _walk(device: Device, trial: Trial) -> list[Step]:
    told, body = _read(trial)
    if told is None or told.plate is None:
        return [body]
    serial = _serial(device)
    try:
        lane = ingest.lane_for(device, None)
    except ReadingRefused as refused:
        return [body, *serial, Step("lane", "deny", refused.code, {})]
    found = Step("lane", "allow", "lane_found", {"lane": lane.name, "direction": lane.direction})
    reading = taking.reading_of(device, lane, told.plate, timezone.now())
    decision = _decide(replace(reading, key=f"test:{uuid4().hex}", picture=None))
    steps = [body, *serial, found, decision]
    if device.driver != DRIVER:
        return steps  # nobody waits for an answer: we called it, or its broker
    said = trial.how.answer(told, None).body.decode("utf-8", "replace")
    return [*steps, Step("answer", "allow", "answered", {"said": said})]


def _read(trial: Trial) -> tuple[Told | None, Step]:
    said = heard.cleared(trial.data, trial.content_type)
    facts: dict[str, Any] = {"size": len(trial.data), "said": said}
    try:
        told = trial.read()
    except NotUnderstood as fault:
        return None, Step("body", "deny", fault.code, facts)
    if told.plate is None:
        return None, Step("body", "deny", "no_event", facts)
    facts |= {"plate": told.plate.plate or "", "captured_at": told.plate.captured_at}
    return told, Step("body", "allow", "body_read", facts)


def _serial(device: Device) -> list[Step]:
    if device.serial:
        return [Step("serial", "allow", "serial_bound", {"serial": device.serial})]
    # Whom we call needs no number to be known by.
    return [Step("serial", "ask", "serial_free", {})] if device.driver == DRIVER else []


def _decide(reading: ReadingInput) -> Step:
    """Take the reading as any other, then undo all of it."""
    try:
        with events.writing():
            raise _Undone(operations.take_reading(reading))
    except _Undone as undone:
        passage, ordered = undone.passage, undone.ordered
    except ReadingRefused as refused:
        return Step("decision", "deny", refused.code, {})
    except OperationalError:
        return Step("decision", "deny", "not_stored", {})
    except Exception:
        log.exception("trial_broke")
        return Step("decision", "deny", "push_broke", {})
    facts = {"outcome": passage.outcome, "opens": ordered, "plate": reading.plate or ""}
    state = "allow" if passage.outcome == "allow" else "ask"
    return Step("decision", state, passage.code, facts)
