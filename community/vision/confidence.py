"""How sure a reading is, 0..1: a logistic curve over the log score, set on known readings."""

from __future__ import annotations

import math
from dataclasses import dataclass

from community.vision.reading import Look


@dataclass(frozen=True, slots=True)
class Curve:
    """The logistic curve of one engine: its log scores are its own."""

    slope: float
    middle: float


PPOCR = Curve(slope=0.8, middle=-5.5)  # set on real readings


def confidence_of(look: Look) -> float:
    """Chance that the whole text of PP-OCR's look is right."""
    return chance(look.score, min(look.found.characters), PPOCR)


def chance(score: float, least: float, curve: Curve) -> float:
    """Chance of a text with that log score, whose least sure character is so sure."""
    curved = 1 / (1 + math.exp(-curve.slope * (score - curve.middle)))
    return round(min(curved, 0.4 + 0.6 * least), 4)
