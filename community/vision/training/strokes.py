"""Letters and digits as the presses of plate works cut them: one pen, even width (GA 36, annex).

Each shape is a list of pen strokes in a box 1 wide and 2 tall, y downward. A stroke is a list of
points; an arc is given by its ellipse and expanded here. Drawn from photographs of plates in use;
fonts are drawn beside them (`glyphs`), so a reader learns the letter and not one cut of it.
"""

from __future__ import annotations

import math

import cv2
import numpy as np

from community.vision.arrays import Grey

Point = tuple[float, float]
Stroke = list[Point]


def arc(  # noqa: PLR0917 - the six numbers of an ellipse's arc, in their usual order
    cx: float, cy: float, rx: float, ry: float, start: float, end: float
) -> Stroke:
    """Points of an ellipse from `start` to `end` degrees, clockwise on screen, 0 = right."""
    steps = max(4, round(abs(end - start) / 12))
    angles = [math.radians(start + (end - start) * i / steps) for i in range(steps + 1)]
    return [(cx + rx * math.cos(a), cy + ry * math.sin(a)) for a in angles]


def _oval() -> Stroke:
    top = arc(0.5, 0.5, 0.5, 0.5, 180, 360)
    return [*top, *arc(0.5, 1.5, 0.5, 0.5, 0, 180), (0.0, 0.5)]


def _bowl(top: float, bottom: float, right: float = 1.0, radius: float = 0.45) -> Stroke:
    """A bowl that leaves the stem at `top` and comes back at `bottom`."""
    low = min(radius, (bottom - top) / 2)
    return [
        (0.0, top),
        *arc(right - radius, top + low, radius, low, -90, 0),
        *arc(right - radius, bottom - low, radius, low, 0, 90),
        (0.0, bottom),
    ]


SHAPES: dict[str, list[Stroke]] = {
    "0": [_oval()],
    "1": [[(0.22, 0.42), (0.5, 0.0), (0.5, 2.0)]],
    "2": [[*arc(0.5, 0.5, 0.48, 0.5, 180, 390), (0.02, 2.0), (1.0, 2.0)]],
    "3": [
        [*arc(0.48, 0.48, 0.46, 0.48, 190, 440), (0.4, 0.95)],
        [(0.4, 0.95), *arc(0.48, 1.46, 0.52, 0.52, -80, 170)],
    ],
    "4": [[(0.62, 0.0), (0.0, 1.42), (1.0, 1.42)], [(0.72, 0.9), (0.72, 2.0)]],
    "5": [
        [(0.95, 0.0), (0.12, 0.0), (0.05, 0.95), *arc(0.48, 1.38, 0.52, 0.62, -110, 160)],
    ],
    "6": [
        [(0.66, 0.0), (0.08, 1.12)],
        [*arc(0.5, 1.45, 0.5, 0.55, 0, 360)],
    ],
    "7": [[(0.0, 0.0), (1.0, 0.0), (0.4, 2.0)]],
    "8": [arc(0.5, 0.47, 0.42, 0.47, 0, 360), arc(0.5, 1.46, 0.5, 0.54, 0, 360)],
    "9": [
        [(0.34, 2.0), (0.92, 0.88)],
        [*arc(0.5, 0.55, 0.5, 0.55, 0, 360)],
    ],
    "A": [[(0.0, 2.0), (0.5, 0.0), (1.0, 2.0)], [(0.18, 1.36), (0.82, 1.36)]],
    "B": [[(0.0, 0.0), (0.0, 2.0)], _bowl(0.0, 0.94, 0.92), _bowl(0.94, 2.0)],
    "C": [[*arc(0.5, 0.5, 0.5, 0.5, -10, -180), *arc(0.5, 1.5, 0.5, 0.5, 180, 10)]],
    "D": [[(0.0, 0.0), (0.0, 2.0)], _bowl(0.0, 2.0)],
    "E": [[(1.0, 0.0), (0.0, 0.0), (0.0, 2.0), (1.0, 2.0)], [(0.0, 0.96), (0.86, 0.96)]],
    "F": [[(1.0, 0.0), (0.0, 0.0), (0.0, 2.0)], [(0.0, 0.98), (0.86, 0.98)]],
    "G": [
        [*arc(0.5, 0.5, 0.5, 0.5, -10, -180), *arc(0.5, 1.5, 0.5, 0.5, 180, 0), (1.0, 1.1)],
        [(0.55, 1.1), (1.0, 1.1)],
    ],
    "H": [[(0.0, 0.0), (0.0, 2.0)], [(1.0, 0.0), (1.0, 2.0)], [(0.0, 0.98), (1.0, 0.98)]],
    "J": [[(0.92, 0.0), (0.92, 1.52), *arc(0.47, 1.52, 0.45, 0.48, 0, 170)]],
    "K": [[(0.0, 0.0), (0.0, 2.0)], [(0.95, 0.0), (0.0, 1.25)], [(0.33, 0.85), (1.0, 2.0)]],
    "L": [[(0.0, 0.0), (0.0, 2.0), (1.0, 2.0)]],
    "M": [[(0.0, 2.0), (0.0, 0.0), (0.5, 1.1), (1.0, 0.0), (1.0, 2.0)]],
    "N": [[(0.0, 2.0), (0.0, 0.0), (1.0, 2.0), (1.0, 0.0)]],
    "P": [[(0.0, 0.0), (0.0, 2.0)], _bowl(0.0, 1.12)],
    "Q": [_oval(), [(0.55, 1.45), (1.0, 2.05)]],
    "R": [[(0.0, 0.0), (0.0, 2.0)], _bowl(0.0, 1.04), [(0.5, 1.04), (1.0, 2.0)]],
    "S": [
        [
            *arc(0.5, 0.5, 0.48, 0.5, -15, -180),
            *arc(0.5, 0.5, 0.48, 0.46, 180, 110),
            *arc(0.5, 1.44, 0.48, 0.5, -70, 0),
            *arc(0.5, 1.5, 0.48, 0.5, 0, 165),
        ]
    ],
    "T": [[(0.0, 0.0), (1.0, 0.0)], [(0.5, 0.0), (0.5, 2.0)]],
    "U": [[(0.0, 0.0), (0.0, 1.5), *arc(0.5, 1.5, 0.5, 0.5, 180, 0), (1.0, 0.0)]],
    "V": [[(0.0, 0.0), (0.5, 2.0), (1.0, 0.0)]],
    "W": [[(0.0, 0.0), (0.24, 2.0), (0.5, 0.75), (0.76, 2.0), (1.0, 0.0)]],
    "X": [[(0.0, 0.0), (1.0, 2.0)], [(1.0, 0.0), (0.0, 2.0)]],
    "Y": [[(0.0, 0.0), (0.5, 1.0), (1.0, 0.0)], [(0.5, 1.0), (0.5, 2.0)]],
    "Z": [[(0.0, 0.0), (1.0, 0.0), (0.0, 2.0), (1.0, 2.0)]],
}


# As most presses cut them: 1 is a bare bar, 3 has a flat top, G a stem down to its base.
PLAIN: dict[str, list[Stroke]] = {
    "1": [[(0.5, 0.0), (0.5, 2.0)]],
    "3": [[(0.04, 0.0), (0.94, 0.0), (0.42, 0.82), *arc(0.46, 1.4, 0.52, 0.6, -80, 160)]],
    "G": [
        [*arc(0.5, 0.5, 0.5, 0.5, -15, -180), *arc(0.5, 1.5, 0.5, 0.5, 180, 20)],
        [(0.5, 1.08), (1.0, 1.08), (1.0, 2.0)],
    ],
    "M": [[(0.0, 2.0), (0.0, 0.0), (0.5, 1.5), (1.0, 0.0), (1.0, 2.0)]],
    "W": [[(0.0, 0.0), (0.26, 2.0), (0.5, 0.3), (0.74, 2.0), (1.0, 0.0)]],
}


def draw(character: str, width: int, height: int, pen: float, *, plain: bool = True) -> Grey:
    """The character as a (height, width) mask, 255 = paint; `pen` is a part of the width.

    Raises KeyError for what has no shape here.
    """
    over = 4  # drawn so much larger, then shrunk: even edges
    thick = max(2, round(pen * width * over))
    sheet = np.zeros((height * over, width * over), np.uint8)
    inset = thick / 2
    across, down = width * over - 1 - thick, (height * over - 1 - thick) / 2
    for stroke in PLAIN[character] if plain and character in PLAIN else SHAPES[character]:
        points = [(inset + x * across, inset + y * down) for x, y in stroke]
        line = np.round(np.array(points)).astype(np.int32)
        cv2.polylines(sheet, [line], False, 255, thick, cv2.LINE_8)
    mask: Grey = cv2.resize(sheet, (width, height), interpolation=cv2.INTER_AREA)
    return mask
