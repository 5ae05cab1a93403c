"""Which of the plates in a frame is meant: the nearest whole one that is read with some surety."""

from __future__ import annotations

import math
from dataclasses import replace

from community.vision.plates import Box, PlateRead

CUT = 0.35  # what a plate at the very edge of the frame keeps of its weight
CENTRE = 0.25  # how much being far from the middle costs


def overlap(one: Box, other: Box) -> float:
    """Common area as a part of the smaller box."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / min(one[2] * one[3], other[2] * other[3])


def distinct(reads: list[PlateRead]) -> list[PlateRead]:
    """Of readings of the same place only the surest."""
    kept: list[PlateRead] = []
    for read in sorted(reads, key=lambda r: -r.confidence):
        if all(overlap(read.box, other.box) < 0.5 for other in kept):
            kept.append(read)
    return kept


def weight(read: PlateRead, shape: tuple[int, ...]) -> float:
    """How likely this is the plate of the car in front of the camera."""
    height, width = shape[:2]
    x, y, w, h = read.box
    off = math.hypot((x + w / 2) / width - 0.5, (y + h / 2) / height - 0.5)
    cut = x <= 1 or y <= 1 or x + w >= width - 1 or y + h >= height - 1
    return w * (0.1 + read.confidence) * (1 - CENTRE * off) * (CUT if cut else 1.0)


def main_first(reads: list[PlateRead], shape: tuple[int, ...]) -> list[PlateRead]:
    """The readings, the likeliest main plate first."""
    return sorted(reads, key=lambda read: -weight(read, shape))


def moved(read: PlateRead, x: int, y: int) -> PlateRead:
    """The reading of a region as one of the whole frame, whose corner (x, y) the region has."""
    return replace(read, box=(read.box[0] + x, read.box[1] + y, read.box[2], read.box[3]))
