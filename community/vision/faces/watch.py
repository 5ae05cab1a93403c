"""Faces in a camera's stream, cheaply: look where something moves, then only around who is known.

The detector is what costs. A still picture is not searched at all; what moved is searched at the
smallest scale that still shows a face, a large region tile by tile from frame to frame; a face once
found is looked for around its last place, where a few thousand pixels are enough.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil

import numpy as np

from community.vision.arrays import Frame
from community.vision.faces.contract import Face, FaceEngine, Landmarks
from community.vision.faces.quality import goodness
from community.vision.faces.templates import glimpse
from community.vision.faces.tracks import BEST, FaceTrack, Sight, overlap
from community.vision.motion import MotionGate
from community.vision.plates import Box, Roi

DETECTED = 80  # pixels of the smallest face that the detector finds
FOLLOWED = 95  # pixels to which a known face is brought
TILE = 230_000  # pixels searched in one frame
SHARED = 0.35  # of a tile's side, shared with its neighbour: no face falls between two
AROUND = 0.6  # of a face's size, searched on each side of where it was
EVERY = 5  # frames between two searches of what moves, while somebody is being followed
GONE_S = 1.0
SAME = 0.2
BETTER = 1.1  # a crop that much better than the worst of the best is encoded too


@dataclass(slots=True, eq=False)
class Followed:
    """A track and when and where it was last seen; `number` is its own within this watch."""

    number: int
    track: FaceTrack
    seen_at: float
    box: Box = (0, 0, 0, 0)
    landmarks: Landmarks = field(default_factory=lambda: np.zeros((68, 2), np.float32))


@dataclass(slots=True)
class FaceWatch:
    """One camera's faces; not thread-safe. `smallest` is the least face wanted, in frame pixels."""

    engine: FaceEngine
    smallest: int = 150
    followed: list[Followed] = field(default_factory=list)
    _gate: MotionGate = field(default_factory=MotionGate)
    _tile: int = 0
    _turn: int = 0
    _count: int = 0

    def look(self, frame: Frame, at: float) -> list[Followed]:
        """The people seen in this frame, each with their track so far; `at` in seconds."""
        self.followed = [one for one in self.followed if at - one.seen_at <= GONE_S]
        motion = self._gate.look(frame)
        seen: list[Followed] = []
        encoded = False
        for one in self.followed:
            if (face := self._again(frame, one)) is not None:
                encoded |= self._take(frame, face, at, one)
                seen.append(one)
        self._turn += 1
        # A frame that was dear already is not searched for others as well: the next one is.
        often = self._turn >= EVERY and not encoded
        due = len(seen) < len(self.followed) or not seen or often
        if motion.region is not None and due:
            seen += self._arrivals(frame, motion.region, at)
            self._turn = 0
        return seen

    def forget(self) -> None:
        """Start anew, as after a camera was turned."""
        self.followed = []
        self._gate.forget()

    def _again(self, frame: Frame, one: Followed) -> Face | None:
        x, y, w, h = one.box
        part = _region((x - w * AROUND, y - h * AROUND, w * (1 + 2 * AROUND)), frame.shape)
        if part is None:
            return None
        found = self.engine.find(frame, part, scale=FOLLOWED / w)
        near = [face for face in found if overlap(face.box, (x, y, w, h)) > SAME]
        return max(near, key=lambda face: overlap(face.box, (x, y, w, h)), default=None)

    def _arrivals(self, frame: Frame, region: Roi, at: float) -> list[Followed]:
        scale = min(1.0, DETECTED / self.smallest)
        parts = tiles(region, frame.shape, scale)
        part = parts[self._tile % len(parts)]
        self._tile += 1
        fresh = []
        for face in self.engine.find(frame, part, scale=scale):
            if any(overlap(face.box, one.box) > SAME for one in self.followed):
                continue
            self._count += 1
            one = Followed(self._count, FaceTrack(), at)
            self._take(frame, face, at, one)
            self.followed.append(one)
            fresh.append(one)
        return fresh

    def _take(self, frame: Frame, face: Face, at: float, one: Followed) -> bool:
        """Encode the face where it is among the best of its track; else only note where it is.
        Whether it was encoded."""
        one.seen_at, one.box, one.landmarks = at, face.box, face.landmarks
        worth = goodness(frame, face)
        best = sorted((sight.goodness for sight in one.track.sights), reverse=True)[:BEST]
        if len(best) < BEST or worth > BETTER * best[-1]:
            vector = glimpse(self.engine, frame, face, one.track.frames)
            one.track.add(Sight(at, face, worth, vector))
            return True
        one.track.moved()
        return False


def tiles(region: Roi, shape: tuple[int, ...], scale: float) -> list[Roi]:
    """The region in pieces of at most about TILE pixels at this scale, side by side."""
    left, _, width, height = region.pixels(shape)
    number = max(1, ceil(width * height * scale * scale / TILE))
    if number == 1:
        return [region]
    side = width / (number - (number - 1) * SHARED)
    step = side * (1 - SHARED)
    across = shape[1]
    return [
        Roi((left + step * k) / across, region.y, min(side, width) / across, region.h)
        for k in range(number)
    ]


def _region(square: tuple[float, float, float], shape: tuple[int, ...]) -> Roi | None:
    height, width = shape[:2]
    left, top = max(0.0, square[0] / width), max(0.0, square[1] / height)
    right = min(1.0, (square[0] + square[2]) / width)
    bottom = min(1.0, (square[1] + square[2]) / height)
    if right - left <= 0 or bottom - top <= 0:
        return None
    return Roi(left, top, right - left, bottom - top)
