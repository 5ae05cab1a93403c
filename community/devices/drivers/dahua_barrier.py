"""The barrier at a Dahua entrance camera: CGI ``openStrobe``, by digest, sent once.

Settings: ``url`` of the camera; ``channel`` (1 to 64, else 1); ``open_input`` (0 to 15): the
camera's alarm input that is closed while the arm is up, if one is wired; ``hold_output`` (0 to
7): the alarm output that holds the barrier open, if one is wired to it; ``timeout_s``;
``verify_tls``; ``holds_list`` (true or false): the camera keeps the cars that may pass, and opens
for them without us. Credentials: ``username``, ``password``. ``closeStrobe`` is never sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
from community.devices.cgi_list import CgiList
from community.devices.options import WebOptions, connect
from community.devices.registry import register

#: Of an alarm output: forced on; back to what the camera itself wants.
FORCED, OWN = 1, 0


@dataclass(frozen=True)
class Options(WebOptions):
    """The settings, checked. See the module."""

    channel: int = 1
    open_input: int | None = None
    hold_output: int | None = None
    holds_list: bool = False

    def _is_right(self) -> bool:
        if not super()._is_right():
            return False
        wired = self.open_input is None or 0 <= self.open_input <= 15
        held = self.hold_output is None or 0 <= self.hold_output <= 7
        return 1 <= self.channel <= 64 and wired and held


@register("dahua_barrier")
class DahuaBarrier(CgiList):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.options, self.web = connect(Options, settings, credentials)

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """The pulse is the camera's own."""
        channel = self.options.channel
        query = f"action=openStrobe&channel={channel}&info.openType=Normal&info.plateNumber="
        self._tell(f"/cgi-bin/trafficSnap.cgi?{query}")

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        self._hold(FORCED)

    def release(self, *, command_id: int) -> None:
        self._hold(OWN)

    def state(self) -> BarrierState:
        wired = self.options.open_input
        if wired is None:
            return BarrierState.UNKNOWN
        try:
            url = self.options.at("/cgi-bin/alarm.cgi?action=getInState")
            told = cgi.values_of(self.web.ask(url)).get("result", "")
        except (DeviceFault, DeviceSilent):
            return BarrierState.UNKNOWN
        if not (told.isdecimal() and len(told) <= 9):
            return BarrierState.UNKNOWN
        return BarrierState.OPEN if int(told) >> wired & 1 else BarrierState.CLOSED

    def health(self) -> Health:
        return self.web.health(self.options.at(cgi.INFO))

    def inputs(self) -> Inputs:
        return Inputs(self.state())

    def _hold(self, mode: int) -> None:
        output = self.options.hold_output
        if output is None:
            raise DeviceFault("action_unsupported")
        self._tell(f"/cgi-bin/configManager.cgi?action=setConfig&AlarmOut[{output}].Mode={mode}")

    def _tell(self, path: str) -> None:
        answer = self.web.tell(
            "GET", self.options.at(path), challenge_url=self.options.at(cgi.INFO)
        )
        cgi.obeyed(answer)
