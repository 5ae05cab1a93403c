"""Barcodes as a phone sees them: drawn, laid on a parcel, tilted, blurred, dim and noisy."""

from __future__ import annotations

import cv2
import numpy as np

from community.vision.code128 import PATTERNS

START_B, START_C, TO_B, TO_C = 104, 105, 100, 99


def values_of(text: str) -> list[int]:
    """As label printers encode: pairs of digits in set C where four or more follow each other."""
    values, at, now = [], 0, ""
    while at < len(text):
        run = len(text[at:]) - len(text[at:].lstrip("0123456789"))
        wanted = "C" if run >= 4 or (now == "C" and run >= 2) else "B"
        if wanted == "C" and run % 2 and now != "C":
            wanted = "B"  # the odd digit first
        if wanted != now:
            start = START_C if wanted == "C" else START_B
            values.append(start if not values else TO_C if wanted == "C" else TO_B)
            now = wanted
        step = 2 if now == "C" else 1
        values.append(int(text[at : at + 2]) if now == "C" else ord(text[at]) - 32)
        at += step
    check = values[0] + sum(place * value for place, value in enumerate(values))
    return [*values, check % 103]


def bars(text: str | list[int], module: int = 4, height: int = 160, quiet: int = 10) -> np.ndarray:
    """(height, width) grey, white around."""
    values = values_of(text) if isinstance(text, str) else text
    widths = [int(digit) for value in values for digit in PATTERNS[value]]
    widths += [2, 3, 3, 1, 1, 1, 2]
    line = np.concatenate(
        [np.full(width * module, 255 * (place % 2)) for place, width in enumerate(widths)]
    )
    line = np.pad(line, quiet * module, constant_values=255)
    body = np.tile(line.astype(np.uint8), (height, 1))
    return np.pad(body, ((30, 30), (0, 0)), constant_values=255)


def parcel(
    *labels: np.ndarray, angle: float = 0.0, size: tuple[int, int] = (960, 1280), seed: int = 3
) -> np.ndarray:
    """A frame (height, width, 3): cardboard with print and the labels, turned by degrees."""
    dice = np.random.default_rng(seed)
    height, width = size
    picture = np.full((height, width), 150, np.uint8)
    for row in range(40, height - 40, 60):  # print, to be taken for no code
        picture[row : row + 14, 60:420:9] = 70
    across = cv2.resize(dice.normal(0, 12, (30, 40)), (width, height))
    picture = np.clip(picture + across, 0, 255).astype(np.uint8)
    for place, label in enumerate(labels):
        top = (height * (2 * place + 1)) // (2 * len(labels)) - label.shape[0] // 2
        left = (width - label.shape[1]) // 2
        picture[top : top + label.shape[0], left : left + label.shape[1]] = label
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    turned = cv2.warpAffine(picture, turn, (width, height), borderValue=120)
    return cv2.cvtColor(turned, cv2.COLOR_GRAY2BGR)


def seen(
    frame: np.ndarray, *, blur: float = 0, noise: float = 0, contrast: float = 1, seed: int = 5
) -> np.ndarray:
    """As a cheap lens in a dim hall gives it."""
    found = frame.astype(np.float32)
    if blur:
        found = cv2.GaussianBlur(found, (0, 0), blur)
    found = 128 + (found - 128) * contrast
    shade = np.linspace(-25, 25, found.shape[1], dtype=np.float32)[None, :, None]
    found += shade * contrast + np.random.default_rng(seed).normal(0, noise, found.shape)
    return np.clip(found, 0, 255).astype(np.uint8)
