"""Thresholds from a compound's own people: strangers are never stored, so each resident serves as
a stranger to all the others.

The nearest of the cross-pairs are few, so their far tail is drawn on: the lowest 3 % of the
distances lie nearly on a normal curve (measured, docs/faces.md), whose line gives the distance that
a share of pairs too small to be counted falls below. A stranger meets everybody in the gallery, so
the share allowed to one pair is that of a stranger divided by the size of the gallery.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from community.vision.faces.contract import Vectors
from community.vision.faces.gallery import Gallery
from community.vision.faces.templates import Template
from community.vision.faces.tiers import Thresholds

OPEN_RATE = 0.001  # strangers to whom a gate would open, by the curve
SECOND_RATE = 0.018  # strangers who would be asked for a second way
CAREFUL = 0.4  # of the rates, where residents alone stand in for strangers
TAIL = 0.03
FEWEST_PEOPLE = 20
FEWEST_PAIRS = 1000
#: Before there are people enough: dlib's vectors on Labeled Faces in the Wild, 120 people enrolled,
#: set by hand a little below what calibration found there (0.29 and 0.33).
USUAL = {"dlib-resnet-v1": Thresholds(0.275, 0.315)}
#: For an engine of which nothing is known, nothing opens and nobody is recognised.
NONE = Thresholds(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """The thresholds, and on what they stand. `people` too few leaves the usual ones."""

    thresholds: Thresholds
    people: int
    pairs: int
    nearest: float | None  # the nearest cross-pair
    own: float | None  # people whose own pictures are near enough to open, of all; 0..1
    measured: bool


def calibrate(
    templates: Sequence[Template], *, strangers: Vectors | None = None, gallery: int = 0
) -> Calibration:
    """Thresholds for a gallery of that many people (by default, of these).

    All templates are of one version; `strangers` (m, size), unit length, are only there in a
    benchmark. Raises ValueError for no template at all, or for several versions.
    """
    versions = {one.version for one in templates}
    if len(versions) != 1:
        raise ValueError("calibration needs templates of one engine version")
    version = versions.pop()
    people = Gallery.of(version, [(key, one, 0.0) for key, one in enumerate(templates)])
    pairs, own = _pairs(people, templates)
    if strangers is not None and len(strangers):
        pairs = np.concatenate([pairs, people.distances(strangers).ravel()])
    nearest = float(pairs.min()) if len(pairs) else None
    if len(templates) < FEWEST_PEOPLE or len(pairs) < FEWEST_PAIRS:
        usual = USUAL.get(version, NONE)
        return Calibration(usual, len(templates), len(pairs), nearest, None, False)
    careful = 1.0 if strangers is not None and len(strangers) else CAREFUL
    found = thresholds(pairs, max(gallery, len(templates)), careful)
    passed = float((own < found.open).mean()) if len(own) else None
    return Calibration(found, len(templates), len(pairs), nearest, passed, True)


def thresholds(pairs: NDArray[np.floating[Any]], gallery: int, careful: float = 1.0) -> Thresholds:
    """Open and second tier from distances between different people. No pair seen may open."""
    opening = min(below(pairs, careful * OPEN_RATE / gallery), float(pairs.min()))
    second = below(pairs, careful * SECOND_RATE / gallery)
    return Thresholds(max(0.0, opening), max(0.0, opening, second))


def below(pairs: NDArray[np.floating[Any]], share: float) -> float:
    """The distance below which this share of pairs lies, by the line through their low tail."""
    ordered = np.sort(np.asarray(pairs, np.float64))
    count = max(20, int(len(ordered) * TAIL))
    tail = ordered[:count]
    normal = NormalDist()
    scores = np.array([normal.inv_cdf((k + 0.5) / len(ordered)) for k in range(len(tail))])
    # The lowest few scatter most: each place weighs as the square root of its rank.
    weight = np.sqrt(np.arange(len(tail)) + 1.0)
    line = np.stack([np.ones(len(tail)), tail], axis=1) * weight[:, None]
    (start, slope), *_ = np.linalg.lstsq(line, scores * weight, rcond=None)
    if slope <= 0:
        return float(tail[0])
    return float((normal.inv_cdf(share) - start) / slope)


def _pairs(
    people: Gallery, templates: Sequence[Template]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each picture to everybody else's template; and to its own made without it."""
    others, own = [], []
    for number, one in enumerate(templates):
        apart = people.distances(one.pictures)
        others.append(np.delete(apart, number, axis=1).ravel())
        if len(one.pictures) > 1:
            own += [_to_the_rest(one, row) for row in range(len(one.pictures))]
    return np.concatenate(others).astype(np.float64), np.array(own, np.float64)


def _to_the_rest(one: Template, row: int) -> float:
    rest = Template(one.version, np.delete(one.pictures, row, axis=0))
    return float(np.linalg.norm(rest.vector - one.pictures[row]))
