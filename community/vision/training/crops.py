"""One crop for the reader: a plate seen by a camera, cut out as the engine cuts it."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.random import Generator

from community.vision import straighten
from community.vision.arrays import Floats, Frame
from community.vision.plate_line import line_of
from community.vision.straighten import Quad
from community.vision.training import cameras, faces
from community.vision.training.texts import Text, invent

BOXED = 0.42  # part of the crops that are cut as upright boxes, not straightened


def pose(width: float, height: float, rng: Generator, hard: float, *, aside: bool = False) -> Quad:
    """The corners of a plate of that size as a camera sees it: turned, leaning, in perspective.

    ``aside``: from the side of the car, or with a camera that hangs askew.
    """
    turn = rng.uniform(-0.45, 0.45) if aside else rng.normal(0, 0.07 + 0.06 * hard)
    lean = rng.normal(0, 0.1 + 0.1 * hard)
    narrow = rng.uniform(0.65, 1.1) if rng.random() < 0.5 else rng.uniform(0.9, 1.05)
    corners = np.array([[0, 0], [width * narrow, 0], [width * narrow, height], [0, height]])
    if aside:
        corners[:, 0] *= rng.uniform(0.55, 0.95)
        far = corners[[0, 3] if rng.random() < 0.5 else [1, 2]]  # the far end is less tall
        corners[corners[:, 0] == far[0, 0], 1] *= rng.uniform(0.75, 1.0)
    turned = corners @ np.array([[1, turn], [lean, 1]])
    return (turned + rng.normal(0, 0.02 + 0.02 * hard, (4, 2)) * height).astype(np.float32)


def surroundings(size: tuple[int, int], rng: Generator) -> Floats:
    """What is round a plate: bumper, grille, shadow. `size` = (width, height)."""
    width, height = size
    ground = np.empty((height, width, 3), np.float32)
    ground[:] = faces.shade(rng, ((0, 180), (0, 140), (0, 255)))
    choice = rng.random()
    if choice < 0.6:
        coarse = rng.standard_normal((int(rng.integers(2, 7)), int(rng.integers(2, 12)), 3))
        amount = np.float32(rng.uniform(5, 50))
        ground += cv2.resize(coarse.astype(np.float32), size) * amount
    if choice > 0.45:
        for _ in range(int(rng.integers(1, 6))):
            colour = tuple(float(v) for v in rng.uniform(0, 255, 3))
            y = int(rng.integers(height))
            end = width, int(y + rng.normal(0, height * 0.15))
            cv2.line(ground, (0, y), end, colour, int(rng.integers(1, max(2, height // 8))))
    return ground


def photograph(plate: Text, rng: Generator, hard: float) -> tuple[Frame, Quad]:
    """A camera's picture of the plate with a little round it, and the plate's corners in it."""
    face = faces.face(plate, rng)
    tall = face.shape[0] / face.shape[1]
    width = float(np.exp(rng.uniform(np.log(110 - 58 * hard), np.log(190))))
    quad = pose(width, width * tall, rng, hard)
    low, high = quad.min(axis=0), quad.max(axis=0)
    margin = rng.uniform(0.12, 0.3, 2) * (high[1] - low[1])
    quad += (margin - low).astype(np.float32)
    size = tuple(int(v) for v in np.ceil(quad.max(axis=0) + margin))
    picture = surroundings((size[0], size[1]), rng)
    return _mount(face, picture, quad, rng, hard), quad


def hang(face: Floats, picture: Floats, quad: Quad) -> None:
    """Paint a plate's face into the picture, where the quad is."""
    shrink = straighten.sides(quad)[0] / face.shape[1]
    if shrink < 0.6:  # or strokes break up
        factor = shrink * 1.4
        face = cv2.resize(face, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    height, width = face.shape[:2]
    source = straighten.from_box((0, 0, width, height))
    matrix = cv2.getPerspectiveTransform(source, quad)
    size = picture.shape[1], picture.shape[0]
    seen = cv2.warpPerspective(face, matrix, size, flags=cv2.INTER_LINEAR)
    cover = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, size)[..., None]
    picture += (seen - picture) * cover


def _mount(face: Floats, picture: Floats, quad: Quad, rng: Generator, hard: float) -> Frame:
    hang(face, picture, quad)
    picture = cameras.light(picture, rng, hard)
    return cameras.lens(picture, rng, hard, straighten.sides(quad)[0] / 8.5)


def _loose(quad: Quad, rng: Generator, amount: float) -> Quad:
    """The corners as a detector finds them: each a little off, the whole a little wide."""
    height = straighten.sides(quad)[1]
    off = quad + rng.normal(0, amount, (4, 2)).astype(np.float32) * height
    left, top, right, bottom = (float(v) for v in rng.uniform(-0.02, 0.06, 4))
    return straighten.grown(off, left / 2, top, right / 2, bottom)


def cut(frame: Frame, quad: Quad, rows: int, rng: Generator, hard: float) -> Frame:
    """The line that the reader is given: straightened mostly, else an upright box round it."""
    if rows == 1 and rng.random() < BOXED:
        low, high = quad.min(axis=0), quad.max(axis=0)
        size = high - low
        low = low + size * rng.uniform(-0.06, 0.025, 2)
        high = high + size * rng.uniform(-0.025, 0.06, 2)
        box = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float32)
        return line_of(frame, box, 1)
    return line_of(frame, _loose(quad, rng, 0.02 + 0.04 * hard), rows)


def crop(rng: Generator, hard: float = 1.0, **what: Any) -> tuple[Frame, Text]:
    """A line as the reader gets it (see `plate_line`), and what stands on it.

    `hard` 0..1 scales the camera's faults; `what` goes to `texts.invent`.
    """
    plate = invent(rng, **what)
    frame, quad = photograph(plate, rng, hard)
    return cut(frame, quad, plate.rows, rng, hard), plate
