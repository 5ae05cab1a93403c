"""Short clips for the face benchmark: a real portrait walks, on a drawn body, through 1080p."""

from __future__ import annotations

import cv2
import numpy as np

from community.vision.arrays import Frame

WIDE, HIGH = 1920, 1080
FACE = 200  # pixels
PORTRAIT_FACE = 0.42  # of a portrait's width is the face's box
EMPTY, WALKING = 3, 7
STEP = 28  # pixels between two frames


def clip(portrait: Frame, rng: np.random.Generator) -> list[Frame]:
    """EMPTY frames without anybody, then WALKING ones, each with its own noise of the sensor."""
    place = _place(rng)
    side = round(FACE / PORTRAIT_FACE)
    person = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_CUBIC)
    start, top = int(rng.integers(250, 1100)), int(rng.integers(60, 260))
    empty = [place] * EMPTY
    walking = [_with(place, person, start + STEP * step, top) for step in range(WALKING)]
    return [_noisy(frame, rng) for frame in empty + walking]


def _place(rng: np.random.Generator) -> Frame:
    """A wall, a floor, and things that stand about."""
    coarse = rng.integers(70, 170, (9, 16, 3), np.uint8)
    place = cv2.resize(coarse, (WIDE, HIGH), interpolation=cv2.INTER_CUBIC)
    for _ in range(25):
        x, y = int(rng.integers(0, WIDE - 200)), int(rng.integers(0, HIGH - 200))
        w, h = int(rng.integers(20, 200)), int(rng.integers(20, 200))
        colour = tuple(int(one) for one in rng.integers(40, 200, 3))
        cv2.rectangle(place, (x, y), (x + w, y + h), colour, -1 if rng.random() < 0.5 else 3)
    return place


def _with(place: Frame, person: Frame, x: int, y: int) -> Frame:
    """An oval of the portrait over shoulders that reach to the lower edge."""
    frame, side = place.copy(), person.shape[0]
    neck = y + round(side * 0.8)
    left, right = x - side // 6, x + side + side // 6
    body = np.array([[x + side // 5, neck], [x + side * 4 // 5, neck], [right, HIGH], [left, HIGH]])
    cv2.fillPoly(frame, [body.astype(np.int32)], (95, 70, 60))
    mask = np.zeros(person.shape[:2], np.uint8)
    cv2.ellipse(mask, (side // 2, side // 2), (side * 2 // 5, side // 2), 0, 0, 360, 255, -1)
    part = frame[y : y + side, x : x + side]
    part[mask > 0] = person[mask > 0]
    return frame


def _noisy(frame: Frame, rng: np.random.Generator) -> Frame:
    grain = rng.integers(-3, 4, (HIGH, WIDE, 1), np.int16)
    return np.clip(frame.astype(np.int16) + grain, 0, 255).astype(np.uint8)
