"""Quadrilaterals of plates: their order, their growth, and the straight picture inside them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.plates import Box

Quad = NDArray[np.float32]  # (4, 2): upper left, upper right, lower right, lower left


def ordered(points: NDArray[Any]) -> Quad:
    """Four corners, clockwise from the upper left; a plate is taken to be wider than tall."""
    by_x = points[np.argsort(points[:, 0], kind="stable")].astype(np.float32)
    left, right = by_x[:2], by_x[2:]
    upper_left, lower_left = left[np.argsort(left[:, 1], kind="stable")]
    upper_right, lower_right = right[np.argsort(right[:, 1], kind="stable")]
    return np.array([upper_left, upper_right, lower_right, lower_left], np.float32)


def from_rect(rect: Any) -> Quad:
    """The ordered corners of a cv2 rotated rectangle."""
    return ordered(cv2.boxPoints(rect))


def from_box(box: Box) -> Quad:
    """The corners of an upright box."""
    x, y, w, h = box
    return np.array([[x, y], [x + w, y], [x + w, y + h], [x, y + h]], np.float32)


def whole(picture: Frame) -> Quad:
    """The corners of the picture itself."""
    return from_box((0, 0, picture.shape[1], picture.shape[0]))


def sides(quad: Quad) -> tuple[float, float]:
    """Mean width and height."""
    width = np.linalg.norm(quad[1] - quad[0]) + np.linalg.norm(quad[2] - quad[3])
    height = np.linalg.norm(quad[3] - quad[0]) + np.linalg.norm(quad[2] - quad[1])
    return float(width / 2), float(height / 2)


def shape_of(quad: Quad) -> float:
    """Width divided by height."""
    width, height = sides(quad)
    return width / max(height, 1.0)


def grown(quad: Quad, left: float, top: float, right: float, bottom: float) -> Quad:
    """The quad with each side moved outward by a part of its width (left, right) or height."""
    along = ((quad[1] - quad[0]) + (quad[2] - quad[3])) / 2
    down = ((quad[3] - quad[0]) + (quad[2] - quad[1])) / 2
    shift = np.array(
        [
            -left * along - top * down,
            right * along - top * down,
            right * along + bottom * down,
            -left * along + bottom * down,
        ]
    )
    return (quad + shift).astype(np.float32)


def bounds(quad: Quad, shape: tuple[int, ...]) -> Box:
    """The upright box round the quad, kept inside a frame of this shape."""
    height, width = shape[:2]
    low = np.floor(quad.min(axis=0)).astype(int)
    high = np.ceil(quad.max(axis=0)).astype(int)
    left, top = int(np.clip(low[0], 0, width - 1)), int(np.clip(low[1], 0, height - 1))
    right = int(np.clip(high[0], left + 1, width))
    bottom = int(np.clip(high[1], top + 1, height))
    return left, top, right - left, bottom - top


def warp(frame: Frame, quad: Quad, width: int, height: int) -> Frame:
    """The picture inside the quad, seen straight, in the size asked for."""
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform(quad, target)
    shrink = sides(quad)[1] / height
    if shrink > 2:  # perspective sampling has no area filter: shrink first, or strokes break up
        return _warp_shrunk(frame, quad, target, shrink)
    return cv2.warpPerspective(
        frame, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def _warp_shrunk(frame: Frame, quad: Quad, target: Quad, shrink: float) -> Frame:
    x, y, w, h = bounds(grown(quad, 0.05, 0.2, 0.05, 0.2), frame.shape)
    factor = 1.5 / shrink
    size = max(1, round(w * factor)), max(1, round(h * factor))
    part = cv2.resize(frame[y : y + h, x : x + w], size, interpolation=cv2.INTER_AREA)
    moved = (quad - np.array([x, y], np.float32)) * np.array([size[0] / w, size[1] / h], np.float32)
    matrix = cv2.getPerspectiveTransform(moved.astype(np.float32), target)
    width, height = int(target[2, 0]), int(target[2, 1])
    return cv2.warpPerspective(
        part, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )


def split_rows(quad: Quad, at: float) -> tuple[Quad, Quad]:
    """The upper and the lower part of a quad, cut at a part of its height."""
    left = quad[0] + (quad[3] - quad[0]) * at
    right = quad[1] + (quad[2] - quad[1]) * at
    upper = np.array([quad[0], quad[1], right, left], np.float32)
    lower = np.array([left, right, quad[2], quad[3]], np.float32)
    return upper, lower


def side_by_side(
    frame: Frame, quad: Quad, at: float, widths: tuple[int, int], height: int
) -> Frame:
    """A two-row plate, cut at a part of its height, as one line: the upper row, then the lower."""
    upper, lower = split_rows(quad, at)
    top = warp(frame, grown(upper, -0.15, 0, -0.15, 0), widths[0], height)
    return np.hstack([top, warp(frame, lower, widths[1], height)])


def stacked(upper: Quad, lower: Quad) -> Quad | None:
    """The plate of two rows whose text lines these are, or None where they do not fit together.

    The upper row (province, letter) is shorter and narrower and stands above the lower one's
    middle; the plate's outline follows from the lower row (GA 36: 440 x 220, row at 27..413).
    """
    (wide, tall), (narrow, low) = sides(lower), sides(upper)
    down = (lower[3] - lower[0] + lower[2] - lower[1]) / 2 / max(tall, 1.0)
    along = (lower[1] - lower[0]) / max(wide, 1.0)
    between = lower.mean(axis=0) - upper.mean(axis=0)
    above, aside = float(between @ down), abs(float(between @ along))
    if not (0.25 * wide < narrow < 1.05 * wide and 0.3 * tall < low < 1.15 * tall):
        return None
    if not (0.5 * tall < above < 1.5 * tall and aside < 0.25 * wide):
        return None
    return grown(lower, 0.06, 0.78, 0.06, 0.1)
