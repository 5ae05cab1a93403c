"""What cameras do to a picture: light, colour, rain, blur, noise, compression."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.random import Generator

from community.vision.arrays import Floats, Frame


def _ramp(count: int, least: float, rng: Generator) -> Floats:
    start, end = (float(v) for v in rng.uniform(least, 1.2, 2))
    return np.linspace(start, end, count, dtype=np.float32)


def light(picture: Floats, rng: Generator, hard: float) -> Floats:
    """Exposure, a gradient, a shadow's edge, glare, haze and a colour cast; `hard` 0..1."""
    height, width = picture.shape[:2]
    choice = rng.random()
    if choice < 0.25 * hard + 0.05:
        picture = picture * rng.uniform(0.2, 0.5)
    elif choice < 0.45 * hard + 0.05:
        picture = picture * rng.uniform(1.05, 1.8) + rng.uniform(0, 60)
    else:
        picture = picture * rng.uniform(0.6, 1.2)
    if rng.random() < 0.5:
        across = _ramp(width, 0.55, rng)[None, :, None]
        down = _ramp(height, 0.7, rng)[:, None, None]
        picture = picture * (across * down)
    if rng.random() < 0.15:
        picture = _shadow(picture, rng)
    if rng.random() < 0.1 * hard:
        picture = _glare(picture, rng)
    if rng.random() < 0.3 * hard:
        keep = rng.uniform(0.35, 0.95)
        picture = picture * keep + (1 - keep) * rng.uniform(20, 220, 3).astype(np.float32)
    if rng.random() < 0.6:
        cast = [rng.uniform(0.6, 1.4), rng.uniform(0.75, 1.25), rng.uniform(0.6, 1.4)]
        picture = picture * np.array(cast, np.float32)
    return np.clip(picture, 0, 255).astype(np.float32)


def _shadow(picture: Floats, rng: Generator) -> Floats:
    height, width = picture.shape[:2]
    xs = rng.uniform(0, width, 2)
    side = 0 if rng.random() < 0.5 else width
    corners = np.array([[xs[0], 0], [side, 0], [side, height], [xs[1], height]], np.int32)
    cover = np.zeros((height, width), np.float32)
    cv2.fillPoly(cover, [corners], 1.0)
    return picture * (1 - cover[..., None] * np.float32(rng.uniform(0.25, 0.65)))


def _glare(picture: Floats, rng: Generator) -> Floats:
    height, width = picture.shape[:2]
    at = int(rng.integers(width)), int(rng.integers(height))
    spot = np.zeros((height, width), np.float32)
    cv2.ellipse(spot, at, (max(2, width // 8), max(2, height // 3)), 0, 0, 360, 1.0, -1)
    spot = cv2.GaussianBlur(spot, (0, 0), max(1.5, width / 12))
    return picture + spot[..., None] * np.float32(rng.uniform(60, 200))


def _rain(picture: Floats, rng: Generator) -> Floats:
    height, width = picture.shape[:2]
    cover = np.zeros((height, width), np.float32)
    lean = rng.uniform(-0.4, 0.4)
    for _ in range(int(rng.integers(4, 25))):
        x, y, long = rng.uniform(0, width), rng.uniform(0, height), rng.uniform(0.1, 0.5) * height
        cv2.line(cover, (int(x), int(y)), (int(x + lean * long), int(y + long)), 1.0, 1)
    return picture + cover[..., None] * np.float32(rng.uniform(15, 70))


def _motion(picture: Floats, rng: Generator, most: float) -> Floats:
    length = int(rng.integers(2, max(3, round(most))))
    size = length | 1
    kernel = np.zeros((size, size), np.float32)
    angle = rng.normal(0, 0.5) if rng.random() < 0.7 else rng.uniform(0, np.pi)
    reach = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    middle = size // 2
    start = tuple(round(v) for v in middle - reach)
    end = tuple(round(v) for v in middle + reach)
    cv2.line(kernel, start, end, 1.0, 1)
    return cv2.filter2D(picture, -1, kernel / max(kernel.sum(), 1e-6))


@lru_cache(maxsize=1)
def _bank() -> Floats:
    """Noise drawn once; each picture takes another part of it, which is ten times quicker."""
    return np.random.default_rng(1).standard_normal((1024, 1024, 3)).astype(np.float32)


def _grain(picture: Floats, rng: Generator, hard: float) -> Floats:
    height, width = picture.shape[:2]
    bank = _bank()
    y, x = int(rng.integers(1024 - min(height, 1023))), int(rng.integers(1024 - min(width, 1023)))
    part = np.resize(bank, (height, width, 3)) if max(height, width) > 1023 else None
    grain = bank[y : y + height, x : x + width] if part is None else part
    contrast = float(picture[::4, ::4, 1].std())
    most = min(4 + 8 * hard, 0.3 * contrast + 1)
    if rng.random() < 0.3:
        grain = grain[..., :1]
    return grain * np.float32(rng.uniform(0.5, most))


def lens(picture: Floats, rng: Generator, hard: float, letter: float) -> Frame:
    """Infrared grey, rain, defocus, motion, noise and JPEG; `letter` is a character's width in
    pixels, which bounds the blurs so that a person could still read."""
    if rng.random() < 0.12 * hard:
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        picture = cv2.merge([grey] * 3)
    if rng.random() < 0.08 * hard:
        picture = _rain(picture, rng)
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), 0.2 + rng.uniform(0, 0.13) * letter * hard)
    if rng.random() < 0.3 * hard and letter > 5:
        picture = _motion(picture, rng, 0.45 * letter)
    if rng.random() < 0.7:
        picture = picture + _grain(picture, rng, hard)
    if rng.random() < 0.15:  # the sharpening that gate cameras add
        soft = cv2.GaussianBlur(picture, (0, 0), 1.2)
        picture = picture + (picture - soft) * np.float32(rng.uniform(0.5, 1.5))
    frame: Frame = np.clip(picture, 0, 255).astype(np.uint8)
    if rng.random() < 0.55:
        quality = int(rng.integers(round(90 - 60 * hard), 96))
        frame = cv2.imdecode(cv2.imencode(".jpg", frame, [1, quality])[1], cv2.IMREAD_COLOR)
    return frame
