"""What a reader of pulled streams gives, and how a maker's reader looks."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone

from community.devices.options import DriverOptions
from community.devices.push.parts import Part
from community.devices.push.told import Body

#: How long an event waits for its pictures, which come behind it.
PICTURES_S = 1.5
MOST_PICTURES = 8


@dataclass(frozen=True)
class Options(DriverOptions):
    """Settings of a device that is read from: see docs/devices/pull.md.

    ``channel`` counts from 1. ``silent_s``: without anything for so long the connection is dead.
    """

    format: str
    address: str
    channel: int = 1
    silent_s: float | None = None
    verify_tls: bool = True
    pictures: bool = False
    timezone: str = ""
    assumed_confidence: float | None = None
    lane: int | None = None

    def _is_right(self) -> bool:
        told: Any = self
        is_address = isinstance(told.address, str) and told.address.startswith(
            ("http://", "https://")
        )
        is_channel = type(told.channel) is int and 0 < told.channel < 1000
        is_time = told.silent_s is None or (
            type(told.silent_s) in (int, float) and 0.2 <= told.silent_s <= 600
        )
        flags = type(told.verify_tls) is bool and type(told.pictures) is bool
        return isinstance(told.format, str) and is_address and is_channel and is_time and flags


@dataclass
class Event:
    """The parts of one event: its text first, then its pictures. ``received_at``: of the text."""

    parts: list[Part]
    received_at: datetime = field(default_factory=timezone.now)
    wanted: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + PICTURES_S)

    @property
    def pictures(self) -> int:
        return len(self.parts) - 1

    def body(self, zone: tzinfo) -> Body:
        return Body(self.parts[0].data, "", "", zone)


class Gatherer(ABC):
    """Puts the parts of a stream together to events."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._open: Event | None = None

    def take(self, part: Part) -> list[Event]:
        """The events that are whole with this part."""
        if part.kind in ("jpeg", "empty"):
            return self._picture(part)
        done = self.end()
        event = Event([part], wanted=min(MOST_PICTURES, self.pictures_of(part)))
        if event.wanted > 0:
            self._open = event
            return done
        return [*done, event]

    def due(self) -> list[Event]:
        """The event whose pictures did not come in time."""
        return self.end() if self._open and time.monotonic() >= self._open.until else []

    def end(self) -> list[Event]:
        done, self._open = self._open, None
        return [done] if done else []

    def _picture(self, part: Part) -> list[Event]:
        if self._open is None:
            return []
        self._open.parts.append(part)
        return self.end() if self._open.pictures >= self._open.wanted else []

    @abstractmethod
    def pictures_of(self, part: Part) -> int:
        """How many pictures follow this text."""
