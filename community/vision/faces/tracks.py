"""One person passing: the best few crops together say who it is, and two frames have to agree."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from community.vision.faces.contract import Face, Vectors
from community.vision.faces.gallery import Gallery, Match
from community.vision.faces.templates import unit
from community.vision.faces.tiers import Thresholds, Tier, tier_of
from community.vision.plates import Box

BEST = 3
MOST = 24  # frames remembered; somebody may stand before a camera for minutes


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A face in one frame: when (seconds), where, how good to look at, and its unit vector."""

    at: float
    face: Face
    goodness: float
    vector: Vectors


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a track says by now; `agreeing` frames each name this person by themselves."""

    tier: Tier
    match: Match | None
    frames: int
    agreeing: int


class FaceTrack:
    """The sights of one face from frame to frame. Not thread-safe: one per track."""

    def __init__(self) -> None:
        self.sights: list[Sight] = []
        self.frames = 0

    def add(self, sight: Sight) -> None:
        """Take one more frame's sight; beyond MOST the worst goes."""
        self.moved()
        self.sights.append(sight)
        if len(self.sights) > MOST:
            self.sights.remove(min(self.sights, key=lambda one: one.goodness))

    def moved(self) -> None:
        """One more frame shows the face, no better than those that are kept."""
        self.frames += 1

    def vector(self) -> Vectors:
        """The best crops' vectors together, at unit length."""
        best = sorted(self.sights, key=lambda one: -one.goodness)[:BEST]
        return unit(np.mean([one.vector for one in best], axis=0))

    def recognise(self, gallery: Gallery, version: str, thresholds: Thresholds) -> Recognition:
        """Who it is, as far as these frames tell. Raises OtherVersion."""
        match = gallery.nearest(version, self.vector())
        tier = tier_of(match, thresholds)
        if match is None or tier is Tier.UNKNOWN:
            return Recognition(Tier.UNKNOWN, match, self.frames, 0)
        agreeing = sum(self._names(sight, match.key, gallery, thresholds) for sight in self.sights)
        if tier is Tier.OPEN and agreeing < thresholds.frames:
            tier = Tier.SECOND
        return Recognition(tier, match, self.frames, agreeing)

    @staticmethod
    def _names(sight: Sight, key: int, gallery: Gallery, thresholds: Thresholds) -> bool:
        alone = gallery.nearest(gallery.version, sight.vector)
        return alone is not None and alone.key == key and tier_of(alone, thresholds) != Tier.UNKNOWN


def overlap(one: Box, other: Box) -> float:
    """Shared area as a part of the area of both, 0 to 1."""
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    shared = max(0, across) * max(0, down)
    return shared / max(1, one[2] * one[3] + other[2] * other[3] - shared)
