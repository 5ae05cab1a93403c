"""A door at a Hikvision terminal or controller: ISAPI ``RemoteControl/door``, by digest, once.

Settings: ``url`` of the device; ``door`` (1 to 256, else 1); ``contact`` (true or false, else
true): a magnetic contact is wired, so that its state counts; ``timeout_s``; ``verify_tls``.
Credentials: ``username``, ``password``. How long the lock stays open is set in the device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from community.devices import isapi
from community.devices.base import (
    PULSE_MS,
    BarrierState,
    DeviceFault,
    DeviceSilent,
    Health,
    Inputs,
)
from community.devices.options import WebOptions, connect
from community.devices.registry import register

WORK = "/ISAPI/AccessControl/AcsWorkStatus?format=json"
UNKNOWN = BarrierState.UNKNOWN
#: Of ``magneticStatus``; 2 to 4 are faults of its wires.
CONTACTS = {0: BarrierState.CLOSED, 1: BarrierState.OPEN}


@dataclass(frozen=True)
class Options(WebOptions):
    """The settings, checked. See the module."""

    door: int = 1
    contact: bool = True

    def _is_right(self) -> bool:
        return super()._is_right() and 1 <= self.door <= 256


@register("hikvision_door")
class HikvisionDoor:
    """See the module. Meets the contract of a door."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.options, self.web = connect(
            Options, settings, credentials, content_type="application/xml"
        )

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """The pulse is the device's own."""
        answer = self.web.tell(
            "PUT",
            self.options.at(f"/ISAPI/AccessControl/RemoteControl/door/{self.options.door}"),
            "<RemoteControlDoor><cmd>open</cmd></RemoteControlDoor>",
            challenge_url=self.options.at(isapi.INFO),
        )
        isapi.obeyed(answer)

    def state(self) -> BarrierState:
        if not self.options.contact:
            return UNKNOWN
        try:
            told = isapi.values_of(self.web.ask(self.options.at(WORK))).get("AcsWorkStatus")
        except (DeviceFault, DeviceSilent):
            return UNKNOWN
        contacts = told.get("magneticStatus") if isinstance(told, dict) else None
        if not isinstance(contacts, list) or len(contacts) < self.options.door:
            return UNKNOWN
        number = contacts[self.options.door - 1]
        return CONTACTS.get(number, UNKNOWN) if type(number) is int else UNKNOWN

    def health(self) -> Health:
        return self.web.health(self.options.at(isapi.INFO))

    def inputs(self) -> Inputs:
        return Inputs(self.state())
