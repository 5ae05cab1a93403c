"""The colour of a plate from its pixels."""

from __future__ import annotations

import cv2
import numpy as np

from community.vision.arrays import Frame
from community.vision.plates import PlateKind

COLOURS = ("blue", "yellow", "green", "white", "black", "unknown")
# OpenCV hue is 0..179; bounds leave room for the casts of lamps and cheap cameras.
YELLOW, GREEN, BLUE = (12, 36), (36, 92), (92, 132)
SATURATED = 62  # of 255: below this, blue paint at night and grey paint look the same
INNER = 0.08, 0.14  # part of width and height that is frame, bolts and surroundings


def colour_of(crop: Frame) -> str:
    """One of COLOURS for a straightened crop that the plate fills.

    The background is what most of the inner pixels show; a grey picture (infrared, night) is
    white, black or unknown by whether ink is darker or lighter than the ground.
    """
    height, width = crop.shape[:2]
    x, y = int(width * INNER[0]), int(height * INNER[1])
    inner = crop[y : height - y, x : width - x]
    if inner.size == 0:
        return "unknown"
    hue, saturation, value = (channel.ravel() for channel in cv2.split(_hsv(inner)))
    vivid = (saturation > SATURATED) & (value > 35)
    if vivid.mean() > 0.3:
        return _by_hue(hue[vivid])
    return _by_light(value, float(saturation.mean()))


def _hsv(picture: Frame) -> Frame:
    converted: Frame = cv2.cvtColor(picture, cv2.COLOR_BGR2HSV)
    return converted


def _by_hue(hue: np.ndarray) -> str:
    shares = {
        name: float(((hue >= low) & (hue < high)).mean())
        for name, (low, high) in (("yellow", YELLOW), ("green", GREEN), ("blue", BLUE))
    }
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] > 0.4 else "unknown"


def _by_light(value: np.ndarray, saturation: float) -> str:
    low, high = (float(v) for v in np.percentile(value, (5, 95)))
    if high - low < 40 or saturation > SATURATED:
        return "unknown"
    ground = float(np.median(value))
    if ground > 150 and ground > (low + high) / 2:
        return "white"
    if ground < 70 and ground < (low + high) / 2:
        return "black"
    return "unknown"


def fits(kind: PlateKind, colour: str) -> bool:
    """Whether a plate of this kind may show this colour; an unknown colour fits every kind."""
    if colour == "unknown" or kind is PlateKind.UNKNOWN:
        return True
    shown = {
        PlateKind.GREEN: ("green", "white"),
        PlateKind.GREEN_LARGE: ("green", "yellow"),
        PlateKind.WHITE: ("white",),
        PlateKind.BLACK: ("black",),
    }
    return colour in shown.get(kind, (kind.value,))
