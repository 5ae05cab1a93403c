"""The faces of Chinese plates (GA 36): sizes in millimetres, drawn at one pixel each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Floats, Frame, Grey
from community.vision.plates import PlateKind
from community.vision.render.glyphs import glyph, installed

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
DIGITS = "0123456789"
ENERGY = "DABCEFGHJK"

# background, ink; BGR
COLOURS: dict[PlateKind, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    PlateKind.BLUE: ((178, 78, 12), (245, 245, 245)),
    PlateKind.YELLOW: ((25, 178, 240), (18, 18, 18)),
    PlateKind.GREEN: ((96, 190, 70), (18, 18, 18)),
    PlateKind.GREEN_LARGE: ((96, 190, 70), (18, 18, 18)),
    PlateKind.WHITE: ((238, 238, 238), (20, 20, 20)),
    PlateKind.BLACK: ((22, 22, 22), (240, 240, 240)),
    PlateKind.UNKNOWN: ((178, 78, 12), (245, 245, 245)),
}
RED = (32, 32, 205)
NARROW = 440, 140  # one row, seven characters
LONG = 480, 140  # new energy, eight characters
DOUBLE = 440, 220  # two rows


def _pick(rng: Generator, letters: str, count: int = 1) -> str:
    return "".join(letters[int(rng.integers(len(letters)))] for _ in range(count))


def random_text(kind: PlateKind, rng: Generator) -> str:
    """An invented plate text of the kind; any likeness with a real plate is chance."""
    place = _pick(rng, PROVINCES) + _pick(rng, LETTERS)
    serial = "".join(_pick(rng, LETTERS if rng.random() < 0.25 else DIGITS) for _ in range(5))
    if kind is PlateKind.GREEN:
        return place + _pick(rng, ENERGY) + _pick(rng, LETTERS + DIGITS) + _pick(rng, DIGITS, 4)
    if kind is PlateKind.GREEN_LARGE:
        return place + _pick(rng, DIGITS, 5) + _pick(rng, ENERGY)
    if kind is PlateKind.WHITE:
        return place + serial[:4] + "警"
    if kind is PlateKind.BLACK:
        return "粤Z" + serial[:4] + _pick(rng, "港澳")
    return place + serial


def _slots(count: int) -> list[tuple[int, int, int, int]]:
    """x, y, width, height of each glyph of a one-row plate."""
    if count == 8:
        lefts = [16, 70, *(16 + 108 + 16 + 54 * i for i in range(6))]
        return [(left, 25, 45 if i == 0 else 43, 90) for i, left in enumerate(lefts)]
    lefts = [15, 72, *(15 + 114 + 22 + 57 * i for i in range(count - 2))]
    return [(left, 25, 45, 90) for left in lefts]


def _double_slots() -> list[tuple[int, int, int, int]]:
    top = [(110, 15, 80, 60), (250, 15, 80, 60)]
    return top + [(27 + 80 * i, 90, 65, 110) for i in range(5)]


def _base(kind: PlateKind, size: tuple[int, int]) -> Floats:
    width, height = size
    background = np.empty((height, width, 3), np.float32)
    background[:] = COLOURS[kind][0]
    if kind is PlateKind.GREEN:  # fades to near white at the top
        fade = np.linspace(1, 0, height, dtype=np.float32)[:, None, None] ** 1.2
        background = background * (1 - fade) + np.array([236, 246, 236], np.float32) * fade
    elif kind is PlateKind.GREEN_LARGE:
        background[:, : width // 4] = COLOURS[PlateKind.YELLOW][0]
    return background


def _paint(canvas: Floats, mask: Grey, at: tuple[int, int], ink: tuple[int, int, int]) -> None:
    left, top = at
    height, width = mask.shape
    patch = canvas[top : top + height, left : left + width]
    alpha = mask[: patch.shape[0], : patch.shape[1], None].astype(np.float32) / 255
    patch[:] = patch * (1 - alpha) + np.array(ink, np.float32) * alpha


def plate_face(text: str, kind: PlateKind, rng: Generator, *, rows: int = 1) -> Frame:
    """A clean plate, seen straight on: 440 x 140, 480 x 140 (8 characters) or 440 x 220 (2 rows).

    Raises FontMissing, and ValueError for a text that is not 7 or 8 characters.
    """
    if not 7 <= len(text) <= 8:
        raise ValueError(f"a plate has 7 or 8 characters, not {len(text)}")
    size = DOUBLE if rows == 2 else LONG if len(text) == 8 else NARROW
    canvas = _base(kind, size)
    ink = COLOURS[kind][1]
    latin = int(rng.integers(min(2, len(installed(han=False)))))
    slots = _double_slots() if rows == 2 else _slots(len(text))
    for character, (left, top, width, height) in zip(text, slots, strict=False):
        colour = RED if character == "警" else ink
        _paint(canvas, glyph(character, width, height, latin), (left, top), colour)
    if rows == 1 and len(text) == 7 and kind is not PlateKind.WHITE:
        cv2.circle(canvas, (134, 70), 5, ink, -1, cv2.LINE_AA)
    if rows == 2:
        cv2.circle(canvas, (220, 45), 6, ink, -1, cv2.LINE_AA)
    width, height = size
    cv2.rectangle(canvas, (4, 4), (width - 5, height - 5), ink, 2, cv2.LINE_AA)
    for x in (width // 4, width - width // 4):
        for y in (12, height - 13):
            cv2.circle(canvas, (x, y), 5, (120, 120, 120), -1, cv2.LINE_AA)
    return np.clip(canvas, 0, 255).astype(np.uint8)


def plate_picture(
    text: str,
    kind: PlateKind,
    rng: Generator,
    *,
    width: int = 220,
    wear: float = 0.3,
    tilt: float = 0.0,
    rows: int = 1,
) -> Frame:
    """A plate as a camera crops it: `width` pixels, some margin, light, blur and noise.

    `wear` runs from 0 (a clean rendering) to 1 (dim, blurred, noisy); `tilt` is in degrees.
    """
    face = plate_face(text, kind, rng, rows=rows)
    scale = width / face.shape[1]
    face = cv2.resize(face, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    margin = max(2, round(face.shape[0] * 0.12))
    shade = tuple(int(v) for v in rng.integers(30, 90, 3))
    crop = cv2.copyMakeBorder(face, *[margin] * 4, cv2.BORDER_CONSTANT, value=shade)
    if tilt:
        height, breadth = crop.shape[:2]
        turn = cv2.getRotationMatrix2D((breadth / 2, height / 2), tilt, 1)
        crop = cv2.warpAffine(crop, turn, (breadth, height), borderValue=shade)
    return weathered(crop, rng, wear)


def weathered(picture: Frame, rng: Generator, wear: float) -> Frame:
    """The picture as a camera of `wear` (0..1) sees it: light, softness, noise."""
    if wear <= 0:
        return picture
    light = 1 + float(rng.uniform(-0.5, 0.25)) * wear
    soft = cv2.GaussianBlur(picture, (0, 0), 0.3 + 1.0 * wear * float(rng.random()))
    noise = rng.normal(0, 6 * wear, picture.shape[:2])[..., None]
    return np.clip(soft * light + noise, 0, 255).astype(np.uint8)
