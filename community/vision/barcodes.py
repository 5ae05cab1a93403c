"""Barcodes in a picture: where bars run side by side, lines across them are read. Pure.

A text counts when two lines that share no row of the picture agree on it: a scratch may fool one,
and one in a hundred mistakes passes the check character.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision import code128
from community.vision.arrays import Frame, Grey

Line = NDArray[np.float32]
Lines = NDArray[np.float32]  # one below the other
LONGEST, SHORTEST = 1600, 900
LEAST = 48
AGREEING = 2
#: Rows of the picture that make one line: many against noise, few where bars are short or bent.
BANDS = (12, 4)
#: Light and dark differ by this part of what they do nearby, and by so many grey levels.
SWING, LEAST_SWING = 0.22, 6.0
#: Directions that are looked into, degrees between two, and how much the least has of the best.
DIRECTIONS, APART, LEAST_SHARE = 3, 14, 0.06
#: Points of a row of the halved picture at which slopes run across bars.
LEAST_BARS = 24
#: Of a spread beyond the first a line is sharpened, with so much caution against its noise.
BLURRED, CAUTION = 1.0, 0.003
_BINS = 90


@dataclass(frozen=True)
class _Way:
    """Degrees across bars, 0 to 180, and where slopes run so in the halved picture: 255, else 0."""

    angle: float
    where: Grey


def read_bars(frame: Frame) -> list[str]:
    """Texts of the Code 128 barcodes in a frame, those that most lines agree on first.

    Any direction; empty without one. Never raises on a frame's content.
    """
    if min(frame.shape[:2]) < LEAST:
        return []
    grey = _sized(frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))
    for way in _ways(grey):
        turned = _turned(grey, way.angle)
        worth = (_turned(way.where, way.angle, edge=0) > 127).sum(axis=1) >= LEAST_BARS
        for band in BANDS:
            agreed = _agreed(turned, worth, band)
            if agreed:
                return agreed
    return []


def _sized(grey: Grey) -> Grey:
    """Neither so large that it takes long, nor so small that bars have no pixels."""
    longest = max(grey.shape)
    if longest > LONGEST:
        size = [round(side * LONGEST / longest) for side in grey.shape[::-1]]
        return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA))
    if longest < SHORTEST:
        return np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC))
    return grey


def _ways(grey: Grey) -> list[_Way]:
    """Where much runs one way, the most first.

    By the structure tensor: in a barcode all slopes of a neighbourhood point the same way.
    """
    small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    across, down = (cv2.Sobel(small, cv2.CV_32F, *way, ksize=3) for way in ((1, 0), (0, 1)))
    xx, yy, xy = (cv2.blur(one, (25, 25)) for one in (across * across, down * down, across * down))
    apart = np.sqrt((xx - yy) ** 2 + 4 * xy * xy)
    weight = np.sqrt(np.where(apart > 0.5 * (xx + yy + 50.0), apart, 0.0))
    degrees = np.degrees(0.5 * np.arctan2(2 * xy, xx - yy)) % 180
    bins, _ = np.histogram(degrees, _BINS, (0, 180), weights=weight)
    smooth = bins + np.roll(bins, 1) + np.roll(bins, -1)
    found: list[_Way] = []
    for place in np.argsort(-smooth)[: _BINS // 2]:
        angle = (float(place) + 0.5) * 180 / _BINS
        is_new = all(abs(_turn(angle - other.angle)) >= APART for other in found)
        if is_new and smooth[place] > LEAST_SHARE * smooth.max():
            here = (weight > 0) & (np.abs(_turn(degrees - angle)) < APART)
            found.append(_Way(angle, here.astype(np.uint8) * 255))
    return found[:DIRECTIONS]


def _turn(degrees: Any) -> Any:
    """The smaller turn between two lines that have no front and no back, -90 to 90."""
    return (degrees + 90) % 180 - 90


def _turned(grey: Grey, angle: float, edge: int | None = None) -> Grey:
    """The picture so that what ran at this angle runs level; nothing of it is cut off."""
    height, width = grey.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    wide = int(abs(matrix[0, 0]) * width + abs(matrix[0, 1]) * height) + 1
    tall = int(abs(matrix[0, 1]) * width + abs(matrix[0, 0]) * height) + 1
    matrix[:, 2] += ((wide - width) / 2, (tall - height) / 2)
    mode = cv2.BORDER_REPLICATE if edge is None else cv2.BORDER_CONSTANT
    return np.asarray(cv2.warpAffine(grey, matrix, (wide, tall), borderMode=mode))


def _agreed(turned: Grey, worth: NDArray[np.bool_], band: int) -> list[str]:
    """What lines of so many rows each agree on: as they are, else sharpened."""
    count = turned.shape[0] // band
    middles = np.minimum((np.arange(count) * band + band // 2) // 2, len(worth) - 1)
    rows = turned[: count * band].reshape(count, band, -1)[worth[middles]]
    if not len(rows):
        return []
    lines = cv2.GaussianBlur(rows.mean(axis=1, dtype=np.float32), (0, 0), 0.7, sigmaY=1e-3)
    agreed = _most_said(lines)
    spread = _spread(lines)
    return agreed or (_most_said(_sharpened(lines, spread)) if spread > BLURRED else [])


def _most_said(lines: Lines) -> list[str]:
    votes: Counter[str] = Counter()
    contrast = _contrast(lines)
    for line, swing in zip(lines, np.maximum(SWING * contrast, LEAST_SWING), strict=True):
        widths = _widths(line, swing)
        if widths is not None:
            votes.update(set(code128.texts_in(widths)))
    return [text for text, count in votes.most_common() if count >= AGREEING]


def _contrast(lines: Lines) -> Lines:
    """How much light and dark differ around each point."""
    around = np.ones((1, max(31, lines.shape[1] // 16)), np.uint8)
    return np.asarray(cv2.dilate(lines, around) - cv2.erode(lines, around))


def _spread(lines: Lines) -> float:
    """By how many pixels edges are blurred (standard deviation), from the steepest of each line."""
    contrast = _contrast(lines)[:, 1:]
    steep = np.abs(np.diff(lines, axis=1)) / np.maximum(contrast, 1)
    steep[contrast < 0.5 * contrast.max(axis=1, keepdims=True)] = 0
    usual = float(np.median(steep.max(axis=1)))
    return 1 / (max(usual, 1e-3) * np.sqrt(2 * np.pi))


def _sharpened(lines: Lines, spread: float) -> Lines:
    """Blur of this spread undone, as far as the noise allows (Wiener)."""
    padded = np.pad(lines, ((0, 0), (32, 32)), mode="edge")
    waves = 2 * np.pi * np.fft.rfftfreq(padded.shape[1])
    passed = np.exp(-0.5 * (spread * waves) ** 2)
    undone = np.fft.irfft(
        np.fft.rfft(padded, axis=1) * passed / (passed**2 + CAUTION), padded.shape[1], axis=1
    )
    return undone[:, 32:-32].astype(np.float32)


def _widths(line: Line, swing: Line) -> code128.Widths | None:
    """Widths of light and dark in turn, light first and last; None where there is too little."""
    turns = _turns(line, swing)
    if len(turns) < code128.LEAST:
        return None
    edges, falls = _edges(line, np.array(turns))
    bounds = [0.0, float(len(line))]
    if not falls[0]:
        bounds[0], edges, falls = float(edges[0]), edges[1:], falls[1:]
    if falls[-1]:
        bounds[1], edges = float(edges[-1]), edges[:-1]
    return np.diff(np.concatenate([bounds[:1], edges, bounds[1:]]))


def _turns(line: Line, swing: Line) -> list[int]:
    """Places of highs and lows in turn, each so much above or below the one before."""
    slopes = np.sign(np.diff(line))
    spots = np.flatnonzero(slopes[1:] != slopes[:-1]) + 1
    values, needed = line[spots].tolist(), swing[spots].tolist()
    kept: list[int] = []
    best, at, is_high = float("-inf"), 0, True
    for spot, value, enough in zip(spots.tolist(), values, needed, strict=True):
        ahead = value - best if is_high else best - value
        if ahead >= 0:
            best, at = value, spot
        elif -ahead >= enough:
            kept.append(at)
            best, at, is_high = value, spot, not is_high
    return kept


def _edges(line: Line, turns: NDArray[np.intp]) -> tuple[code128.Widths, NDArray[np.bool_]]:
    """Where the line passes the middle between two turns, in parts of pixels; whether it falls."""
    lengths = np.diff(turns)
    part, after = line[turns[0] : turns[-1]], line[turns[0] + 1 : turns[-1] + 1]
    level = np.repeat((line[turns[:-1]] + line[turns[1:]]) / 2, lengths)
    crossed = np.flatnonzero((part > level) != (after > level))
    which = np.repeat(np.arange(len(lengths)), lengths)[crossed]
    _, first = np.unique(which, return_index=True)
    crossed = crossed[first]
    run = after[crossed] - part[crossed]
    places = turns[0] + crossed + (level[crossed] - part[crossed]) / np.where(run == 0, 1, run)
    return places.astype(np.float64), run < 0
