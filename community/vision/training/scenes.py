"""Whole scenes for the finder: plates on cars among clutter, several, one or none."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator

from community.vision import straighten
from community.vision.arrays import Floats, Frame
from community.vision.straighten import Quad
from community.vision.training import cameras, faces
from community.vision.training.clutter import car, clutter
from community.vision.training.crops import hang, pose
from community.vision.training.texts import invent

SIZE = 320, 256  # width, height
MOST = 3  # plates in a scene
WIDTHS = 22.0, 290.0  # of a plate, in pixels
PER_FILE = 1024
COUNTS = (0.25, 0.55, 0.14, 0.06)  # of scenes with no, one, two, three plates
NIGHT = 0.15  # of scenes: a dark ground, plates that a flash washes out
ASIDE = 0.1  # of plates: seen from far aside
ALIKE = 0.15  # of cars: painted nearly as their plate is


def _inside(quad: Quad) -> bool:
    low, high = quad.min(axis=0), quad.max(axis=0)
    return bool((low >= 1).all() and high[0] < SIZE[0] - 1 and high[1] < SIZE[1] - 1)


def _apart(quad: Quad, others: list[Quad]) -> bool:
    low, high = quad.min(axis=0), quad.max(axis=0)
    return all(
        (high + 6 < other.min(axis=0)).any() or (low - 6 > other.max(axis=0)).any()
        for other in others
    )


def _place(
    taken: list[Quad], size: tuple[float, float], rng: Generator, hard: float
) -> Quad | None:
    """Where a plate of that size hangs; None where no room is found."""
    for _ in range(6):
        quad = pose(*size, rng, hard, aside=rng.random() < ASIDE)
        quad = (quad - quad.mean(axis=0)).astype(np.float32)
        quad += (rng.uniform(0.05, 0.95, 2) * SIZE).astype(np.float32)
        if _inside(quad) and _apart(quad, taken):
            return quad
    return None


def _paste(canvas: Floats, painted: Floats, quad: Quad, rng: Generator) -> None:
    if rng.random() < 0.3:  # the dealer's frame round it
        colour = tuple(float(v) for v in rng.uniform(0, 255, 3))
        around = straighten.grown(quad, 0.02, 0.07, 0.02, 0.07)
        cv2.fillPoly(canvas, [around.astype(np.int32)], colour, cv2.LINE_AA)
    hang(painted, canvas, quad)


def _washed(plate: Floats, rng: Generator) -> Floats:
    """A plate that reflects a flash: pale, with little contrast."""
    keep, haze = rng.uniform(0.3, 0.9), rng.uniform(60, 220, 3).astype(np.float32)
    return (plate * keep + (1 - keep) * haze).astype(np.float32)


def scene(rng: Generator, hard: float = 1.0) -> tuple[Frame, list[Quad]]:
    """A (256, 320, 3) scene and the corners of each plate in it."""
    canvas = clutter(SIZE, rng)
    night = rng.random() < NIGHT
    if night:
        canvas *= np.float32(rng.uniform(0.03, 0.3))
    quads: list[Quad] = []
    painted: list[Floats] = []
    for _ in range(int(rng.choice(len(COUNTS), p=COUNTS))):
        plate = faces.face(invent(rng), rng)
        width = float(np.exp(rng.uniform(*np.log(WIDTHS))))
        width = min(width, 90.0) if quads else width
        size = width, width * plate.shape[0] / plate.shape[1]
        if (quad := _place(quads, size, rng, hard)) is not None:
            quads.append(quad)
            painted.append(_washed(plate, rng) if night else plate)
    for quad, plate in zip(quads, painted, strict=True):
        # All cars before any plate, or a car would cover one.
        if rng.random() < 0.75:
            alike = plate.mean(axis=(0, 1)) * rng.uniform(0.6, 1.3)
            car(canvas, quad, rng, alike if rng.random() < ALIKE else None)
    for quad, plate in zip(quads, painted, strict=True):
        _paste(canvas, plate, quad, rng)
    canvas = cameras.light(np.clip(canvas, 0, 255), rng, hard)
    narrowest = min((straighten.sides(quad)[0] for quad in quads), default=80.0)
    return cameras.lens(canvas, rng, hard, narrowest / 8.5), quads


def write(folder: Path, seed: int, count: int = PER_FILE) -> Path:
    """Render a file of scenes unless it is there; `corners` (count, 3, 4, 2), NaN where none."""
    path = folder / f"scenes-{seed:06d}.npz"
    if path.exists():
        return path
    cv2.setNumThreads(1)
    rng = np.random.default_rng(seed)
    pictures = np.empty((count, SIZE[1], SIZE[0], 3), np.uint8)
    corners = np.full((count, MOST, 4, 2), np.nan, np.float32)
    for i in range(count):
        pictures[i], quads = scene(rng, float(rng.uniform(0.1, 1.0)))
        for place, quad in enumerate(quads):
            corners[i, place] = quad
    half = path.with_suffix(".part")
    with half.open("wb") as file:
        np.savez(file, pictures=pictures, corners=corners)
    half.rename(path)
    return path
