"""The colour of a plate from its pixels.

Hue alone is fooled by lamps and cheap cameras: a blue plate turns cyan in the morning and yellowish
under sodium light. Two things more are known: whether the ink is lighter than the ground (blue and
black plates) or darker (yellow, green, white), and which colours the text allows at all. Where they
contradict the hue, the colour is unknown rather than wrong.
"""

from __future__ import annotations

from collections.abc import Container

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.plates import PlateKind

COLOURS = ("blue", "yellow", "green", "white", "black", "unknown")
# OpenCV hue is 0..179.
HUES = {"yellow": (12, 38), "green": (38, 95), "blue": (88, 132)}
LIGHT_INK = frozenset({"blue", "black"})
SATURATED = 62  # of 255: below this, blue paint at night and grey paint look the same
DARK = 35  # of 255: below this, hue is noise
INNER = 0.08, 0.14  # part of width and height that is frame, bolts and surroundings
UNDECIDED = 0.46, 0.54  # share of light pixels at which ink and ground cannot be told apart
SHOWN: dict[PlateKind, frozenset[str]] = {
    PlateKind.BLUE: frozenset({"blue", "yellow", "black"}),  # ordinary: the text does not say
    PlateKind.YELLOW: frozenset({"yellow"}),
    PlateKind.GREEN: frozenset({"green", "white"}),
    PlateKind.GREEN_LARGE: frozenset({"green", "yellow"}),
    PlateKind.WHITE: frozenset({"white"}),
    PlateKind.BLACK: frozenset({"black"}),
}


def colour_of(crop: Frame, allowed: Container[str] = COLOURS) -> str:
    """One of COLOURS for a straightened crop that the plate fills; `allowed` by its text."""
    height, width = crop.shape[:2]
    x, y = int(width * INNER[0]), int(height * INNER[1])
    inner = crop[y : height - y, x : width - x]
    if inner.size == 0:
        return "unknown"
    hue, saturation, value = cv2.split(cv2.cvtColor(inner, cv2.COLOR_BGR2HSV))
    light = _light_ink(cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY))
    vivid = (saturation > SATURATED) & (value > DARK)
    if vivid.mean() > 0.3:
        seen = _by_hue(hue[vivid], allowed, light)
    else:
        seen = _by_light(value, float(saturation.mean()), light)
    return seen if seen in allowed else "unknown"


def _light_ink(grey: NDArray[np.uint8]) -> bool | None:
    """Whether the strokes are lighter than the ground; strokes cover less than half of a plate."""
    _, mask = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    share = float(mask.mean())
    return None if UNDECIDED[0] < share < UNDECIDED[1] else share < 0.5


def _by_hue(hue: NDArray[np.uint8], allowed: Container[str], light: bool | None) -> str:
    shares = {
        name: float(((hue >= low) & (hue < high)).mean())
        for name, (low, high) in HUES.items()
        if name in allowed and (light is None or light is (name in LIGHT_INK))
    }
    best = max(shares, key=lambda name: shares[name], default="unknown")
    return best if shares.get(best, 0) > 0.4 else "unknown"


def _by_light(value: NDArray[np.uint8], saturation: float, light: bool | None) -> str:
    low, high = (float(v) for v in np.percentile(value, (5, 95)))
    if high - low < 40 or saturation > SATURATED:
        return "unknown"
    ground = float(np.median(value))
    if light is False and ground > 150:
        return "white"
    if light is True and ground < 60:
        return "black"
    return "unknown"


def fits(kind: PlateKind, colour: str) -> bool:
    """Whether a plate of this kind may show this colour; an unknown colour fits every kind."""
    if colour == "unknown" or kind is PlateKind.UNKNOWN:
        return True
    return colour == kind.value or (kind is not PlateKind.BLUE and colour in SHOWN[kind])
