"""Our own engine finds and reads; where it is not sure, PP-OCR reads too, and then searches.

Ours finds a plate's corners in a small part of the time that PP-OCR's search takes; PP-OCR's line
network has seen more provinces and more dirt. Where ours is sure of a frame's main plate, that is
the answer. Else PP-OCR reads the same places, and what both read alike is the answer. Where they
read the main plate differently, or one of them is not sure, PP-OCR searches the picture its own
way. Both confidences are chances of the whole text being right, so they can be compared: agreement
is a little surer than either, dissent never surer than its lead. Where ours sees no plate at all,
PP-OCR is asked only if the search is to be thorough. Crops are read by both: they are few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from community.vision.arrays import Frame
from community.vision.engines import linli, ppocr
from community.vision.engines.linli import Seen
from community.vision.plates import PlateEngine, PlateRead, Roi
from community.vision.ranking import distinct, main_first, moved, overlap
from community.vision.straighten import Quad

ALONE = linli.SURE  # of the main plate: from here the other is not asked about a frame
ENOUGH = 0.9  # confidence of both together from which nothing more is searched
WORTH = 0.01  # confidence below which ours alone is not shown to the other
AGREEMENT = 0.3  # part of the doubt that a wholly sure second engine takes away
SAME_PLACE = 0.3  # common area, as a part of the smaller box, of two readings of one plate


class First(PlateEngine, Protocol):
    """An engine that also says where exactly its plates are."""

    def seen(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[Seen]: ...


class Second(PlateEngine, Protocol):
    """An engine that also reads where it is told to."""

    def at(self, frame: Frame, quads: Sequence[Quad]) -> list[PlateRead | None]: ...


class SecondOpinion:
    """`first` finds and reads, `second` reads again; see the module."""

    name = "linli"

    def __init__(self, first: First, second: Second) -> None:
        self._first, self._second = first, second

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        """Every plate in the frame or region, the most likely main plate first."""
        seen = self._first.seen(frame, roi, thorough=thorough)
        if not seen and not thorough:  # most frames of a lane show no plate, and more come
            return []
        ours = [one.read for one in seen]
        if ours and ours[0].confidence >= ALONE:
            return ours
        both = [one for one in seen if one.read.confidence >= WORTH]
        again = self._second.at(frame, [one.quad for one in both])
        pairs = [(one.read, other) for one, other in zip(both, again, strict=True)]
        reads = _main_first([agreed(*pair) for pair in pairs], frame, roi)
        settled = {one.text for one, other in pairs if _settles(one, other)}
        if reads and reads[0].text in settled:
            return reads
        return _main_first(
            joined(ours, self._second.read(frame, roi, thorough=thorough)), frame, roi
        )

    def read_crop(self, crop: Frame) -> PlateRead | None:
        """The plate of a picture that shows little else; None where there is none."""
        read, other = self._first.read_crop(crop), self._second.read_crop(crop)
        return agreed(read, other) if read else other


def _settles(one: PlateRead, other: PlateRead | None) -> bool:
    """Whether nothing more need be asked about a plate."""
    return other is not None and one.text == other.text and agreed(one, other).confidence >= ENOUGH


def _main_first(reads: list[PlateRead], frame: Frame, roi: Roi | None) -> list[PlateRead]:
    """The readings of a frame, ranked by where they lie in its region."""
    left, top, width, height = (roi or Roi()).pixels(frame.shape)
    here = [moved(read, -left, -top) for read in distinct(reads)]
    return [moved(read, left, top) for read in main_first(here, (height, width))]


def agreed(one: PlateRead, other: PlateRead | None) -> PlateRead:
    """What two engines say of one plate together; of one that only `one` sees, what that says."""
    if other is None:
        return one
    better, worse = (one, other) if one.confidence >= other.confidence else (other, one)
    if one.text == other.text:
        # They see the same dirt, and half a plate reads alike to both: a small gain only.
        gain = AGREEMENT * worse.confidence * (1 - better.confidence)
        # A character is as sure as the surer of the two has it: alone, each doubts other ones.
        characters = tuple(map(max, one.characters, other.characters))
        sure = round(better.confidence + gain, 4)
        return replace(better, confidence=sure, characters=characters)
    # One of them is right, or neither: both cannot be. So dissent never makes anybody surer.
    lead = better.confidence * (1 - worse.confidence)
    rest = worse.confidence * (1 - better.confidence)
    neither = (1 - better.confidence) * (1 - worse.confidence)
    return replace(better, confidence=round(lead / max(lead + rest + neither, 1e-6), 4))


def joined(reads: list[PlateRead], others: list[PlateRead]) -> list[PlateRead]:
    """The readings of two engines, those of one place put together."""
    result: list[PlateRead] = []
    left = list(others)
    for read in reads:
        same = next((o for o in left if overlap(read.box, o.box) > SAME_PLACE), None)
        if same is None:
            result.append(read)
            continue
        left.remove(same)
        result.append(agreed(read, same))
    return distinct(result + left)


def build(threads: int = 1) -> SecondOpinion:
    """Both engines; raises EngineUnavailable where one of them cannot be had."""
    return SecondOpinion(linli.build(threads), ppocr.build(threads))
