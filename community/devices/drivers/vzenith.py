"""The relay of a camera of the Vzenith family, which we cannot call: it takes orders from answers.

The camera pushes what it sees or asks ("comet"); our answer to that carries the order. So opening
means to lay a letter out (``community.devices.outbox``), and to wait until the camera has taken
it. What it never took certainly did nothing and is withdrawn; what it took and did not confirm is
silence. It confirms by asking again, at once, or by not sending the same car a second time.

Settings: ``output``: ``answer`` (default: the camera's own opening, its own pulse) or ``io``, with
``io`` (0 to 3) the output that we time; ``io`` also is what keeps the barrier open.
``open_input``: the contact (0 to 15) that is closed while the arm is up, if one is wired.
``wait_s`` (0.2 to 10, else 10): how long the camera may take to ask; ``confirm_s`` (0.1 to 4,
else 3); ``quiet_s`` (0 to 4, else 1.2): without the same car again for so long after our answer
to it, the camera has that answer; ``silent_s`` (0.1 to 600, else 90): not heard for so long, it
counts as offline.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.devices import outbox
from community.devices.base import PULSE_MS, BarrierState, DeviceFault, DeviceSilent, Health, Inputs
from community.devices.options import DriverOptions
from community.devices.outbox import Letter
from community.devices.registry import register

POLL_S = 0.01


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See the module."""

    output: str = "answer"
    io: int = 0
    open_input: int | None = None
    wait_s: float = 10.0
    confirm_s: float = 3.0
    quiet_s: float = 1.2
    silent_s: float = 90.0

    def _is_right(self) -> bool:
        waits = [(self.wait_s, 0.2, 10), (self.confirm_s, 0.1, 4)]
        waits += [(self.quiet_s, 0, 4), (self.silent_s, 0.1, 600)]
        if not all(type(one) in (int, float) and low <= one <= high for one, low, high in waits):
            return False
        contact = self.open_input
        is_contact = contact is None or (type(contact) is int and 0 <= contact < 16)
        is_output = type(self.io) is int and 0 <= self.io < 4
        return self.output in ("answer", "io") and is_output and is_contact


@register("vzenith")
class Vzenith:
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        self.device_id = int(own.pop("device_id"))
        self.send_before: datetime | None = own.pop("send_before", None)
        self.options = Options.read(own)

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        if not 100 <= pulse_ms <= 10_000:
            raise DeviceFault("pulse_refused")
        self._order("open", command_id, output=self.options.output, pulse_ms=pulse_ms)

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        self._order("keep_open", command_id, output="io", value=1)

    def release(self, *, command_id: int) -> None:
        self._order("release", command_id, output="io", value=0)

    def state(self) -> BarrierState:
        wired = self.options.open_input
        if wired is None or self._is_silent():
            return BarrierState.UNKNOWN
        told = outbox.input_of(self.device_id, wired)
        if told is None:
            return BarrierState.UNKNOWN
        return BarrierState.OPEN if told else BarrierState.CLOSED

    def health(self) -> Health:
        return Health("offline", "silent") if self._is_silent() else Health("online")

    def inputs(self) -> Inputs:
        return Inputs(self.state())

    def _is_silent(self) -> bool:
        return time.time() - outbox.asked_at(self.device_id) > self.options.silent_s

    def _order(self, action: str, command_id: int, **what: Any) -> None:
        end = outbox.seconds(self.send_before, self.options.wait_s)
        letter = Letter(command_id, action, end, io=self.options.io, **what)
        try:
            outbox.post(self.device_id, letter)
        except FileExistsError as error:
            # Sent once or not at all: this very command was laid out before.
            raise DeviceSilent("interrupted") from error
        except OSError as error:
            raise DeviceFault("outbox_full") from error
        while self._state(command_id) == "waiting" and time.time() < end:
            time.sleep(POLL_S)
        if outbox.withdraw(self.device_id, command_id):
            raise DeviceFault("unreachable")
        self._confirm(command_id)

    def _confirm(self, command_id: int) -> None:
        """Wait for the camera's word that it has the letter. Raises DeviceSilent."""
        end, heard_since = time.monotonic() + self.options.confirm_s, 0.0
        while time.monotonic() < end:
            state = self._state(command_id)
            if state == "known":
                return
            if state == "doubted":
                break
            if state == "heard":
                heard_since = heard_since or time.monotonic()
                if time.monotonic() - heard_since >= self.options.quiet_s:
                    return
            time.sleep(POLL_S)
        raise DeviceSilent("no_answer")

    def _state(self, command_id: int) -> str:
        return outbox.state_of(self.device_id, command_id)
