"""Plate engine on the PP-OCRv4 text networks: candidates, detector, straightening, grammar.

A region of interest is searched in three steps, each only if the one before left doubt: windows
that look like plates (detector on those alone), the detector on the whole region, and, where the
search is to be thorough, on the region enlarged and with its contrast raised. Thread-safe:
onnxruntime sessions are, and nothing else is kept between calls.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from community.vision import straighten
from community.vision.arrays import Frame
from community.vision.candidates import Candidate, candidates
from community.vision.confidence import confidence_of
from community.vision.engines.ppocr_nets import Detector, Recogniser
from community.vision.pictures import three_channels
from community.vision.plates import PlateRead, Roi
from community.vision.ranking import distinct, main_first, moved
from community.vision.reading import HOPELESS, SURE, LineReader, Look, as_read, region_of
from community.vision.straighten import Quad

LONGEST = 832  # the whole frame is searched this large; small plates are found by the windows
WINDOWS = 4  # that many are looked into
WINDOW_PLATE = 160  # pixels of a plate's width when one window is searched
FEWEST_PIXELS = 30  # a narrower line is not read
SHAPES = 1.25, 8.0  # width : height of lines that may be plates, two-row plates included
MOST_LINES = 8
ACCEPTED = -14.0  # log score; readings below are noise
ENOUGH = 0.9  # confidence with which the quick look ends the search
NEARER = 0.85  # windows are about this much wider than the plates in them


class PpocrEngine:
    """See the module; `threads` bounds what each of the two networks uses."""

    name = "ppocr"

    def __init__(self, threads: int = 1) -> None:
        self._detector = Detector(threads)
        self._reader = LineReader(Recogniser(threads))

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        """Every plate in the frame or region, the most likely main plate first."""
        if (place := region_of(frame, roi)) is None:
            return []
        region, left, top = place
        looks = self._search(region, quick=roi is not None, thorough=thorough)
        reads = [to_read(look, region) for look in looks]
        reads = main_first(distinct(reads), region.shape)
        return [moved(read, left, top) for read in reads]

    def read_crop(self, crop: Frame) -> PlateRead | None:
        """The plate that fills the picture, or lies somewhere in it; None where there is none."""
        if (place := region_of(crop)) is None:
            return None
        picture = place[0]
        width, whole = picture.shape[1], straighten.whole(picture)
        looks = self._reader.best(picture, [straighten.grown(whole, -0.02, -0.04, -0.02, -0.04)])
        if not looks or looks[0].score < SURE:
            looks += self._window(picture, WINDOW_PLATE * 1.2 / width)
        accepted = [look for look in looks if look.score > ACCEPTED]
        if not accepted:
            return None
        return to_read(max(accepted, key=lambda look: look.score), picture)

    def at(self, frame: Frame, quads: Sequence[Quad]) -> list[PlateRead | None]:
        """One look at each of these places of the frame; None where no plate is read."""
        picture = three_channels(frame)
        if picture is None or not quads:
            return [None] * len(quads)
        looks = self._reader.first_looks(picture, quads)
        return [to_read(one, picture) if one and one.score > ACCEPTED else None for one in looks]

    def _search(self, region: Frame, *, quick: bool, thorough: bool) -> list[Look]:
        looks: list[Look] = []
        if quick:
            looks = self._windows(region, looks)
            if any(confidence_of(look) >= ENOUGH for look in looks):
                return looks
        looks += self._full(region, min(1.0, LONGEST / max(region.shape[:2])))
        if not quick:
            looks += self._windows(region, looks)
        if not looks and thorough:
            enlarge = min(2.0, 1280 / max(region.shape[:2]))
            looks = self._full(_contrasted(region), enlarge)
        return looks

    def _windows(self, region: Frame, known: Sequence[Look]) -> list[Look]:
        """Look into the windows that are like plates, those of cars farther away left out."""
        looks: list[Look] = []
        for window in candidates(region, WINDOWS):
            sure = [look for look in (*known, *looks) if confidence_of(look) >= ENOUGH]
            if any(_settled(look, window) for look in sure):
                continue
            box = _around(window, region)
            part = region[box[1] : box[1] + box[3], box[0] : box[0] + box[2]]
            found = self._window(part, WINDOW_PLATE / window.w)
            looks += [_look_moved(look, box[0], box[1]) for look in found]
        return looks

    def _window(self, part: Frame, scale: float) -> list[Look]:
        quads = self._detector.find_scaled(part, min(scale, 4.0))
        return self._accepted(self._reader.best(part, _plausible(quads)))

    def _full(self, region: Frame, scale: float) -> list[Look]:
        quads = _plausible(self._detector.find_scaled(region, scale))
        looks = self._reader.best(region, quads)
        return self._accepted(
            [look if look.score >= SURE else self._again(region, look) for look in looks]
        )

    def _again(self, region: Frame, look: Look) -> Look:
        """Search the neighbourhood of an unsure look by itself: small plates gain most."""
        around = straighten.grown(look.quad, 0.6, 1.0, 0.6, 1.0)
        x, y, w, h = straighten.bounds(around, region.shape)
        scale = WINDOW_PLATE / max(straighten.sides(look.quad)[0], 1.0)
        quads = _plausible(self._detector.find_scaled(region[y : y + h, x : x + w], min(scale, 4)))
        near = [quad + np.array([x, y], np.float32) for quad in quads]
        near = [quad for quad in near if _overlap(quad, look.quad)]
        return max([look, *self._reader.best(region, near)], key=lambda one: one.score)

    @staticmethod
    def _accepted(looks: Sequence[Look]) -> list[Look]:
        return [look for look in looks if look.score > max(ACCEPTED, HOPELESS)]


def build(threads: int = 1) -> PpocrEngine:
    """The engine; raises EngineUnavailable without its wheel or onnxruntime.

    OpenCV's own threads, which are the whole process's, are set to the same number.
    """
    cv2.setNumThreads(threads)
    return PpocrEngine(threads)


def to_read(look: Look, region: Frame) -> PlateRead:
    """A look as the contract's record, its box within the region."""
    return as_read(look, look.line, confidence_of(look), region)


def _plausible(found: Sequence[tuple[Quad, float]]) -> list[Quad]:
    """The lines that may be plates, larger and surer ones first, and pairs that may be two rows."""
    wide = [(quad, score) for quad, score in found if straighten.sides(quad)[0] >= FEWEST_PIXELS]
    kept = [
        (quad, score * straighten.sides(quad)[0])
        for quad, score in wide
        if SHAPES[0] < straighten.shape_of(quad) < SHAPES[1]
    ]
    for upper, _ in found:
        for lower, score in wide:
            if (plate := straighten.stacked(upper, lower)) is not None:
                kept.append((plate, score * straighten.sides(plate)[0]))
    kept.sort(key=lambda one: -one[1])
    return [quad for quad, _ in kept[:MOST_LINES]]


def _settled(look: Look, window: Candidate) -> bool:
    """Whether a sure look makes the window needless: it lies there, or its car is nearer."""
    x, y, w, h = straighten.bounds(look.quad, (1 << 30, 1 << 30))
    there = x < window.x < x + w and y < window.y < y + h
    return there or straighten.sides(look.quad)[0] > NEARER * window.w


def _around(window: Candidate, region: Frame) -> tuple[int, int, int, int]:
    corner = round(window.x - 1.1 * window.w), round(window.y - 2.0 * window.h)
    box = (*corner, round(2.2 * window.w), round(4.0 * window.h))
    return straighten.bounds(straighten.from_box(box), region.shape)


def _contrasted(region: Frame) -> Frame:
    lab = cv2.cvtColor(region, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(3.0, (8, 8)).apply(np.ascontiguousarray(lab[..., 0]))
    return cv2.cvtColor(lab, cv2.COLOR_LAB2BGR)


def _overlap(one: Quad, other: Quad) -> bool:
    centre = other.mean(axis=0)
    inside = cv2.pointPolygonTest(one, (float(centre[0]), float(centre[1])), False) >= 0
    return inside and straighten.sides(one)[0] > 0.5 * straighten.sides(other)[0]


def _look_moved(look: Look, x: int, y: int) -> Look:
    return Look(look.found, look.raw, look.quad + np.array([x, y], np.float32), look.line)
