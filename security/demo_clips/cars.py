"""Cars for the demo clips, seen from the front, with plates as the plate renderer draws them."""

from __future__ import annotations

import random
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from community.vision.plates import PlateKind
from community.vision.render import plate_face
from security.demo_clips.street import HORIZON, SIZE, UNITS, Colour, mixed

PIXEL = SIZE[0] / UNITS[0]
SPRITE = 5  # pixels per unit in which a car is drawn, before it is made smaller
HALF, TALL, BELOW = 160, 210, 20
STOPPED, FAR = 1.1, 0.26
WHITE, BLACK = (255, 255, 255), (0, 0, 0)
BODIES: dict[str, Colour] = {
    "silver": (168, 172, 178),
    "white": (232, 234, 236),
    "black": (44, 48, 54),
    "blue": (58, 92, 140),
    "grey": (104, 108, 112),
    "red": (146, 40, 36),
    "brown": (104, 82, 66),
    "beige": (176, 160, 132),
}


@dataclass(frozen=True)
class Pose:
    """Where a car is: its scale (1.1 at the arm) and how far it has turned aside, in units."""

    scale: float
    aside: float = 0.0


class _Sheet:
    """A transparent sheet in the car's own units: x from -HALF to HALF, y up to -TALL."""

    def __init__(self) -> None:
        size = 2 * HALF * SPRITE, (TALL + BELOW) * SPRITE
        self.image = Image.new("RGBA", size)
        self._draw = ImageDraw.Draw(self.image)

    def at(self, *units: float) -> list[float]:
        offsets = (HALF, TALL)
        return [(value + offsets[i % 2]) * SPRITE for i, value in enumerate(units)]

    def shape(self, fill: tuple[int, ...], *units: float) -> None:
        self._draw.polygon(self.at(*units), fill=fill)

    def oval(self, fill: tuple[int, ...], *units: float) -> None:
        self._draw.ellipse(self.at(*units), fill=fill)

    def panel(self, fill: tuple[int, ...], radius: float, *units: float) -> None:
        self._draw.rounded_rectangle(self.at(*units), radius * SPRITE, fill=fill)


def _cabin(sheet: _Sheet, body: Colour, van: bool) -> None:
    top, roof = (-196, 104) if van else (-168, 84)
    light, dark = mixed(body, WHITE, 0.35), mixed(body, BLACK, 0.45)
    sheet.shape(dark, -roof, top, roof, top, 122, -104, -122, -104)
    edge = (-roof - 4, top + 6, roof + 4, top + 6, roof, top - 4, -roof, top - 4)
    sheet.shape(light, *edge)
    glass = (-roof + 8, top + 8, roof - 8, top + 8, 108, -106, -108, -106)
    sheet.shape((24, 32, 40), *glass)
    sheet.shape((68, 82, 94), -roof + 20, top + 10, -10, top + 10, -44, -108, -100, -108)
    for side in (-1, 1):
        x = side * 134
        sheet.shape(dark, x, -132, x - side * 20, -130, x - side * 18, -114, x + side * 4, -116)
        sheet.shape(dark, x - side * 10, -120, x - side * 26, -118, x - side * 26, -114, x, -114)


def _front(sheet: _Sheet, body: Colour, night: bool) -> None:
    light, dark = mixed(body, WHITE, 0.35), mixed(body, BLACK, 0.75)
    for side in (-1, 1):
        left, right = sorted((side * 138, side * 96))
        sheet.panel((16, 16, 18), 9, left, -46, right, 4)
    sheet.shape(light, -122, -106, 122, -106, 142, -74, -142, -74)
    sheet.panel(body, 16, -146, -80, 146, -12)
    sheet.shape(dark, -140, -36, 140, -36, 132, -8, -132, -8)
    sheet.panel((22, 24, 26), 7, -66, -74, 66, -52)
    for k in range(4):
        sheet.panel((70, 74, 78), 0, -60, -71 + k * 5, 60, -70 + k * 5)
    lamp = (255, 250, 225) if night else (228, 234, 238)
    for side in (-1, 1):
        near, far = side * 80, side * 140
        sheet.shape(lamp, far, -74, near, -68, near + side * 6, -52, far - side * 2, -52)
        sheet.oval((255, 255, 250), side * 112 - 9, -70, side * 112 + 9, -54)


def _mud(plate: np.ndarray, rng: random.Random) -> np.ndarray:
    """Mud thrown over the plate until nobody can say what it reads."""
    height, width = plate.shape[:2]
    for _ in range(34):
        at = rng.randrange(width), rng.randrange(height)
        earth = mixed((60, 78, 92), (96, 116, 130), rng.random())
        cv2.ellipse(plate, at, (rng.randint(14, 46), rng.randint(10, 32)), 0, 0, 360, earth, -1)
    return cv2.GaussianBlur(plate, (0, 0), 4)


def _plate(text: str, kind: PlateKind, seed: int, muddy: bool) -> Image.Image:
    face = plate_face(text, kind, np.random.default_rng(seed))
    if muddy:
        face = _mud(face, random.Random(seed))  # noqa: S311
    wide = 82 if len(text) == 7 else 90
    size = wide * SPRITE, round(wide * SPRITE * face.shape[0] / face.shape[1])
    shrunk = cv2.resize(face, size, interpolation=cv2.INTER_AREA)
    return Image.fromarray(cv2.cvtColor(shrunk, cv2.COLOR_BGR2RGB))


class Car:
    """One car, drawn once and shown at any scale."""

    def __init__(self, text: str, kind: PlateKind, body: str, seed: int, **looks: bool) -> None:
        sheet, self._night = _Sheet(), looks.get("night", False)
        paint = mixed(BODIES[body], BLACK, 0.45 if self._night else 0)
        _cabin(sheet, paint, looks.get("van", False))
        _front(sheet, paint, self._night)
        plate = _plate(text, kind, seed, looks.get("muddy", False))
        x, y = sheet.at(0, -28)
        sheet.image.paste(plate, (round(x - plate.width / 2), round(y - plate.height / 2)))
        self._sprite = sheet.image

    def paint(self, frame: Image.Image, pose: Pose) -> None:
        """Put the car and its shadow into the frame (RGB, SIZE)."""
        scale = pose.scale * PIXEL
        x = (UNITS[0] / 2 + pose.aside) * PIXEL
        y = (HORIZON + 177 * pose.scale) * PIXEL
        self._shade(frame, x, y, scale)
        size = round(2 * HALF * scale), round((TALL + BELOW) * scale)
        small = self._sprite.resize(size, Image.Resampling.BOX, reducing_gap=2.0)
        frame.paste(small, (round(x - HALF * scale), round(y - TALL * scale)), small)
        if self._night:
            self._glow(frame, x, y - 62 * scale, scale)

    def _shade(self, frame: Image.Image, x: float, y: float, scale: float) -> None:
        shade = Image.new("L", (SIZE[0] // 4, SIZE[1] // 4))
        corners = (x - 152 * scale, y - 22 * scale, x + 152 * scale, y + 18 * scale)
        ImageDraw.Draw(shade).ellipse([v / 4 for v in corners], fill=170)
        soft = shade.filter(ImageFilter.GaussianBlur(3)).resize(SIZE)
        frame.paste(BLACK, (0, 0), soft)

    def _glow(self, frame: Image.Image, x: float, y: float, scale: float) -> None:
        glow = Image.new("L", (SIZE[0] // 4, SIZE[1] // 4))
        draw = ImageDraw.Draw(glow)
        for side in (-1, 1):
            for radius, light in ((44, 60), (22, 170)):
                lamp, r = x + side * 112 * scale, radius * scale
                corners = (lamp - r, y - r, lamp + r, y + r)
                draw.ellipse([v / 4 for v in corners], fill=light)
        soft = glow.filter(ImageFilter.GaussianBlur(4)).resize(SIZE)
        frame.paste((255, 252, 235), (0, 0), soft)
