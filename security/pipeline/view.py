"""A lane seen cheaply: does it move, is something there. 160 pixels wide, no recognition.

What is there is told by comparing with the lane as it looked while empty; the last few such
pictures are kept, so that a changed light, or a car that stood there at the start, does no
lasting harm.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

import cv2
import numpy as np

from community.vision.arrays import Floats, Grey
from community.vision.arrays import Frame as Image
from community.vision.plates import Box, Roi

WIDTH = 160
STEP = 14  # grey levels by which a pixel must differ to count as moved
MOVED = 0.004  # share of moved pixels from which a picture counts as moving
OTHER = 22  # grey levels by which a pixel differs from the empty lane
EMPTY, VEHICLE = 0.04, 0.14  # shares of the region that something covers
VEHICLE_SPREAD = 0.25  # and the share of its width: a person walking is narrower
LEARN = 0.08
MARGIN = 0.04


@dataclass(frozen=True, slots=True)
class Look:
    """One frame: `changed` since the last reading and `moving` since the last frame are shares of
    pixels; `covered` and `spread` tell what stands before the empty lane (0 while it is unknown);
    `calm_s` is how long nothing moved.
    """

    at: datetime
    changed: float
    moving: float
    covered: float
    spread: float
    calm_s: float
    known: bool

    @property
    def moves(self) -> bool:
        return self.changed >= MOVED

    @property
    def empty(self) -> bool:
        return self.known and self.covered < EMPTY

    @property
    def vehicle_like(self) -> bool:
        return self.known and self.covered >= VEHICLE and self.spread >= VEHICLE_SPREAD


def _differing(one: Floats, other: Floats, by: float) -> Grey:
    """255 where the two differ by more than `by`, a common change of light taken out."""
    difference = one - other
    difference -= np.median(difference)
    return (np.abs(difference) > by).astype(np.uint8) * 255


def _share(mask: Grey) -> float:
    return float(np.count_nonzero(mask)) / mask.size


def _spread(mask: Grey) -> float:
    """Share of the width that the bulk of the mask takes."""
    columns = np.flatnonzero(mask.any(axis=0) & (np.count_nonzero(mask, axis=0) > 0.12 * len(mask)))
    return float(columns[-1] - columns[0] + 1) / mask.shape[1] if len(columns) else 0.0


class View:
    """Keeps the last picture, the one last read, and the lane as it is when empty."""

    def __init__(self, roi: Roi) -> None:
        self._roi = roi
        self._empty: deque[Floats] = deque(maxlen=3)
        self._forget()

    def _forget(self) -> None:
        self._now: Floats | None = None
        self._before: Floats | None = None
        self._read: Floats | None = None
        self._moved_at: datetime | None = None
        self.mask: Grey | None = None  # what differs from the likest of the empty pictures
        self._union: Grey | None = None  # and what differs from any of them
        self._empty.clear()

    def _small(self, image: Image) -> Floats:
        x, y, w, h = self._roi.pixels(image.shape)
        height = max(16, round(WIDTH * h / w))
        part = cv2.resize(
            image[y : y + h, x : x + w], (WIDTH, height), interpolation=cv2.INTER_AREA
        )
        grey = cv2.GaussianBlur(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), (5, 5), 0)
        return grey.astype(np.float32)

    def look(self, image: Image, at: datetime) -> Look:
        """Take in a frame."""
        small = self._small(image)
        if self._now is not None and self._now.shape != small.shape:
            self._forget()  # the camera changed its size
        self._before, self._now = self._now, small
        moving = 1.0 if self._before is None else _share(_differing(small, self._before, STEP))
        changed = 1.0 if self._read is None else _share(_differing(small, self._read, STEP))
        if moving >= MOVED or self._moved_at is None:
            self._moved_at = at
        covered, spread = self._compare(small)
        calm_s = (at - self._moved_at).total_seconds()
        return Look(at, changed, moving, covered, spread, calm_s, bool(self._empty))

    def _compare(self, small: Floats) -> tuple[float, float]:
        self.mask = self._union = None
        for empty in self._empty:
            mask = _differing(small, empty, OTHER)
            self._union = mask if self._union is None else self._union | mask
            if self.mask is None or _share(mask) < _share(self.mask):
                self.mask = mask
        return (0.0, 0.0) if self.mask is None else (_share(self.mask), _spread(self.mask))

    def covered_at(self, box: Box, shape: tuple[int, ...]) -> float:
        """Share of the box (in pixels of a picture of this shape) that something covers, 0..1."""
        if self.mask is None:
            return 0.0
        x, y, w, h = self._roi.pixels(shape)
        across, down = self.mask.shape[1] / w, self.mask.shape[0] / h
        left, top = int((box[0] - x) * across), int((box[1] - y) * down)
        right, bottom = int((box[0] + box[2] - x) * across), int((box[1] + box[3] - y) * down)
        part = self.mask[max(0, top) : max(0, bottom) + 1, max(0, left) : max(0, right) + 1]
        return _share(part) if part.size else 0.0

    def covered_part(self) -> Roi | None:
        """The part of the picture (with a margin) where the lane is not as when empty."""
        if self._union is None:
            return None
        mask = cv2.morphologyEx(self._union, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
        if not mask.any():
            return None
        height, width = mask.shape
        x, y, w, h = cv2.boundingRect(mask)
        left, top = max(0.0, x / width - MARGIN), max(0.0, y / height - MARGIN)
        right = min(1.0, (x + w) / width + MARGIN)
        bottom = min(1.0, (y + h) / height + MARGIN)
        whole = self._roi
        return Roi(
            whole.x + left * whole.w,
            whole.y + top * whole.h,
            (right - left) * whole.w,
            (bottom - top) * whole.h,
        )

    def was_read(self) -> None:
        """The present picture has just been read: `changed` counts from it."""
        self._read = self._now

    def learn_empty(self) -> None:
        """The present picture shows the empty lane."""
        if self._now is None:
            return
        for index, empty in enumerate(self._empty):
            if _share(_differing(self._now, empty, OTHER)) < EMPTY:
                self._empty[index] = empty * (1 - LEARN) + self._now * LEARN
                return
        self._empty.append(self._now.copy())
