"""Frigate: one tracked car has one id, many updates, and plates that change while it comes.

A plate counts when it was read twice, in two frames, with a score of ``threshold`` or more: the
recorder repeats every attempt, weak ones too. A car whose plate stays unsure is told after three
seconds as not sure, so that a guard is asked. Faces are not looked at.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any

from community.devices.mqtt_cameras.told import Message, Talker, format_named
from community.devices.push.text import at, epoch, number, plain, plate
from community.devices.push.told import NotUnderstood, PlateTold, Told

#: How long a car may take to be sure of.
PATIENCE_S = 3.0
SIGHTINGS = 2
MOST_CARS = 200


@dataclass
class _Car:
    """One tracked object. ``frames``: those in which ``plate`` was surely read."""

    plate: str = ""
    score: float = 0.0
    seen_at: float | None = None
    frames: set[float] = field(default_factory=set)
    since: float = 0.0
    is_told: bool = False


class Frigate(Talker):
    how = format_named("frigate")

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self._cars: OrderedDict[str, _Car] = OrderedDict()

    def topics(self) -> list[str]:
        names = ("events", "tracked_object_update", "available")
        return [f"{self.options.prefix}/{name}" for name in names]

    def owns(self, topic: str) -> bool:
        return topic in self.topics()

    def read(self, message: Message, zone: tzinfo) -> Told:
        name = message.topic.rpartition("/")[2]
        if name == "available":
            # The only word that is kept at the broker on purpose.
            self.is_gone = message.payload.strip() in (b"offline", b"stopped")
            return Told("other" if self.is_gone else "heartbeat")
        if message.is_retained:
            return Told("other")
        values = message.json()
        if name == "events":
            return self._event(values)
        if plain(values.get("type")) != "lpr" or not self._is_ours(values):
            return Told("other")
        seen_at = number(values.get("timestamp"))
        return self._seen(values, values.get("plate"), values.get("score"), seen_at, is_over=False)

    def due(self) -> list[Told]:
        late = time.monotonic() - PATIENCE_S
        waiting = [
            (key, car) for key, car in self._cars.items()
            if car.plate and not car.is_told and car.since <= late
        ]  # fmt: skip
        return [self._tell(key, car, confidence=0.0) for key, car in waiting]

    def _is_ours(self, values: Any) -> bool:
        return plain(at(values, "camera")) == self.options.camera

    def _event(self, values: dict[str, Any]) -> Told:
        after = values.get("after")
        if not isinstance(after, dict):
            raise NotUnderstood("no_event")
        if not self._is_ours(after):
            return Told("other")
        said, score = (
            after.get("recognized_license_plate"),
            after.get("recognized_license_plate_score"),
        )
        if isinstance(said, list):
            said, score = [*said, None, None][:2]
        is_over = plain(values.get("type")) == "end"
        return self._seen(after, said, score, number(after.get("frame_time")), is_over=is_over)

    def _seen(
        self, values: dict[str, Any], said: Any, score: Any, seen_at: float | None, *, is_over: bool
    ) -> Told:
        key = plain(values.get("id"))
        if not key:
            raise NotUnderstood("no_event")
        car = self._car(key)
        text, sure = plate(said), number(score) or 0.0
        if text is not None:
            self._note(car, text, sure, seen_at)
        if car.is_told or not car.plate:
            return Told("other")
        if len(car.frames) >= SIGHTINGS:
            return self._tell(key, car, confidence=min(1.0, car.score))
        # A car that is gone is history: it is stored, and nothing opens.
        return self._tell(key, car, confidence=0.0, live=False) if is_over else Told("other")

    def _car(self, key: str) -> _Car:
        car = self._cars.setdefault(key, _Car())
        while len(self._cars) > MOST_CARS:
            self._cars.popitem(last=False)
        return car

    def _note(self, car: _Car, text: str, score: float, seen_at: float | None) -> None:
        if text != car.plate:
            car.frames.clear()
            car.score = 0.0
        car.since = car.since or time.monotonic()
        car.plate, car.seen_at = text, seen_at or car.seen_at
        car.score = max(car.score, score)
        if self.options.threshold <= score <= 1 and seen_at is not None:
            car.frames.add(seen_at)

    def _tell(self, key: str, car: _Car, *, confidence: float, live: bool = True) -> Told:
        car.is_told = True
        captured_at = epoch(car.seen_at)
        told = PlateTold(
            plate=car.plate,
            vendor_id=key,
            confidence=confidence,
            captured_at=captured_at,
            is_realtime=live and captured_at is not None,
        )
        return Told("plate", plate=told)
