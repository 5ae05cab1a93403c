"""From a quadrilateral in a frame to the best plate text that a line recogniser sees there.

One straight look comes first. Where that is not sure, the same place is looked at again: with more
room to the left (text detectors drop the province), wider, and with slanted strokes set upright.
The look whose text is likeliest under the plate grammar wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision import colours, decode, grammar, straighten
from community.vision.arrays import Frame
from community.vision.pictures import three_channels
from community.vision.plates import PlateRead, Roi
from community.vision.straighten import Quad

TALL = 48
WIDE = 150  # the true shape of a plate, 440 : 140; wider or narrower reads worse
SURE = -0.3  # log score from which a look is not repeated
HOPELESS = -30.0  # below this it is no plate, and a second look does not make it one
SHEARS = np.arange(-0.9, 0.91, 0.1)
UPRIGHT = 0.06
LEAST_SIDE = 8  # pixels
TWO_ROWS = 2.3  # narrower than this (width : height) a plate may have two rows
ROW_SPLIT = 0.38  # the upper row ends here


class LineNetwork(Protocol):
    """What this module asks of a recogniser."""

    vocabulary: tuple[str, ...]

    def probabilities(self, lines: Sequence[Frame]) -> NDArray[np.float32]:
        """(lines, steps, vocabulary) for pictures TALL pixels tall."""
        ...


@dataclass(frozen=True)
class Look:
    """What one look read: the decoded plate, the network's own text, the quad and the picture."""

    found: decode.Decoded
    raw: str
    quad: Quad
    line: Frame

    @property
    def score(self) -> float:
        """Log likelihood; 0 is certainty."""
        return self.found.score


def greedy(probabilities: NDArray[Any], vocabulary: Sequence[str]) -> str:
    """The network's own text, repeats merged and blanks dropped."""
    best = probabilities.argmax(axis=1)
    new = np.concatenate([[True], best[1:] != best[:-1]])
    return "".join(vocabulary[i] for i in best[new & (best > 0)])


def shear_of(line: Frame) -> float:
    """By how much the strokes of a line lean: the shear that piles their edges up the highest."""
    grey = cv2.GaussianBlur(cv2.cvtColor(line, cv2.COLOR_BGR2GRAY), (3, 3), 0).astype(np.float32)
    edges = np.abs(np.diff(grey, axis=1))
    height, width = edges.shape
    piles = []
    for shear in SHEARS:
        lean = np.array([[1, shear, -shear * height / 2], [0, 1, 0]], np.float32)
        columns = cv2.warpAffine(edges, lean, (width, height)).sum(axis=0)
        piles.append(float((columns**2).sum()) * (1 - 0.1 * abs(shear)))
    return float(SHEARS[int(np.argmax(piles))])


def upright(quad: Quad, shear: float) -> Quad:
    """The quad whose straight picture shows the strokes upright."""
    target = np.array([[0, 0], [WIDE, 0], [WIDE, TALL], [0, TALL]], np.float32)
    back = cv2.getPerspectiveTransform(target, quad)
    source = target.copy()
    source[:, 0] -= shear * (target[:, 1] - TALL / 2)
    moved: Quad = cv2.perspectiveTransform(source[None], back)[0]
    return moved


def two_rows(frame: Frame, quad: Quad) -> Frame:
    """A two-row plate laid out as one line: the upper row, then the lower."""
    return straighten.side_by_side(frame, quad, ROW_SPLIT, (62, 118), TALL)


def _better(one: Look | None, other: Look | None) -> Look | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda look: look.score)


def region_of(frame: Frame, roi: Roi | None = None) -> tuple[Frame, int, int] | None:
    """What is looked at, in three channels, and where in the frame it begins; None where that is no
    picture, or too small for any plate."""
    picture = three_channels(frame)
    if picture is None:
        return None
    left, top, width, height = (roi or Roi()).pixels(picture.shape)
    if min(width, height) < LEAST_SIDE:
        return None
    return picture[top : top + height, left : left + width], left, top


def as_read(look: Look, line: Frame, sure: float, region: Frame) -> PlateRead:
    """A look as the contract's record, its box within the region; `line` shows its colour."""
    text = look.found.text
    colour = colours.colour_of(line, colours.SHOWN.get(grammar.kind_of(text), colours.COLOURS))
    box = straighten.bounds(look.quad, region.shape)
    kind = grammar.kind_seen(text, colour)
    return PlateRead(text, kind, colour, sure, box, look.found.characters, look.raw)


class LineReader:
    """Reads plates in quads with a line recogniser. Keeps no state: safe in threads."""

    def __init__(self, network: LineNetwork) -> None:
        self._network = network
        self._alphabet = decode.Alphabet(network.vocabulary)

    def first_looks(self, frame: Frame, quads: Sequence[Quad]) -> list[Look | None]:
        """One look at each quad, in one batch; a narrow one is also taken for two rows. None
        where no plate fits at all."""
        wide = [straighten.grown(quad, 0.02, 0.05, 0.02, 0.05) for quad in quads]
        lines = [straighten.warp(frame, quad, WIDE, TALL) for quad in wide]
        narrow = [i for i, quad in enumerate(quads) if straighten.shape_of(quad) < TWO_ROWS]
        lines += [two_rows(frame, quads[i]) for i in narrow]
        looks = self._looks([*wide, *(quads[i] for i in narrow)], lines)
        first = looks[: len(quads)]
        for i, rows in zip(narrow, looks[len(quads) :], strict=True):
            first[i] = _better(first[i], rows)
        return first

    def second_looks(self, frame: Frame, first: Look) -> list[Look]:
        """More looks at the place of an unsure one."""
        quad = straighten.grown(first.quad, -0.02, -0.04, -0.02, -0.04)
        quads = [quad, straighten.grown(quad, 0.2, 0.05, 0.02, 0.05)]
        shear = shear_of(first.line)
        if abs(shear) > UPRIGHT:
            straight = upright(quad, shear)
            quads.append(straighten.grown(straight, 0.05, 0.1, 0.05, 0.1))
            quads.append(straighten.grown(straight, 0.2, 0.05, 0.02, 0.05))
        else:
            quads.append(straighten.grown(quad, 0.1, 0.1, 0.1, 0.1))
        lines = [straighten.warp(frame, quad, WIDE, TALL) for quad in quads]
        if straighten.shape_of(quad) < TWO_ROWS:
            for taller in (quad, straighten.grown(quad, 0, 0.12, 0, 0)):
                quads.append(taller)
                lines.append(two_rows(frame, taller))
        return [look for look in self._looks(quads, lines) if look]

    def best(self, frame: Frame, quads: Sequence[Quad]) -> list[Look]:
        """The best look at each quad that may be a plate."""
        results = []
        for first in self.first_looks(frame, quads):
            if first is None or first.score < HOPELESS:
                continue
            looks = [first]
            if first.score < SURE:
                looks += self.second_looks(frame, first)
            results.append(max(looks, key=lambda look: look.score))
        return results

    def _looks(self, quads: Sequence[Quad], lines: Sequence[Frame]) -> list[Look | None]:
        if not lines:
            return []
        looks: list[Look | None] = []
        network = self._network
        for quad, line, steps in zip(quads, lines, network.probabilities(lines), strict=True):
            found = decode.decode(*self._alphabet.tables(steps))
            text = greedy(steps, network.vocabulary)
            looks.append(Look(found[0], text, quad, line) if found else None)
        return looks
