"""How sure a reading is, 0..1: a logistic curve over the log score, set on real readings."""

from __future__ import annotations

import math

from community.vision.reading import Look

SLOPE, MIDDLE = 0.8, -5.5


def confidence_of(look: Look) -> float:
    """Chance that the whole text is right."""
    least = min(look.found.characters)
    curve = 1 / (1 + math.exp(-SLOPE * (look.score - MIDDLE)))
    return round(min(curve, 0.4 + 0.6 * least), 4)
