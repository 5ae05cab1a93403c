"""A bank of lockers that stands nowhere, and can fail in every way that a real one does.

Its log and its behaviour lie where those of other simulated devices do: see
``community.devices.simulated``. Behaviour (:func:`behave`, or the device's settings):

- ``latency_ms``: time until it answers; longer than ``timeout_ms`` (3000), and the caller hears
  nothing, though it acted.
- ``lag_ms``: time from the command to the door being open; ``shut_after_ms`` (8000): how long
  until whoever stands there shuts it, 0 for never (see :func:`shut`).
- ``jam``: numbers of compartments whose lock is stuck: the bank refuses.
- ``vanish``: it cannot be reached.
- ``drop_answer``: it acts, and the answer is lost.
- ``deaf``: it says yes and opens nothing.
- ``lie``: number, as text, to ``"open"`` or ``"closed"``: what that door says whatever the truth.
- ``forced``: numbers of doors that somebody forced open.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings as django_settings

from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.registry import register

DEFAULTS: dict[str, Any] = {
    "latency_ms": 0,
    "timeout_ms": 3000,
    "lag_ms": 0,
    "shut_after_ms": 8000,
    "jam": [],
    "vanish": False,
    "drop_answer": False,
    "deaf": False,
    "lie": {},
    "forced": [],
}
#: A bank of the demo works for months; the end of its log says how its doors stand.
TAIL = 64 * 1024


def _path(device_id: int, ending: str) -> Path:
    return Path(django_settings.VAR_DIR) / "simulated" / f"{device_id}.{ending}"


def deeds(device_id: int, last_bytes: int = 0) -> list[dict[str, Any]]:
    """Every ``open`` and ``shut``, oldest first: at, action, number, command_id."""
    try:
        with _path(device_id, "log").open("rb") as log:
            start = max(0, log.seek(0, os.SEEK_END) - last_bytes) if last_bytes else 0
            log.seek(start)
            lines = log.read().splitlines()
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in lines[1 if start else 0 :]]


def openings(device_id: int) -> list[tuple[int, int]]:
    """Command and compartment of every time that a door opened."""
    return [
        (deed["command_id"], deed["number"])
        for deed in deeds(device_id)
        if deed["action"] == "open"
    ]


def shut(device_id: int, number: int) -> None:
    """Somebody pushes a door shut."""
    _note(device_id, {"at": time.time(), "action": "shut", "number": number, "command_id": 0})


def check(behaviour: dict[str, Any]) -> None:
    """Raises ValueError for a behaviour that does not exist, or has a wrong value."""
    for name, value in behaviour.items():
        if name not in DEFAULTS or type(value) is not type(DEFAULTS[name]):
            raise ValueError(f"no such behaviour: {name} = {value!r}")
        if name == "lie" and not set(value.values()) <= {"open", "closed"}:
            raise ValueError(f"no such behaviour: {name} = {value!r}")


def behave(device_id: int, **behaviour: Any) -> None:
    """Change how the bank behaves from now on, in all processes. Raises ValueError."""
    check(behaviour)
    path = _path(device_id, "json")
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(json.dumps(behaviour))
    draft.replace(path)


def _note(device_id: int, deed: dict[str, Any]) -> None:
    path = _path(device_id, "log")
    path.parent.mkdir(parents=True, exist_ok=True)
    # One write of one line with O_APPEND: lines of two processes never mix.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    try:
        os.write(descriptor, json.dumps(deed).encode() + b"\n")
    finally:
        os.close(descriptor)


@register("simulated_locker")
class SimulatedLocker:
    """See the module. Meets the contract of a bank of lockers."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.device_id = int(settings["device_id"])
        own = {name: settings[name] for name in DEFAULTS.keys() & settings.keys()}
        try:
            check(own)
        except ValueError as error:
            raise DeviceFault("settings_invalid") from error
        self.settings = {**DEFAULTS, **own}

    def open_compartment(self, *, command_id: int, number: int) -> None:
        behaviour = self._behaviour()
        if number < 1:
            raise DeviceFault("number_invalid")
        if behaviour["vanish"]:
            raise DeviceFault("unreachable")
        if number in behaviour["jam"]:
            raise DeviceFault("lock_stuck")
        if not behaviour["deaf"]:
            deed = {"at": time.time(), "action": "open", "number": number}
            _note(self.device_id, {**deed, "command_id": command_id})
        time.sleep(min(behaviour["latency_ms"], behaviour["timeout_ms"]) / 1000)
        if behaviour["drop_answer"] or behaviour["latency_ms"] > behaviour["timeout_ms"]:
            raise DeviceSilent("no_answer")

    def doors(self, numbers: Iterable[int]) -> dict[int, BarrierState]:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            return dict.fromkeys(numbers, BarrierState.UNKNOWN)
        standing = self._open_now(behaviour) | set(behaviour["forced"])
        found = {
            number: BarrierState.OPEN if number in standing else BarrierState.CLOSED
            for number in numbers
        }
        lies = {int(number): BarrierState(said) for number, said in behaviour["lie"].items()}
        return found | {number: said for number, said in lies.items() if number in found}

    def health(self) -> Health:
        behaviour = self._behaviour()
        if behaviour["vanish"]:
            return Health("offline", "unreachable")
        return Health("faulty", "lock_stuck") if behaviour["jam"] else Health("online")

    def _behaviour(self) -> dict[str, Any]:
        try:
            changed = json.loads(_path(self.device_id, "json").read_text())
        except FileNotFoundError:
            changed = {}
        return {**self.settings, **changed}

    def _open_now(self, behaviour: dict[str, Any]) -> set[int]:
        now, standing = time.time(), set()
        for deed in deeds(self.device_id, TAIL):
            number, opened = deed["number"], deed["at"] + behaviour["lag_ms"] / 1000
            shut_after = behaviour["shut_after_ms"] / 1000
            if deed["action"] == "open" and opened <= now:
                standing.add(number)
                if shut_after and now >= opened + shut_after:
                    standing.discard(number)
            elif deed["action"] == "shut":
                standing.discard(number)
        return standing
