"""Lines varied as they are learnt from, so that a rendered file teaches more than one reading.

What no font has and each press and camera has its own of: how a character is bent, how thick its
strokes are, how far a plate leans in its cut, and what a camera's sharpening and JPEG add to it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Floats, Frame

#: Part of the lines that are varied at all; the rest are learnt as they were rendered.
VARIED = 0.65
#: Columns in which a plate's Chinese character stands.
HAN = 24


def varied(lines: np.ndarray, rng: Generator) -> np.ndarray:
    """(count, height, width, 3) bytes, some of them changed; the same shape."""
    return np.stack([_line(line, rng) if rng.random() < VARIED else line for line in lines])


def _line(line: Frame, rng: Generator) -> Frame:
    for often, change in CHANGES:
        if rng.random() < often:
            line = change(line, rng)
    return line


def _leaning(line: Frame, rng: Generator) -> Frame:
    """As a cut that was not straightened: the plate lies across it, smaller, its feet aside."""
    y, x = _grid(line)
    middle, slope = line.shape[0] / 2, rng.uniform(-0.12, 0.2)
    smaller = 1 / (1 - abs(slope) * rng.uniform(0.8, 2.4))
    down = middle + (y - middle - slope * (x - line.shape[1] / 2)) * smaller
    aside = rng.uniform(-3, 2) + rng.uniform(-0.35, 0.35) * (y - middle)
    return _moved(line, x * rng.uniform(0.9, 1.2) + aside, down, cv2.BORDER_REFLECT)


def _bent(line: Frame, rng: Generator) -> Frame:
    """Slowly along the line, more sharply where the Chinese character stands."""
    height, width = line.shape[:2]
    off = [_smooth(rng.normal(0, 0.7, (4, 12)), (width, height)) for _ in range(2)]
    sharp = rng.uniform(0.2, 0.9)
    fading = np.clip((HAN - np.arange(HAN)) / 6, 0, 1).astype(np.float32)
    for one in off:
        one[:, :HAN] += _smooth(rng.normal(0, sharp, (6, 5)), (HAN, height)) * fading
    y, x = _grid(line)
    return _moved(line, x + off[0], y + off[1], cv2.BORDER_REPLICATE)


def _thicker(line: Frame, rng: Generator) -> Frame:
    """Strokes a little thicker or thinner; which of the two depends on the plate's kind."""
    sizes = ((2, 2), (1, 2), (2, 1), (3, 3))
    brush = np.ones(sizes[int(rng.integers(len(sizes)))], np.uint8)
    painted = (cv2.dilate if rng.random() < 0.5 else cv2.erode)(line, brush)
    share = rng.uniform(0.2, 0.9)
    return cv2.addWeighted(line, 1 - share, painted, share, 0)


def _smaller(line: Frame, rng: Generator) -> Frame:
    """Fewer pixels, brought back to size in one of three ways."""
    scale = rng.uniform(0.35, 0.8)
    small = cv2.resize(line, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ways = (cv2.INTER_LINEAR, cv2.INTER_CUBIC, cv2.INTER_NEAREST)
    size = line.shape[1], line.shape[0]
    return cv2.resize(small, size, interpolation=ways[int(rng.integers(len(ways)))])


def _sharpened(line: Frame, rng: Generator) -> Frame:
    soft = cv2.GaussianBlur(line, (0, 0), rng.uniform(0.8, 2.0))
    much = rng.uniform(0.4, 2.5)
    return cv2.addWeighted(line, 1 + much, soft, -much, 0)


def _as_jpeg(line: Frame, rng: Generator) -> Frame:
    _, data = cv2.imencode(".jpg", line, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(15, 70))])
    return cv2.imdecode(data, cv2.IMREAD_COLOR)


def _lit(line: Frame, rng: Generator) -> Frame:
    bright: Frame = (255 * (line / 255.0) ** np.exp(rng.normal(0, 0.4))).astype(np.uint8)
    return bright


#: How often each change is made, in this order.
CHANGES: tuple[tuple[float, Callable[[Frame, Generator], Frame]], ...] = (
    (0.4, _leaning),
    (0.6, _bent),
    (0.4, _thicker),
    (0.25, _smaller),
    (0.4, _sharpened),
    (0.25, _as_jpeg),
    (0.3, _lit),
)


def _grid(line: Frame) -> tuple[Floats, Floats]:
    y, x = np.mgrid[0 : line.shape[0], 0 : line.shape[1]].astype(np.float32)
    return y, x


def _smooth(coarse: np.ndarray, size: tuple[int, int]) -> Floats:
    return cv2.resize(coarse.astype(np.float32), size, interpolation=cv2.INTER_CUBIC)


def _moved(line: Frame, x: Floats, y: Floats, border: int) -> Frame:
    """The line whose pixels come from those places."""
    places = x.astype(np.float32), y.astype(np.float32)
    return cv2.remap(line, *places, cv2.INTER_LINEAR, borderMode=border)
