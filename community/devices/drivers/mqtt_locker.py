"""A bank of lockers whose controller speaks MQTT: orders with an id and an expiry.

Settings: ``host`` and ``port`` (1883) of the broker; ``prefix``, the bank's part of the topics,
such as ``lockers/south``; ``tls`` and ``verify_tls`` (true or false); ``timeout_s`` (1 to 5, else
3). Credentials, where the broker wants them: ``username`` and ``password``.

The controller's yes says that it took the order, never that a door is open; the doors are asked.
``community.devices.mqtt_line`` has the connection, docs/devices/lockers.md the messages.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.mqtt_client import Broker
from community.devices.mqtt_line import Line, line_to
from community.devices.options import DriverOptions
from community.devices.registry import register

PREFIX = re.compile(r"[A-Za-z0-9_-]{1,40}(/[A-Za-z0-9_-]{1,40}){0,5}")
#: What a controller may say when it refuses, and our code for it.
REFUSALS = {
    "jammed": "lock_stuck",
    "expired": "expired",
    "repeated": "refused",
    "no_such_compartment": "number_invalid",
}
MOST_COMPARTMENTS = 999


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See the module."""

    host: str
    prefix: str
    port: int = 1883
    tls: bool = False
    verify_tls: bool = True
    timeout_s: float = 3.0

    def _is_right(self) -> bool:
        told: Any = self  # it came from outside, whatever the types say
        return (
            isinstance(told.host, str)
            and 0 < len(told.host) <= 253
            and type(told.port) is int
            and 0 < told.port < 65536
            and isinstance(told.prefix, str)
            and bool(PREFIX.fullmatch(told.prefix))
            and type(told.tls) is bool
            and type(told.verify_tls) is bool
            and type(told.timeout_s) in (int, float)
            and 0.3 <= told.timeout_s <= 5.0
        )


@register("mqtt_locker")
class MqttLocker:
    """See the module. Meets the contract of a bank of lockers."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        own.pop("device_id", None)
        self.send_before: datetime | None = own.pop("send_before", None)
        self.options = Options.read(own)
        self.broker = Broker(
            self.options.host,
            self.options.port,
            str(credentials.get("username") or ""),
            str(credentials.get("password") or ""),
            self.options.tls,
            self.options.verify_tls,
        )

    def open_compartment(self, *, command_id: int, number: int) -> None:
        if not 1 <= number <= MOST_COMPARTMENTS:
            raise DeviceFault("number_invalid")
        line = line_to(self.broker)
        self._check_there(line)
        # A number of its own: after a restored copy of the database commands count anew.
        order = {"id": f"{command_id}-{secrets.token_hex(4)}", "action": "open", "number": number}
        answer = line.exchange(
            self.options.prefix,
            "command",
            order,
            seconds=self.options.timeout_s,
            send_before=self.send_before,
        )
        if answer.get("number") != number:
            raise DeviceSilent("answer_not_understood")
        if answer.get("result") == "refused":
            raise DeviceFault(REFUSALS.get(str(answer.get("code")), "refused"))
        if answer.get("result") != "accepted":
            raise DeviceSilent("answer_not_understood")

    def doors(self, numbers: Iterable[int]) -> dict[int, BarrierState]:
        found = dict.fromkeys(numbers, BarrierState.UNKNOWN)
        try:
            line = line_to(self.broker)
            self._check_there(line)
            told = self._question(line, sorted(found)).get("doors")
        except (DeviceFault, DeviceSilent):
            return found
        for number in found:
            said = told.get(str(number)) if isinstance(told, dict) else None
            if said in (BarrierState.OPEN, BarrierState.CLOSED):
                found[number] = BarrierState(said)
        return found

    def health(self) -> Health:
        try:
            line = line_to(self.broker)
            status = line.status(self.options.prefix, self.options.timeout_s)
            if status is None:
                return Health("offline", "never_seen")
            if status.get("state") == "offline":
                return Health("offline", "unreachable")
            self._question(line, [])
        except DeviceFault as fault:
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        except DeviceSilent as silence:
            return Health("offline", silence.code)
        if status.get("state") == "online":
            return Health("online")
        return Health("faulty", REFUSALS.get(str(status.get("code")), "bank_faulty"))

    def _check_there(self, line: Line) -> None:
        """Raises ``DeviceFault("unreachable")`` for a bank whose last will was told."""
        status = line.status(self.options.prefix, self.options.timeout_s)
        if status is None or status.get("state") == "offline":
            raise DeviceFault("unreachable")

    def _question(self, line: Line, numbers: list[int]) -> dict[str, Any]:
        question = {"id": secrets.token_hex(8), "doors": numbers}
        return line.exchange(self.options.prefix, "ask", question, seconds=self.options.timeout_s)
