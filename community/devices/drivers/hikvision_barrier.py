"""The barrier at a Hikvision entrance camera: ISAPI ``barrierGate``, by digest, each order once.

Settings: ``url`` of the camera (``http://192.168.1.64``); ``channel`` (1 to 64, else 1); ``hold``:
how it is held open: ``""`` (not at all), ``lock``, or ``open_then_lock`` where ``lock`` only keeps
the arm where it is; ``moves_within_s`` (0 to 4, else 3): so long may the arm take to leave its
place, where the camera tells; ``timeout_s`` (0.3 to 5, else 3); ``verify_tls``; ``holds_list``
(true or false): the camera keeps the cars that may pass, and opens for them without us.
Credentials: ``username``, ``password``.

Its OK is no opening: a locked barrier says OK too and stays down. So the arm's position is read
afterwards where the camera has it, and an arm that stays closed is told as such. ``close`` is never
sent.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
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
from community.devices.isapi_list import IsapiList
from community.devices.options import WebOptions, connect
from community.devices.registry import register

POSITIONS = {"1": BarrierState.CLOSED, "2": BarrierState.OPEN}
HOLDS = {"lock": ("lock",), "open_then_lock": ("open", "lock")}
LOOK_S = 0.2


@dataclass(frozen=True)
class Options(WebOptions):
    """The settings, checked. See the module."""

    channel: int = 1
    hold: str = ""
    moves_within_s: float = 3.0
    holds_list: bool = False

    def _is_right(self) -> bool:
        return (
            super()._is_right()
            and 1 <= self.channel <= 64
            and self.hold in ("", *HOLDS)
            and 0 <= self.moves_within_s <= 4
        )


@register("hikvision_barrier")
class HikvisionBarrier(IsapiList):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.options, self.web = connect(
            Options, settings, credentials, content_type="application/xml"
        )

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """The pulse is the camera's own."""
        self._order("open")
        self._see_it_move()

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        if not self.options.hold:
            raise DeviceFault("action_unsupported")
        for mode in HOLDS[self.options.hold]:
            self._order(mode)

    def release(self, *, command_id: int) -> None:
        if not self.options.hold:
            raise DeviceFault("action_unsupported")
        self._order("unlock")

    def state(self) -> BarrierState:
        try:
            answer = self.web.ask(self._path("/barrierGateStatus"))
        except (DeviceFault, DeviceSilent):
            return BarrierState.UNKNOWN
        told = isapi.values_of(answer).get("barrierGateStatus")
        return POSITIONS.get(str(told), BarrierState.UNKNOWN)

    def health(self) -> Health:
        return self.web.health(self.options.at(isapi.INFO))

    def inputs(self) -> Inputs:
        return Inputs(self.state())

    def _order(self, mode: str) -> None:
        answer = self.web.tell(
            "PUT",
            self._path(),
            f"<BarrierGate><ctrlMode>{mode}</ctrlMode></BarrierGate>",
            challenge_url=self.options.at(isapi.INFO),
        )
        isapi.obeyed(answer)

    def _see_it_move(self) -> None:
        """Raises ``DeviceSilent`` for an arm that is still closed when its time is over."""
        end = time.monotonic() + self.options.moves_within_s
        while self.options.moves_within_s:
            if self.state() is not BarrierState.CLOSED:
                return
            if time.monotonic() >= end:
                raise DeviceSilent("arm_still_closed")
            time.sleep(LOOK_S)

    def _path(self, more: str = "") -> str:
        return self.options.at(f"/ISAPI/Parking/channels/{self.options.channel}/barrierGate{more}")
