"""Plain cars on a plain lane. One scale for all: pixels per metre of car."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Frame, Grey
from community.vision.plates import Box, PlateKind
from community.vision.render.plates import plate_face, weathered

CAR_WIDTH, CAR_HEIGHT = 1.8, 1.5  # metres
DRAWN = 400  # pixels per metre while drawing; then resized to the scale asked for
PLATE_WIDTH = 0.44
PLATE_TOP = 1.08  # metres below the roof
COLOURS = ((200, 200, 205), (60, 60, 66), (235, 235, 235), (40, 40, 150), (120, 70, 30))
GLASS, RUBBER, CHROME, LAMP = (95, 80, 65), (28, 28, 30), (150, 152, 155), (215, 235, 240)


@dataclass(frozen=True)
class Front:
    """A car seen from the front: picture, mask (255 = car) and the plate's box in the picture."""

    picture: Frame
    mask: Grey
    box: Box | None


def _shape(*metres: tuple[float, float]) -> np.ndarray:
    return np.array([[round(x * DRAWN), round(y * DRAWN)] for x, y in metres], np.int32)


def _mirrored(*left: tuple[float, float]) -> np.ndarray:
    right = [(CAR_WIDTH - x, y) for x, y in reversed(left)]
    return _shape(*left, *right)


def _body(canvas: Frame, mask: Grey, colour: tuple[int, int, int]) -> None:
    outline = _mirrored((0.42, 0.03), (0.22, 0.5), (0.06, 0.62), (0.03, 1.22), (0.1, 1.33))
    for wheel in ((0.08, 1.15, 0.34, 1.48), (1.46, 1.15, 1.72, 1.48)):
        corners = _shape(wheel[:2], wheel[2:])
        for sheet, value in ((canvas, RUBBER), (mask, 255)):
            cv2.rectangle(sheet, tuple(corners[0]), tuple(corners[1]), value, -1)
    cv2.fillPoly(canvas, [outline], colour, cv2.LINE_AA)
    cv2.fillPoly(mask, [outline], 255)
    dark = tuple(int(c * 0.72) for c in colour)
    glass = _mirrored((0.47, 0.09), (0.3, 0.5))
    cv2.fillPoly(canvas, [glass], GLASS, cv2.LINE_AA)
    cv2.polylines(canvas, [_mirrored((0.14, 0.62), (0.3, 0.56))], False, dark, 3, cv2.LINE_AA)
    cv2.fillPoly(canvas, [_mirrored((0.06, 1.02), (0.08, 1.32))], dark, cv2.LINE_AA)


def _face(canvas: Frame) -> None:
    cv2.fillPoly(canvas, [_mirrored((0.55, 0.76), (0.6, 0.98))], RUBBER, cv2.LINE_AA)
    for y in (0.81, 0.87, 0.93):
        start, end = _shape((0.58, y), (CAR_WIDTH - 0.58, y))
        cv2.line(canvas, tuple(start), tuple(end), CHROME, 4, cv2.LINE_AA)
    for x in (0.28, CAR_WIDTH - 0.28):
        centre = tuple(int(v) for v in _shape((x, 0.84))[0])
        cv2.ellipse(canvas, centre, (70, 38), 0, 0, 360, LAMP, -1, cv2.LINE_AA)
        cv2.ellipse(canvas, centre, (70, 38), 0, 0, 360, CHROME, 4, cv2.LINE_AA)


def _mount(canvas: Frame, text: str, kind: PlateKind, rng: Generator) -> Box:
    face = plate_face(text, kind, rng)
    width = round(PLATE_WIDTH * DRAWN * face.shape[1] / 440)
    height = round(width * face.shape[0] / face.shape[1])
    left, top = round(CAR_WIDTH * DRAWN / 2 - width / 2), round(PLATE_TOP * DRAWN)
    small = cv2.resize(face, (width, height), interpolation=cv2.INTER_AREA)
    canvas[top : top + height, left : left + width] = small
    return left, top, width, height


def car_front(
    text: str | None,
    kind: PlateKind,
    scale: float,
    colour: tuple[int, int, int] | None,
    rng: Generator,
) -> Front:
    """A car's front at `scale` pixels per metre (a plate is 0.44 m wide, the car 1.8 m).

    `colour` is BGR, None takes one at random; a car without `text` carries no plate.
    """
    size = round(CAR_HEIGHT * DRAWN), round(CAR_WIDTH * DRAWN)
    canvas, mask = np.zeros((*size, 3), np.uint8), np.zeros(size, np.uint8)
    _body(canvas, mask, colour or COLOURS[int(rng.integers(len(COLOURS)))])
    _face(canvas)
    box = _mount(canvas, text, kind, rng) if text else None
    shrink = scale / DRAWN
    target = max(1, round(size[1] * shrink)), max(1, round(size[0] * shrink))
    picture = cv2.resize(canvas, target, interpolation=cv2.INTER_AREA)
    small_mask = cv2.resize(mask, target, interpolation=cv2.INTER_AREA)
    if box is not None:
        box = tuple(round(v * shrink) for v in box)  # type: ignore[assignment]
    return Front(picture, small_mask, box)


def lane(size: tuple[int, int], rng: Generator) -> Frame:
    """An empty gate lane, `size` = (width, height): sky, wall, asphalt, two painted lines."""
    width, height = size
    horizon = round(height * 0.3)
    frame = np.empty((height, width, 3), np.uint8)
    frame[:horizon] = (190, 180, 170)
    frame[round(height * 0.16) : horizon] = (120, 135, 140)
    shade = np.linspace(95, 70, height - horizon).astype(np.uint8)
    frame[horizon:] = shade[:, None, None]
    for side in (-1, 1):
        far, near = width / 2 + side * width * 0.12, width / 2 + side * width * 0.55
        corners = (
            [far, horizon],
            [far + side * 4, horizon],
            [near + side * 24, height],
            [near, height],
        )
        cv2.fillPoly(frame, [np.array(corners).astype(np.int32)], (205, 210, 210))
    grain = rng.normal(0, 3, (height, width, 1))
    return np.clip(frame + grain, 0, 255).astype(np.uint8)


def place(frame: Frame, front: Front, at: tuple[int, int]) -> Box | None:
    """Paint a car into the frame, its picture's upper left corner `at`; gives the plate's box."""
    x, y = at
    height, width = front.mask.shape
    left, top = max(0, x), max(0, y)
    right, bottom = min(frame.shape[1], x + width), min(frame.shape[0], y + height)
    if right <= left or bottom <= top:
        return None
    cut = slice(top - y, bottom - y), slice(left - x, right - x)
    alpha = front.mask[cut][..., None].astype(np.float32) / 255
    patch = frame[top:bottom, left:right]
    patch[:] = (patch * (1 - alpha) + front.picture[cut] * alpha).astype(np.uint8)
    if front.box is None:
        return None
    px, py, pw, ph = front.box
    inside = left <= x + px and top <= y + py and x + px + pw <= right and y + py + ph <= bottom
    return (x + px, y + py, pw, ph) if inside else None


def scene(
    text: str | None,
    kind: PlateKind,
    rng: Generator,
    size: tuple[int, int] = (1280, 720),
    *,
    scale: float | None = None,
    centre: tuple[float, float] = (0.5, 0.62),
    colour: tuple[int, int, int] | None = None,
    wear: float = 0.2,
) -> tuple[Frame, Box | None]:
    """A car on a lane: the frame and the plate's box (None where no whole plate is in view).

    `size` is (width, height); `centre` places the car's middle, as parts of the frame; `scale` is
    in pixels per metre, by default a car of 45 % of the frame's width.
    """
    width, height = size
    front = car_front(text, kind, scale or width * 0.45 / CAR_WIDTH, colour, rng)
    frame = lane(size, rng)
    tall, wide = front.mask.shape
    at = round(centre[0] * width - wide / 2), round(centre[1] * height - tall / 2)
    shadow = (at[0] + wide // 2, at[1] + round(tall * 0.985))
    cv2.ellipse(frame, shadow, (wide // 2, max(1, tall // 24)), 0, 0, 360, (45, 45, 45), -1)
    box = place(frame, front, at)
    return weathered(frame, rng, wear), box
