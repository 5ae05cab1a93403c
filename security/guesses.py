"""Registered plates that a badly read one may be, for the guard to compare."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

from security import decisions
from security.models import Passage, Reading

SHOWN = 2
KEPT_S = 30


@dataclass(frozen=True)
class Guess:
    """A registered plate that may be the one in the picture; ``against`` is what was read."""

    plate: str
    kind: str
    home: str
    against: str


def newest_readings(passages: list[Passage]) -> dict[int, Reading]:
    """The newest reading of each passage, by the passage's key."""
    rows = Reading.objects.filter(passage__in=passages).order_by("pk")
    return {row.passage_id: row for row in rows}


def guesses(passage: Passage, reading: Reading | None) -> list[Guess]:
    """Registered plates most like what was read; kept for a while, since ranking takes its time."""
    read = passage.plate or (reading.plate_raw if reading else "")
    if not read:
        return []
    digest = sha256(read.encode()).hexdigest()[:32]
    key = f"guesses-{passage.compound_id}-{digest}"
    return cache.get_or_set(key, lambda: _rank(passage, read), KEPT_S) or []


def _rank(passage: Passage, read: str) -> list[Guess]:
    found = decisions.candidates(passage, SHOWN)
    return [Guess(car.plate, car.kind, car.unit.code if car.unit else "", read) for car in found]
