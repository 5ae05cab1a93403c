"""The faces of plates as GA 36 lays them out, every kind, drawn at half a pixel per millimetre."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Floats, Frame, Grey
from community.vision.training import glyphs
from community.vision.training.layouts import Layout, Slot, layout
from community.vision.training.texts import Text

SCALE = 0.5  # pixels per millimetre
Range = tuple[float, float]


@dataclass(frozen=True)
class Paint:
    """Colours of a form, as ranges of OpenCV hue, saturation and value; `red` names characters
    painted red, by place (negative from the end)."""

    ground: tuple[Range, Range, Range]
    ink: tuple[Range, Range, Range]
    red: tuple[int, ...] = ()
    top: tuple[Range, Range, Range] | None = None  # the ground fades to this at the top
    left: tuple[Range, Range, Range] | None = None  # the first quarter's ground


_LIGHT = ((0, 180), (0, 40), (175, 255))
_DARK = ((0, 180), (0, 70), (0, 60))
_BLUE = ((100, 122), (120, 255), (70, 230))
_YELLOW = ((16, 30), (130, 255), (140, 255))
_GREEN = ((50, 85), (60, 200), (120, 235))
_WHITE = ((0, 180), (0, 25), (185, 255))
_BLACK = ((0, 180), (0, 60), (0, 60))
PAINTS: dict[str, Paint] = {
    "blue": Paint(_BLUE, _LIGHT),
    "energy_small": Paint(_GREEN, _DARK, top=((40, 90), (0, 40), (215, 255))),
    "energy_large": Paint(_GREEN, _DARK, left=_YELLOW),
    "yellow": Paint(_YELLOW, _DARK),
    "yellow_double": Paint(_YELLOW, _DARK),
    "training": Paint(_YELLOW, _DARK),
    "trailer": Paint(_YELLOW, _DARK),
    "police": Paint(_WHITE, _DARK, red=(-1,)),
    "armed_police": Paint(_WHITE, _DARK, red=(0, 1, 2)),
    "armed_police_staff": Paint(_WHITE, _DARK, red=(0, 1)),
    "military": Paint(_WHITE, _DARK, red=(0, 1)),
    "emergency": Paint(_WHITE, _DARK, red=(1, -2, -1)),
    "hong_kong_macau": Paint(_BLACK, _LIGHT),
    "consulate": Paint(_BLACK, _LIGHT, red=(-1,)),
    "embassy": Paint(_BLACK, _LIGHT, red=(0, -1)),
    "temporary": Paint(((85, 125), (5, 60), (170, 255)), _DARK),
    "aviation": Paint(((60, 85), (120, 255), (50, 170)), _LIGHT),
}


def shade(rng: Generator, ranges: tuple[Range, Range, Range]) -> np.ndarray:
    """A colour out of the ranges, BGR as three floats."""
    hsv = np.array([[[rng.uniform(*part) for part in ranges]]])
    hsv[..., 0] %= 180
    colour = cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2BGR)[0, 0]
    return np.asarray(colour, np.float32)


def _ink(plate: Text, plan: Layout, size: tuple[int, int], rng: Generator) -> Grey:
    """Where ink lies on a plate of that size in pixels."""
    hand = glyphs.choose(rng)
    sheet = np.zeros(size[::-1], np.uint8)
    slip = rng.normal(0, 0.8, (len(plan.boxes), 2))
    # Presses cut the Chinese characters smaller than their box, each works by its own measure.
    across, down = rng.uniform(0.84, 1.0), rng.uniform(0.74, 1.0)
    for character, box, (dx, dy) in zip(plate.text, plan.boxes, slip, strict=True):
        x, y, w, h = _smaller(box, across, down) if "一" <= character <= "鿿" else box
        drawn = glyphs.mask(character, round(w * SCALE), round(h * SCALE), hand)
        _lay(sheet, drawn, round((x + dx) * SCALE), round((y + dy) * SCALE))
    if rng.random() < 0.92:
        for x, y, radius in plan.dots:
            centre = round(x * SCALE), round(y * SCALE)
            cv2.circle(sheet, centre, max(1, round(radius * SCALE)), 255, -1, cv2.LINE_AA)
    choice = rng.random()
    if choice < 0.15:
        sheet = cv2.dilate(sheet, np.ones((2, 2), np.uint8))
    elif choice < 0.3:
        sheet = cv2.erode(sheet, np.ones((2, 2), np.uint8))
    return sheet


def _smaller(box: Slot, across: float, down: float) -> Slot:
    """The middle of a box, by parts of its width and height."""
    x, y, w, h = box
    return x + w * (1 - across) / 2, y + h * (1 - down) / 2, w * across, h * down


def _lay(sheet: Grey, drawn: Grey, left: int, top: int) -> None:
    left, top = max(0, left), max(0, top)
    part = sheet[top : top + drawn.shape[0], left : left + drawn.shape[1]]
    np.maximum(part, drawn[: part.shape[0], : part.shape[1]], out=part)


def _ground(paint: Paint, width: int, height: int, rng: Generator) -> Floats:
    ground = np.empty((height, width, 3), np.float32)
    ground[:] = shade(rng, paint.ground)
    if paint.top is not None:
        fade = np.linspace(1, 0, height, dtype=np.float32)[:, None, None] ** rng.uniform(0.6, 2)
        ground += (shade(rng, paint.top) - ground) * fade
    if paint.left is not None:
        ground[:, : width // 4] = shade(rng, paint.left)
    return ground


def _extras(face: Floats, sheet: Grey, rng: Generator) -> None:
    """What sits on plates: the rim, bolts, a frame of the dealer's, mud."""
    height, width = face.shape[:2]
    if rng.random() < 0.85:
        inset, thick = int(rng.integers(1, 4)), int(rng.integers(1, 3))
        cv2.rectangle(sheet, (inset, inset), (width - 1 - inset, height - 1 - inset), 255, thick)
    for _ in range(int(rng.choice([0, 2, 2, 4]))):
        x = width * rng.choice([0.25, 0.75]) + rng.normal(0, 3)
        y = rng.choice([0.1, 0.9]) * height + rng.normal(0, 1)
        colour = tuple(float(v) for v in shade(rng, ((0, 180), (0, 80), (40, 255))))
        cv2.circle(face, (round(x), round(y)), int(rng.integers(2, 5)), colour, -1, cv2.LINE_AA)


def _mud(face: Floats, rng: Generator) -> None:
    height, width = face.shape[:2]
    colour = shade(rng, ((8, 25), (20, 120), (40, 150)))
    cover = np.zeros((height, width), np.float32)
    for _ in range(int(rng.integers(1, 9))):
        radius = float(rng.uniform(1, 6))
        at = int(rng.integers(width)), int(rng.integers(height))
        axes = round(radius * rng.uniform(1, 3)), round(radius)
        cv2.ellipse(cover, at, axes, 0, 0, 360, float(rng.uniform(0.3, 0.85)), -1)
    face += (colour - face) * cv2.GaussianBlur(cover, (5, 5), 0)[..., None]


def face(plate: Text, rng: Generator) -> Floats:
    """The plate seen straight on: float BGR 0..255, 220 x 70, 240 x 70 or 220 x 110 pixels."""
    plan = layout(plate, rng)
    width, height = round(plan.size[0] * SCALE), round(plan.size[1] * SCALE)
    paint = PAINTS[plate.form]
    ground = _ground(paint, width, height, rng)
    sheet = _ink(plate, plan, (width, height), rng)
    inks = np.empty_like(ground)
    inks[:] = shade(rng, paint.ink)
    if rng.random() < 0.9:
        red = shade(rng, ((0, 6), (150, 255), (140, 240)))
        for place in paint.red:
            x, y, w, h = (round(v * SCALE) for v in plan.boxes[place])
            inks[max(0, y - 2) : y + h + 2, max(0, x - 2) : x + w + 2] = red
    _extras(ground, sheet, rng)
    alpha = sheet.astype(np.float32)[..., None] / 255
    painted: Floats = ground + (inks - ground) * alpha
    if rng.random() < 0.15:
        _mud(painted, rng)
    return painted


def as_picture(painted: Floats) -> Frame:
    """Float BGR brought to bytes."""
    return np.clip(painted, 0, 255).astype(np.uint8)
