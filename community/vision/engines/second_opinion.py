"""Our own engine first; where it is not sure, PP-OCR is asked as well and the surer one believed.

Ours takes a small part of the time; PP-OCR has seen more kinds of dirt and light. Both confidences
are chances of the whole text being right, so they can be compared; what both read alike is surer
than either. Where they differ, the answer is never surer than its lead over the other. Where ours
sees no plate at all, PP-OCR is asked only if the search is to be thorough.
"""

from __future__ import annotations

from dataclasses import replace

from community.vision.arrays import Frame
from community.vision.engines import linli, ppocr
from community.vision.plates import PlateEngine, PlateRead, Roi
from community.vision.ranking import distinct, main_first, overlap

ENOUGH = 0.9  # confidence from which no second opinion is asked
AGREEMENT = 0.3  # part of the doubt that a wholly sure second engine takes away
SAME_PLACE = 0.3  # common area, as a part of the smaller box, of two readings of one plate


class SecondOpinion:
    """`first` reads; where it is unsure or sees nothing, `second` is asked too."""

    name = "linli"

    def __init__(self, first: PlateEngine, second: PlateEngine) -> None:
        self._first, self._second = first, second

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        """Every plate in the frame or region, the most likely main plate first."""
        reads = self._first.read(frame, roi, thorough=thorough)
        if reads and reads[0].confidence >= ENOUGH:
            return reads
        if not reads and not thorough:  # most frames of a lane show no plate, and more come
            return reads
        others = self._second.read(frame, roi, thorough=thorough)
        left, top, width, height = (roi or Roi()).pixels(frame.shape)
        together = joined(reads, others)
        here = [replace(r, box=(r.box[0] - left, r.box[1] - top, *r.box[2:])) for r in together]
        order = main_first(here, (height, width))
        return [replace(r, box=(r.box[0] + left, r.box[1] + top, *r.box[2:])) for r in order]

    def read_crop(self, crop: Frame) -> PlateRead | None:
        """The plate of a picture that shows little else; None where there is none."""
        read = self._first.read_crop(crop)
        if read is not None and read.confidence >= ENOUGH:
            return read
        other = self._second.read_crop(crop)
        if read is None or other is None:
            return read or other
        return agreed(read, other)


def agreed(one: PlateRead, other: PlateRead) -> PlateRead:
    """What two engines say of one plate together."""
    better, worse = (one, other) if one.confidence >= other.confidence else (other, one)
    if one.text == other.text:
        # They see the same dirt, and half a plate reads alike to both: a small gain only.
        gain = AGREEMENT * worse.confidence * (1 - better.confidence)
        return replace(better, confidence=round(better.confidence + gain, 4))
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
