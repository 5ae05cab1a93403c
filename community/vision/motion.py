"""A cheap motion gate: still frames are skipped, moving ones get a region to look at.

Frames are shrunk to small grey pictures and compared with a slowly learnt background and with the
frame before. A change of light over the whole picture (a lamp, a cloud, the camera's own exposure)
shifts all pixels alike and is taken out first.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.plates import Roi

WIDTH = 160
LEARNT = 0.04  # share of each still frame that goes into the background
LEARNT_MOVING = 0.01  # a car that parks in view becomes background in a minute or two
THRESHOLD = 14  # grey levels
LEAST = 0.004  # part of the picture that has to change
MARGIN = 0.08  # added to each side of the moving region, as a part of the frame


@dataclass(frozen=True, slots=True)
class Motion:
    """What moved: whether anything did, which part of the picture, and where (None if still).

    `against_background` stays true for a car that has stopped, `moving` does not.
    """

    moving: bool
    against_background: bool
    part: float
    region: Roi | None


class MotionGate:
    """Keeps one camera's background; not thread-safe, one gate per camera."""

    def __init__(self, threshold: float = THRESHOLD, least: float = LEAST) -> None:
        self._threshold, self._least = threshold, least
        self._background: NDArray[np.float32] | None = None
        self._last: NDArray[np.float32] | None = None

    def look(self, frame: Frame) -> Motion:
        """Compare the frame with what came before and learn from it; about 2 ms at 1080p.

        The first frame, and the first of another shape, counts as all moving.
        """
        grey = _small(frame)
        background, last = self._background, self._last
        if background is None or last is None or background.shape != grey.shape:
            self._background, self._last = grey.copy(), grey
            return Motion(True, True, 1.0, Roi())
        strange, fresh = self._changed(grey, background), self._changed(grey, last)
        part, moved = float(strange.mean() / 255), float(fresh.mean() / 255)
        rate = LEARNT_MOVING if part >= self._least else LEARNT
        cv2.accumulateWeighted(grey, background, rate)
        self._last = grey
        there = part >= self._least
        moving = moved >= self._least / 2
        region = _region(cv2.bitwise_or(strange, fresh)) if there or moving else None
        return Motion(moving, there, part, region)

    def forget(self) -> None:
        """Start anew, as after a camera was turned or came back."""
        self._background = self._last = None

    def _changed(self, grey: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.uint8]:
        difference = grey - other
        difference -= np.float32(np.median(difference))
        mask = (np.abs(difference) > self._threshold).astype(np.uint8) * 255
        opened: NDArray[np.uint8] = cv2.morphologyEx(
            mask, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8)
        )
        return opened


def _small(frame: Frame) -> NDArray[np.float32]:
    height = max(2, round(frame.shape[0] * WIDTH / max(frame.shape[1], 1)))
    small = cv2.resize(frame, (WIDTH, min(height, 4 * WIDTH)), interpolation=cv2.INTER_AREA)
    if small.ndim == 3:
        small = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    return cv2.GaussianBlur(small, (3, 3), 0).astype(np.float32)


def _region(mask: NDArray[np.uint8]) -> Roi | None:
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return None
    height, width = mask.shape
    left, right = columns[0] / width - MARGIN, (columns[-1] + 1) / width + MARGIN
    top, bottom = rows[0] / height - MARGIN, (rows[-1] + 1) / height + MARGIN
    left, top = max(0.0, float(left)), max(0.0, float(top))
    return Roi(left, top, min(1.0, float(right)) - left, min(1.0, float(bottom)) - top)
