"""A small relay that times its own pulse, wired to a barrier or a door, whoever made it.

What a maker's relay has to do is :class:`Switch`; the contract's part is here, once for all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from django.utils import timezone

from community.devices.base import (
    PULSE_MS,
    BarrierState,
    DeviceFault,
    DeviceSilent,
    Health,
    Inputs,
)

SHORTEST_MS, LONGEST_MS = 100, 10_000
#: A relay that goes off by itself later than this is held, not pulsed.
HELD_S = LONGEST_MS / 1000 + 2


@dataclass(frozen=True)
class Look:
    """What a relay says of itself. ``is_held``: on, and not at the end of a pulse.

    ``is_input_on``: its input, None where there is none. ``is_on``: whether it is on for longer
    than a pulse, as far as a look can tell; None where it cannot.
    """

    is_held: bool = False
    is_input_on: bool | None = None
    is_on: bool | None = None


class Switch(Protocol):
    """One relay of a maker. Every method raises ``DeviceFault`` or ``DeviceSilent``."""

    def look(self) -> Look:
        """Ask, harmlessly."""

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        """On, once, and off by the relay's own clock."""

    def hold(self, command_id: int, seconds: float) -> None:
        """On until it is let go; a relay that can count goes off by itself after ``seconds``."""

    def let_go(self, command_id: int) -> None: ...


class PulseRelay:
    """Meets the contract of a barrier and of a door. ``input_means``: of the input when on."""

    def __init__(self, switch: Switch, input_means: BarrierState = BarrierState.OPEN) -> None:
        self.switch = switch
        self.input_means = input_means

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        if not SHORTEST_MS <= pulse_ms <= LONGEST_MS:
            raise DeviceFault("pulse_refused")
        try:
            is_held = self.switch.look().is_held
        except DeviceSilent as silence:
            # Nothing but a question was sent.
            raise DeviceFault("unreachable") from silence
        # A pulse would end what somebody holds open, and it is open already.
        if not is_held:
            self.switch.pulse(command_id, pulse_ms)

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        self.switch.hold(command_id, max(0.0, (until - timezone.now()).total_seconds()))

    def release(self, *, command_id: int) -> None:
        self.switch.let_go(command_id)

    def state(self) -> BarrierState:
        try:
            told = self.switch.look().is_input_on
        except (DeviceFault, DeviceSilent):
            return BarrierState.UNKNOWN
        if told is None:
            return BarrierState.UNKNOWN
        is_open = told == (self.input_means is BarrierState.OPEN)
        return BarrierState.OPEN if is_open else BarrierState.CLOSED

    def health(self) -> Health:
        # A read may be lost on a busy radio link, and may be asked again.
        health = self._ask_health()
        return self._ask_health() if health.state == "offline" else health

    def _ask_health(self) -> Health:
        try:
            look = self.switch.look()
        except DeviceFault as fault:
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        except DeviceSilent as silence:
            return Health("offline" if silence.code == "no_answer" else "faulty", silence.code)
        return Health("online", stays_on=look.is_on)

    def inputs(self) -> Inputs:
        return Inputs(self.state())
