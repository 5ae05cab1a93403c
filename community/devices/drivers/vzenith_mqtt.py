"""The relay of a Vzenith camera behind an MQTT broker; the camera times the pulse.

Settings: ``host``, ``port`` (1883) of the broker, ``tls``, ``verify_tls``; ``sn``: the camera's
number as it stands in its topics; ``io`` (0 to 3, else 0): the output wired to the barrier;
``open_input`` (0 to 15): the contact that is closed while the arm is up, known where the camera is
listened to; ``holds_list`` (true or false): the camera keeps the cars that may pass, and opens for
them without us; ``timeout_s`` (0.3 to 5, else 3). Credentials, where the broker wants them:
``username`` and ``password``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from community.devices import outbox
from community.devices.base import PULSE_MS, BarrierState, DeviceFault
from community.devices.pulse_relay import Look, PulseRelay
from community.devices.registry import register
from community.devices.vzenith_list import VzenithList
from community.devices.vzenith_talk import OUTPUT, Options, camera_of

OFF, ON, PULSE = 0, 1, 2
#: What the camera's own clock can time, in milliseconds.
SHORTEST_MS, LONGEST_MS = 500, 5_000


class VzenithOutput:
    """The part of a switch in ``pulse_relay``."""

    def __init__(
        self, options: Options, credentials: dict[str, Any], device_id: int, before: datetime | None
    ) -> None:
        self.options, self.credentials = options, credentials
        self.device_id, self.before = device_id, before

    def look(self) -> Look:
        """Whether the camera is there; its contact as it last told it. The output is not told."""
        with camera_of(self.options, self.credentials):
            wired = self.options.open_input
            told = None if wired is None else outbox.input_of(self.device_id, wired)
            return Look(False, told)

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        self._set(PULSE, delay=max(SHORTEST_MS, pulse_ms))

    def hold(self, command_id: int, seconds: float) -> None:
        self._set(ON)

    def let_go(self, command_id: int) -> None:
        self._set(OFF)

    def _set(self, value: int, **more: int) -> None:
        body = {"io": self.options.io, "value": value, **more}
        with camera_of(self.options, self.credentials) as camera:
            camera.say(OUTPUT, body, send_before=self.before)


@register("vzenith_mqtt")
class VzenithMqtt(PulseRelay, VzenithList):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        self.device_id = int(own.pop("device_id", 0))
        before: datetime | None = own.pop("send_before", None)
        self.options, self.credentials = Options.read(own), credentials
        switch = VzenithOutput(self.options, credentials, self.device_id, before)
        super().__init__(switch, BarrierState.OPEN)

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """As the others, but the question of the one conversation is the look."""
        if not 100 <= pulse_ms <= LONGEST_MS:
            raise DeviceFault("pulse_refused")
        self.switch.pulse(command_id, pulse_ms)
