"""What a gate camera sees beside plates: ground, walls, lamps, grilles, rails, and writing."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Floats
from community.vision.grammar import DIGITS, LETTERS, PROVINCES
from community.vision.training import glyphs
from community.vision.training.faces import shade
from community.vision.training.texts import pick

WORDS = (
    "停车收费",
    "欢迎光临",
    "出口",
    "入口",
    "禁止停车",
    "小心慢行",
    "中国人民保险",
    "川味火锅",
    "京东快递",
    "驾校",
    "限速",
    "北门",
    "监控区域",
)


def _colour(rng: Generator) -> tuple[float, float, float]:
    blue, green, red = shade(rng, ((0, 180), (0, 200 if rng.random() < 0.4 else 50), (0, 255)))
    return float(blue), float(green), float(red)


def cloudy(size: tuple[int, int], rng: Generator) -> Floats:
    """A ground of several octaves of noise over a gradient."""
    width, height = size
    ground = np.empty((height, width, 3), np.float32)
    top, bottom = np.array(_colour(rng), np.float32), np.array(_colour(rng), np.float32)
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    ground[:] = top + (bottom - top) * ramp
    for cells in (3, 8, 24, 70):
        coarse = rng.standard_normal((cells, cells, 1 if rng.random() < 0.7 else 3), np.float32)
        layer = cv2.resize(coarse, size, interpolation=cv2.INTER_LINEAR).reshape(height, width, -1)
        ground += layer * np.float32(rng.uniform(0, 26))
    return ground


def _polygon(canvas: Floats, rng: Generator) -> None:
    height, width = canvas.shape[:2]
    middle = rng.uniform(0, 1, 2) * (width, height)
    reach = rng.uniform(0.03, 0.4) * width
    points = middle + rng.normal(0, reach, (int(rng.integers(3, 7)), 2))
    cv2.fillPoly(canvas, [points.astype(np.int32)], _colour(rng), cv2.LINE_AA)


def _bars(canvas: Floats, rng: Generator) -> None:
    """A grille, blinds, a zebra crossing, railings: parallel bars in a box."""
    height, width = canvas.shape[:2]
    wide, tall = int(rng.uniform(0.08, 0.6) * width), int(rng.uniform(0.04, 0.4) * height)
    left, top = int(rng.integers(-wide // 2, width)), int(rng.integers(-tall // 2, height))
    dark, pale = _colour(rng), _colour(rng)
    cv2.rectangle(canvas, (left, top), (left + wide, top + tall), dark, -1)
    step, upright = int(rng.integers(3, 18)), rng.random() < 0.5
    thick = max(1, int(step * rng.uniform(0.2, 0.6)))
    for at in range(0, wide if upright else tall, step):
        start = (left + at, top) if upright else (left, top + at)
        end = (left + at, top + tall) if upright else (left + wide, top + at)
        cv2.line(canvas, start, end, pale, thick)


def _lamp(canvas: Floats, rng: Generator) -> None:
    height, width = canvas.shape[:2]
    at = int(rng.integers(width)), int(rng.integers(height))
    axes = int(rng.uniform(3, 0.1 * width)), int(rng.uniform(3, 0.08 * width))
    angle = float(rng.uniform(0, 180))
    cv2.ellipse(canvas, at, axes, angle, 0, 360, _colour(rng), -1, cv2.LINE_AA)
    if rng.random() < 0.6:
        cv2.ellipse(canvas, at, axes, angle, 0, 360, _colour(rng), 2, cv2.LINE_AA)


def _line(canvas: Floats, rng: Generator) -> None:
    height, width = canvas.shape[:2]
    start = int(rng.integers(width)), int(rng.integers(height))
    end = int(rng.integers(width)), int(rng.integers(height))
    cv2.line(canvas, start, end, _colour(rng), int(rng.integers(1, 8)), cv2.LINE_AA)


def _words(rng: Generator) -> str:
    choice = rng.random()
    if choice < 0.35:
        return WORDS[int(rng.integers(len(WORDS)))]
    if choice < 0.55:
        return "1" + pick(rng, DIGITS, 10)
    if choice < 0.7:
        return f"20{pick(rng, DIGITS, 2)}-0{pick(rng, DIGITS, 1)}-1{pick(rng, DIGITS, 1)}"
    if choice < 0.85:
        return pick(rng, LETTERS, int(rng.integers(3, 7)))
    return pick(rng, PROVINCES) + pick(rng, DIGITS + LETTERS, 2)  # a badge, no whole plate


def _writing(canvas: Floats, rng: Generator) -> None:
    """A shop sign, a telephone number, a date, a badge: writing that is no plate."""
    words = _words(rng)
    tall = int(np.exp(rng.uniform(np.log(7), np.log(60))))
    step = max(4, int(tall * rng.uniform(0.5, 1.0)))
    hand = glyphs.choose(rng)
    pad = int(tall * rng.uniform(0.1, 0.6))
    board = np.empty((tall + 2 * pad, step * len(words) + 2 * pad, 3), np.float32)
    board[:] = _colour(rng)
    ink = np.array(_colour(rng), np.float32)
    for place, character in enumerate(words):
        if character == "-":
            continue
        drawn = glyphs.mask(character, max(3, step - 2), tall, hand)
        part = board[pad : pad + tall, pad + place * step :][:, : drawn.shape[1]]
        part += (ink - part) * (drawn[:, : part.shape[1], None].astype(np.float32) / 255)
    lay(canvas, board, rng, bare=rng.random() < 0.3)


def lay(canvas: Floats, board: Floats, rng: Generator, *, bare: bool = False) -> None:
    """Paste a board somewhere, a little askew, cut off at the edges; `bare` lets ground through."""
    height, width = canvas.shape[:2]
    tall, wide = board.shape[:2]
    at = rng.uniform(-0.2, 1, 2) * (width, height)
    lean = rng.normal(0, 0.08, 2)
    matrix = np.array([[1, lean[0], at[0]], [lean[1], 1, at[1]]], np.float32)
    cover = np.full((tall, wide), 0.5 if bare else 1.0, np.float32)
    seen = cv2.warpAffine(board, matrix, (width, height), flags=cv2.INTER_LINEAR)
    alpha = cv2.warpAffine(cover, matrix, (width, height))[..., None]
    canvas += (seen - canvas) * alpha


def clutter(size: tuple[int, int], rng: Generator) -> Floats:
    """A cluttered ground, `size` = (width, height), float BGR."""
    canvas = cloudy(size, rng)
    for _ in range(int(rng.integers(2, 22))):
        choice = rng.random()
        if choice < 0.42:
            _polygon(canvas, rng)
        elif choice < 0.6:
            _bars(canvas, rng)
        elif choice < 0.72:
            _lamp(canvas, rng)
        elif choice < 0.88:
            _line(canvas, rng)
        else:
            _writing(canvas, rng)
    return canvas


def car(canvas: Floats, quad: np.ndarray, rng: Generator, paint: np.ndarray | None = None) -> None:
    """A car's front round the plate that will hang in `quad`: body, glass, grille, lamps."""
    plate = float(np.linalg.norm(quad[1] - quad[0]))
    x, y = quad.mean(axis=0)
    body, dark = _colour(rng), _colour(rng)
    if paint is not None:
        body = float(paint[0]), float(paint[1]), float(paint[2])
    wide, high = plate * rng.uniform(3.2, 4.6), plate * rng.uniform(1.6, 2.8)

    def box(
        left: float, top: float, right: float, bottom: float, colour: tuple[float, float, float]
    ) -> None:
        corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom]])
        corners = corners * (wide, high) + (x, y) + rng.normal(0, plate * 0.04, (4, 2))
        cv2.fillPoly(canvas, [corners.astype(np.int32)], colour, cv2.LINE_AA)

    box(-0.5, -0.75, 0.5, 0.35, body)
    box(-0.38, -1.25, 0.38, -0.78, _colour(rng))
    box(-0.5, 0.28, 0.5, 0.45, (25.0, 25.0, 25.0))
    if rng.random() < 0.7:
        box(-0.2, -0.42, 0.2, -0.2, dark)
        for row in range(int(rng.integers(2, 6))):
            at = int(y + high * (-0.4 + row * 0.05))
            reach = int(wide * 0.19)
            cv2.line(canvas, (int(x) - reach, at), (int(x) + reach, at), _colour(rng), 1)
    for side in (-1, 1):
        lamp = int(x + side * wide * 0.36), int(y - high * rng.uniform(0.2, 0.4))
        axes = int(wide * 0.09) + 1, int(high * 0.07) + 1
        bright = rng.random() < 0.15
        colour = (255.0, 255.0, 255.0) if bright else _colour(rng)
        cv2.ellipse(canvas, lamp, axes, 0, 0, 360, colour, -1)
