"""A gate lane of the demo compound, drawn: sky, houses, hedge, booth, arm. Nothing here is real.

Drawn on a sheet of 640 x 360 units at SHARP pixels each, then brought to the clip's size.
"""

from __future__ import annotations

import math
import random
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

UNITS = 640, 360
SHARP = 4
SIZE = 960, 540
HORIZON = 120
Colour = tuple[int, int, int]
ARM_LENGTH, ARM_PARTS = 430, 13


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """The colour at `share` of the way from one to the other."""
    mix = [round(a + (b - a) * share) for a, b in zip(one, other, strict=True)]
    return mix[0], mix[1], mix[2]


def _fade(top: Colour, bottom: Colour) -> Image.Image:
    steps = np.linspace(0, 1, UNITS[1] * SHARP)[:, None, None]
    column = np.array(top) * (1 - steps) + np.array(bottom) * steps
    return Image.fromarray(np.repeat(column, UNITS[0] * SHARP, axis=1).astype(np.uint8))


def _box(*units: float) -> tuple[float, ...]:
    return tuple(value * SHARP for value in units)


def _houses(draw: ImageDraw.ImageDraw, rng: random.Random, night: bool) -> None:
    for k in range(7):
        x, wide = k * 105 - 40 + rng.randint(-10, 10), rng.randint(70, 105)
        top = rng.randint(-30, 40)
        wall = (36, 40, 48) if night else mixed((150, 146, 138), (188, 182, 170), rng.random())
        draw.rectangle(_box(x, top, x + wide, HORIZON + 4), fill=wall)
        for row in range(top + 5, HORIZON, 11):
            for left in range(x + 5, x + wide - 7, 15):
                lit = night and rng.random() < 0.3
                dark = mixed((90, 104, 118), (150, 164, 176), rng.random())
                pane = (214, 180, 110) if lit else (28, 32, 40) if night else dark
                draw.rectangle(_box(left, row, left + 7, row + 5), fill=pane)


def _hedge(draw: ImageDraw.ImageDraw, rng: random.Random, night: bool) -> None:
    for k in range(16):
        x, r = k * 46 + rng.randint(-14, 14), rng.randint(20, 40)
        leaf = (20, 30, 24) if night else mixed((58, 84, 56), (98, 122, 78), rng.random())
        draw.ellipse(_box(x - r, HORIZON - r, x + r, HORIZON + r * 0.7), fill=leaf)


def _road(draw: ImageDraw.ImageDraw, night: bool) -> None:
    top, asphalt = HORIZON + 5, (52, 54, 58) if night else (128, 128, 126)
    draw.rectangle(_box(0, top, 640, 360), fill=asphalt)
    for far, near, edge in ((150, -60, 0), (510, 720, 640)):
        kerb = (66, 64, 58) if night else (156, 151, 140)
        draw.polygon(_box(edge, top, far, top, near, 360, edge, 360), fill=kerb)
        line = (110, 100, 50) if night else (190, 170, 60)
        draw.line(_box(far, top, near, 360), fill=line, width=5 * SHARP)


def _booth(draw: ImageDraw.ImageDraw, left: int, night: bool) -> None:
    wall, pane = ((70, 78, 84), (220, 196, 130)) if night else ((206, 208, 206), (92, 116, 132))
    draw.rectangle(_box(left, 40, left + 66, 214), fill=wall)
    draw.rectangle(_box(left + 8, 62, left + 58, 120), fill=pane)
    draw.rectangle(_box(left - 6, 34, left + 72, 44), fill=(150, 40, 34))


def street(seed: int, *, night: bool, booth_right: bool) -> Image.Image:
    """The empty lane, SIZE pixels."""
    rng = random.Random(seed)  # noqa: S311
    sheet = _fade((18, 24, 34), (34, 38, 44)) if night else _fade((176, 196, 212), (222, 226, 224))
    draw = ImageDraw.Draw(sheet)
    _houses(draw, rng, night)
    _hedge(draw, rng, night)
    _road(draw, night)
    _booth(draw, 566 if booth_right else 8, night)
    return sheet.resize(SIZE, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.8))


@lru_cache(maxsize=64)
def arm(raised: float, *, right: bool) -> Image.Image:
    """The barrier, SIZE pixels and transparent; `raised` runs from 0 (closed) to 1 (upright)."""
    sheet = Image.new("RGBA", (SIZE[0] * 2, SIZE[1] * 2))
    draw, unit = ImageDraw.Draw(sheet), SIZE[0] * 2 / UNITS[0]
    foot, turn = (548, -1) if right else (92, 1), math.radians(80 * raised)
    x, way = foot
    draw.rectangle([v * unit for v in (x - 10, 176, x + 10, 300)], fill=(226, 150, 26))
    draw.rectangle([v * unit for v in (x - 10, 176, x + 10, 184)], fill=(40, 40, 40))
    steps = [ARM_LENGTH * k / ARM_PARTS for k in range(ARM_PARTS + 1)]
    points = [
        ((x + way * r * math.cos(turn)) * unit, (192 - r * math.sin(turn)) * unit) for r in steps
    ]
    for k in range(ARM_PARTS):
        paint = (200, 34, 30) if k % 2 else (240, 240, 238)
        draw.line([points[k], points[k + 1]], fill=paint, width=round(6 * unit))
    return sheet.resize(SIZE, Image.Resampling.LANCZOS)


def lens(frame: np.ndarray, grain: np.ndarray, *, night: bool) -> np.ndarray:
    """The frame (RGB, float) as a camera gives it: darker corners, a cast, grain; uint8."""
    height, width = frame.shape[:2]
    y, x = np.mgrid[0:height, 0:width]
    corner = ((x - width / 2) / width) ** 2 + ((y - height / 2) / height) ** 2
    shaded = frame * (1.06 - 0.5 * corner)[..., None]
    cast = np.array([0.8, 0.88, 0.97]) if night else np.array([0.99, 1.0, 0.97])
    return np.clip(shaded * cast + grain, 0, 255).astype(np.uint8)
