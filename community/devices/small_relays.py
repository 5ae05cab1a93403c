"""Settings that Wi-Fi relays have in common: over the web or over a broker, one channel of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from community.devices.base import BarrierState, DeviceFault
from community.devices.mqtt_client import Broker
from community.devices.options import DriverOptions
from community.devices.web_device import checked

TOPIC = re.compile(r"[A-Za-z0-9_.:-]{1,64}(/[A-Za-z0-9_.:-]{1,64}){0,5}")


@dataclass(frozen=True)
class RelayOptions(DriverOptions):
    """``url`` (http://192.168.1.50), or ``host``, ``port`` and ``topic`` of a broker.

    ``channel``: which relay, as the maker counts; ``input``: the input that is told of the arm or
    leaf, if one is wired, and ``input_means`` (open or closed) what it is on for.
    """

    url: str = ""
    host: str = ""
    port: int = 1883
    topic: str = ""
    tls: bool = False
    verify_tls: bool = True
    channel: int = 0
    input: int | None = None
    input_means: str = "open"
    timeout_s: float = 3.0

    def _is_right(self) -> bool:
        if not self._are_types_right() or bool(self.url) == bool(self.host):
            return False
        wired = self.input is None or 0 <= self.input <= 15
        sane = 0.3 <= self.timeout_s <= 5.0 and 0 <= self.channel <= 15
        means = self.input_means in ("open", "closed")
        return wired and sane and means and (self._is_web() if self.url else self._is_broker())

    def _is_web(self) -> bool:
        url = checked(self.url)
        return url.raw_path == b"/" and not self.topic

    def _is_broker(self) -> bool:
        topic = bool(TOPIC.fullmatch(self.topic))
        return len(self.host) <= 253 and 0 < self.port < 65536 and topic

    @property
    def meaning(self) -> BarrierState:
        return BarrierState(self.input_means)

    def broker(self, credentials: dict[str, Any]) -> Broker:
        """Raises ``DeviceFault("settings_invalid")`` for credentials that are no text."""
        pair = [credentials.get(name) or "" for name in ("username", "password")]
        if not all(isinstance(part, str) for part in pair):
            raise DeviceFault("settings_invalid")
        return Broker(self.host, self.port, pair[0], pair[1], self.tls, self.verify_tls)
