"""A door at a Dahua controller: CGI ``openDoor``, by digest, sent once whatever comes back.

Settings: ``url`` of the device; ``channel`` (1 to 64, else 1); ``user`` (digits, else 101): under
which number the device notes the opening; ``timeout_s``; ``verify_tls``. Credentials:
``username``, ``password``. How long the lock stays open is set in the device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from community.devices import cgi
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

POSITIONS = {"open": BarrierState.OPEN, "close": BarrierState.CLOSED}


@dataclass(frozen=True)
class Options(WebOptions):
    """The settings, checked. See the module."""

    channel: int = 1
    user: str = "101"

    def _is_right(self) -> bool:
        if not super()._is_right():
            return False
        is_user = self.user.isdecimal() and len(self.user) <= 8
        return 1 <= self.channel <= 64 and is_user


@register("dahua_door")
class DahuaDoor:
    """See the module. Meets the contract of a door."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.options, self.web = connect(Options, settings, credentials)

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """The pulse is the device's own."""
        more = f"&UserID={self.options.user}&Type=Remote"
        answer = self.web.tell("GET", self._path("openDoor", more), challenge_url=self._info)
        cgi.obeyed(answer)

    def state(self) -> BarrierState:
        try:
            told = cgi.values_of(self.web.ask(self._path("getDoorStatus")))
        except (DeviceFault, DeviceSilent):
            return BarrierState.UNKNOWN
        return POSITIONS.get(told.get("Info.status", "").lower(), BarrierState.UNKNOWN)

    def health(self) -> Health:
        return self.web.health(self._info)

    def inputs(self) -> Inputs:
        return Inputs(self.state())

    @property
    def _info(self) -> str:
        return self.options.at(cgi.INFO)

    def _path(self, action: str, more: str = "") -> str:
        channel = self.options.channel
        query = f"action={action}{more}&channel={channel}"
        return self.options.at(f"/cgi-bin/accessControl.cgi?{query}")
