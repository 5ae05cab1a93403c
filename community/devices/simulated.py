"""A barrier or door that stands nowhere, and can fail in every way that a real one does.

One folder, ``VAR_DIR/simulated``, is shared by all processes: ``<device>.log`` has one line per
thing that the device did, appended with O_APPEND, so that openings can be counted whoever caused
them; ``<device>.json`` holds behaviour set at run time, over the device's own settings.

Behaviour (``behave``, or the device's settings):

- ``latency_ms``: time until it answers; longer than ``timeout_ms`` (3000), and the caller hears
  nothing, though it acted.
- ``lag_ms``: time from the command to the arm being open; ``open_ms`` (5000): how long it stays.
- ``jam``: the motor is stuck; it refuses, and says that it is faulty.
- ``vanish``: it cannot be reached.
- ``drop_answer``: it acts, and the answer is lost.
- ``lie``: ``"open"`` or ``"closed"``: what it says of its position whatever the truth.
- ``contact``: ``"open"`` or ``"closed"``: what a door's contact says whatever its lock does, as
  of a leaf that is held open or was forced; ``button``: somebody presses the exit button now (one
  who pressed it and let go: :func:`press`); ``no_exit_input``: it tells nothing of that button;
  ``fire``: the fire alarm's contact.
- ``deaf``: it says yes and does nothing, as some barriers in lock mode do.
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings as django_settings

from community.devices.base import (
    PULSE_MS,
    BarrierState,
    DeviceFault,
    DeviceSilent,
    Health,
    Inputs,
)
from community.devices.registry import register

DEFAULTS: dict[str, Any] = {
    "latency_ms": 0,
    "timeout_ms": 3000,
    "lag_ms": 0,
    "open_ms": 5000,
    "jam": False,
    "vanish": False,
    "drop_answer": False,
    "deaf": False,
    "lie": "",
    "contact": "",
    "button": False,
    "no_exit_input": False,
    "fire": False,
}
LONGEST_MS = 600_000
PRESS = "press"
#: A device of the demo works for months; its last 500 deeds say where its arm is.
TAIL = 64 * 1024


@dataclass(frozen=True)
class Deed:
    """Something that the device did; times are seconds since 1970."""

    at: float
    action: str
    command_id: int
    pulse_ms: int = 0
    until: float = 0.0
    process: int = 0


def _path(device_id: int, ending: str) -> Path:
    return Path(django_settings.VAR_DIR) / "simulated" / f"{device_id}.{ending}"


def deeds(device_id: int, last_bytes: int = 0) -> list[Deed]:
    """Everything the device did, oldest first; or what the end of its log tells."""
    try:
        with _path(device_id, "log").open("rb") as log:
            start = max(0, log.seek(0, os.SEEK_END) - last_bytes) if last_bytes else 0
            log.seek(start)
            lines = log.read().splitlines()
    except FileNotFoundError:
        return []
    # A tail begins in the middle of a line.
    return [Deed(**json.loads(line)) for line in lines[1 if start else 0 :]]


def _log(device_id: int, deed: Deed) -> None:
    path = _path(device_id, "log")
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write of one line with O_APPEND: lines of two processes never mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, json.dumps(asdict(deed)).encode() + b"\n")
    finally:
        os.close(descriptor)


def openings(device_id: int) -> list[Deed]:
    """Every time that the device opened for a command; a repeated command counts again."""
    return [deed for deed in deeds(device_id) if deed.action == "open"]


def press(device_id: int) -> None:
    """Somebody inside presses the exit button and lets go: the door opens without any command."""
    _log(device_id, Deed(time.time(), PRESS, 0, process=os.getpid()))


def check(behaviour: dict[str, Any]) -> None:
    """Raises ValueError for a behaviour that does not exist, or has a wrong value."""
    for name, value in behaviour.items():
        wanted = DEFAULTS.get(name)
        if isinstance(wanted, bool):
            is_right = isinstance(value, bool)
        elif isinstance(wanted, int):
            is_right = type(value) is int and 0 <= value <= LONGEST_MS
        else:
            is_right = name in ("lie", "contact") and value in ("", "open", "closed")
        if not is_right:
            raise ValueError(f"no such behaviour: {name} = {value!r}")


def behave(device_id: int, **behaviour: Any) -> None:
    """Change how the device behaves from now on, in all processes; no arguments: as its settings.

    Raises ValueError as :func:`check`.
    """
    check(behaviour)
    path = _path(device_id, "json")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(json.dumps(behaviour))
    draft.replace(path)


def forget(device_id: int) -> None:
    """Make the device as new: nothing done, no behaviour set."""
    for ending in ("log", "json"):
        _path(device_id, ending).unlink(missing_ok=True)


@register("simulated")
class Simulated:
    """See the module. Meets the contract of a barrier and of a door."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.device_id = int(settings["device_id"])
        own = {name: settings[name] for name in DEFAULTS.keys() & settings.keys()}
        try:
            check(own)
        except ValueError as error:
            raise DeviceFault("settings_invalid") from error
        self.settings = {**DEFAULTS, **own}

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        self._obey("open", command_id, pulse_ms=pulse_ms)

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        self._obey("keep_open", command_id, until=until.timestamp())

    def release(self, *, command_id: int) -> None:
        self._obey("release", command_id)

    def state(self) -> BarrierState:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            return BarrierState.UNKNOWN
        if behaviour["lie"]:
            return BarrierState(behaviour["lie"])
        held = self._position(behaviour)
        return BarrierState.OPEN if held else BarrierState.CLOSED

    def inputs(self) -> Inputs:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            return Inputs()
        contact = BarrierState(behaviour["contact"]) if behaviour["contact"] else self.state()
        if behaviour["no_exit_input"]:
            return Inputs(contact, None, behaviour["fire"])
        ago = self._pressed_ago()
        return Inputs(contact, behaviour["button"], behaviour["fire"], ago, exit_sure=True)

    def health(self) -> Health:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            return Health("offline", "unreachable")
        return Health("faulty", "jammed") if behaviour["jam"] else Health("online")

    def _behaviour(self) -> dict[str, Any]:
        try:
            changed = json.loads(_path(self.device_id, "json").read_text())
        except FileNotFoundError:
            changed = {}
        return {**self.settings, **changed}

    def _obey(self, action: str, command_id: int, **details: Any) -> None:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            raise DeviceFault("unreachable")
        if behaviour["jam"]:
            raise DeviceFault("jammed")
        if not behaviour["deaf"]:
            deed = Deed(time.time(), action, command_id, process=os.getpid(), **details)
            _log(self.device_id, deed)
        time.sleep(min(behaviour["latency_ms"], behaviour["timeout_ms"]) / 1000)
        if behaviour["drop_answer"] or behaviour["latency_ms"] > behaviour["timeout_ms"]:
            raise DeviceSilent("no_answer")

    def _pressed_ago(self) -> float | None:
        presses = [deed.at for deed in deeds(self.device_id, TAIL) if deed.action == PRESS]
        return time.time() - presses[-1] if presses else None

    def _position(self, behaviour: dict[str, Any]) -> bool:
        """Whether the arm is up: held since the last keep-open, or for a while after an opening."""
        now, is_up, is_held = time.time() - behaviour["lag_ms"] / 1000, False, False
        for deed in deeds(self.device_id, TAIL):
            if deed.at > now:
                break
            if deed.action in ("open", PRESS):
                is_up = now < deed.at + behaviour["open_ms"] / 1000
            else:
                is_held = deed.action == "keep_open"
        return is_up or is_held
