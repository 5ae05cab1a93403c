"""Is there something like a plate on this vehicle, read or not? Edges and shape only."""

from __future__ import annotations

import cv2
import numpy as np

from community.vision.arrays import Frame as Image
from community.vision.arrays import Grey
from community.vision.plates import Box, Roi

WIDTH = 640
RATIO = 2.0, 6.5
SIZE = 0.05, 0.5  # plate width as a share of the region's
FILL = 0.45


def _edges(grey: Grey) -> Grey:
    """Upright strokes that stand close together, as characters do."""
    strokes = cv2.convertScaleAbs(cv2.Sobel(grey, cv2.CV_16S, 1, 0, ksize=3))
    _, strong = cv2.threshold(strokes, 60, 255, cv2.THRESH_BINARY)
    joined = cv2.morphologyEx(strong, cv2.MORPH_CLOSE, np.ones((3, 15), np.uint8))
    return cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones((5, 9), np.uint8))


def plate_like(image: Image, roi: Roi, covered: Grey | None = None) -> Box | None:
    """The box (in pixels of the image) most like a plate inside the region, None without one.

    `covered` is the view's mask of what is not the empty lane: a sign on the wall is no plate.
    """
    x, y, w, h = roi.pixels(image.shape)
    scale = min(1.0, WIDTH / w)
    part = cv2.resize(image[y : y + h, x : x + w], None, fx=scale, fy=scale)
    edges = _edges(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY))
    if covered is not None:
        edges &= cv2.resize(cv2.dilate(covered, np.ones((5, 5))), edges.shape[1::-1])
    best: tuple[float, Box] | None = None
    contours, _ = cv2.findContours(edges, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        left, top, wide, tall = cv2.boundingRect(contour)
        fill = cv2.contourArea(contour) / (wide * tall)
        fits = RATIO[0] <= wide / tall <= RATIO[1] and fill >= FILL
        if not fits or not SIZE[0] <= wide / part.shape[1] <= SIZE[1]:
            continue
        if best is None or wide * fill > best[0]:
            box = (left / scale + x, top / scale + y, wide / scale, tall / scale)
            best = wide * fill, tuple(round(v) for v in box)
    return best[1] if best else None
