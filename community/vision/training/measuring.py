"""How right an engine is on rendered plates that no network was trained on, kind by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from community.vision import straighten
from community.vision.arrays import Frame
from community.vision.grammar import PROVINCES
from community.vision.plates import PlateEngine
from community.vision.straighten import Quad
from community.vision.training.crops import photograph
from community.vision.training.recipes import HELD_OUT
from community.vision.training.texts import FORMS, Text, invent

HARD = 0.0, 0.6  # the faults of a gate camera that a person can read through
BINS = 10


@dataclass
class Calibration:
    """Confidences beside what was right."""

    sure: list[float] = field(default_factory=list)
    right: list[bool] = field(default_factory=list)

    def add(self, sure: float, right: bool) -> None:
        self.sure.append(sure)
        self.right.append(right)

    def error(self) -> float:
        """Expected calibration error: over ten bins, |mean confidence - share right|, weighted."""
        if not self.sure:
            return 0.0
        sure, right = np.array(self.sure), np.array(self.right, float)
        bins = np.minimum((sure * BINS).astype(int), BINS - 1)
        total = 0.0
        for number in range(BINS):
            inside = bins == number
            if inside.any():
                total += float(abs(sure[inside].mean() - right[inside].mean()) * inside.mean())
        return round(total, 4)


def cut_out(frame: Frame, quad: Quad) -> Frame:
    """The upright box round a plate with a little air, as cameras send crops."""
    x, y, w, h = straighten.bounds(straighten.grown(quad, 0.02, 0.06, 0.02, 0.06), frame.shape)
    return np.ascontiguousarray(frame[y : y + h, x : x + w])


def held_out(
    each: int, *, forms: Iterable[str] = FORMS, provinces: Iterable[str] | None = None
) -> Iterable[tuple[Text, str, Frame]]:
    """`each` crops of every form (and of every province, where given), from the held-out seed."""
    for number, form in enumerate(forms):
        for place, province in enumerate(provinces or [""]):
            rng = np.random.default_rng([HELD_OUT, number, place])
            for _ in range(each):
                plate, crop = _one(rng, form, province or None)
                yield plate, province, crop


def _one(rng: Generator, form: str, province: str | None) -> tuple[Text, Frame]:
    plate = invent(rng, form, province)
    frame, quad = photograph(plate, rng, float(rng.uniform(*HARD)))
    return plate, cut_out(frame, quad)


def by_kind(engine: PlateEngine, each: int) -> tuple[dict[str, float], Calibration]:
    """Share of crops read exactly, per form; and how the confidences fit."""
    right: dict[str, list[bool]] = defaultdict(list)
    fits = Calibration()
    for plate, _, crop in held_out(each):
        read = engine.read_crop(crop)
        hit = read is not None and read.text == plate.text
        right[plate.form].append(hit)
        if read is not None:
            fits.add(read.confidence, hit)
    return {form: round(float(np.mean(hits)), 4) for form, hits in right.items()}, fits


def by_province(engine: PlateEngine, each: int, form: str = "blue") -> dict[str, float]:
    """Share of crops of one form read exactly, per province."""
    right: dict[str, list[bool]] = defaultdict(list)
    for plate, province, crop in held_out(each, forms=[form], provinces=PROVINCES):
        read = engine.read_crop(crop)
        right[province].append(read is not None and read.text == plate.text)
    return {province: round(float(np.mean(hits)), 4) for province, hits in right.items()}
