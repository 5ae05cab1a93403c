"""Landmarks of a head that can be turned, and vectors of people who do not exist."""

from __future__ import annotations

import numpy as np

from community.vision.faces.contract import Face
from community.vision.faces.templates import unit

SIZE = 128


def head(
    turn: float = 0.0, opening: float = 0.3, at: tuple[float, float] = (200, 200), size: float = 60
) -> np.ndarray:
    """68 landmarks; `turn` moves the nose between the eyes, `opening` is the eyes' own ratio."""
    points = np.zeros((68, 2))
    points[:17] = [(-1.1 + 0.1375 * k, 0.2 + 1.6 * (1 - abs(k - 8) / 8)) for k in range(17)]
    for start, x in ((36, -0.5), (42, 0.5)):
        lid = opening * 0.2
        points[start : start + 6] = [
            (x - 0.2, 0), (x - 0.07, -lid), (x + 0.07, -lid),
            (x + 0.2, 0), (x + 0.07, lid), (x - 0.07, lid),
        ]  # fmt: skip
    points[27:36] = (turn, 0.55)
    points[48:68] = (0, 1.1)
    points[48], points[54] = (-0.35, 1.1), (0.35, 1.1)
    return (points * size + at).astype(np.float32)


def face(x: int = 100, y: int = 100, side: int = 120) -> Face:
    return Face((x, y, side, side), 1.0, head(at=(x + side / 2, y + side / 3), size=side / 2))


def person(number: int) -> np.ndarray:
    return unit(np.random.default_rng(number).standard_normal(SIZE).astype(np.float32))


def picture_of(vector: np.ndarray, far: float, seed: int = 0) -> np.ndarray:
    """Another unit vector at exactly this distance."""
    other = np.random.default_rng(10_000 + seed).standard_normal(SIZE)
    other -= (other @ vector) * vector
    other /= np.linalg.norm(other)
    likeness = 1 - far * far / 2
    return (likeness * vector + np.sqrt(1 - likeness**2) * other).astype(np.float32)
