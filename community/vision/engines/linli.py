"""Our own plate engine: a finder of corners, a reader of straightened lines, the plate grammar.

The frame is searched once, small; what is found is looked at a second time, brought to one size, so
that its corners are exact whatever its distance; each plate is then straightened and read in one
batch. Only where the reading is not sure, other cuts of the same plate are read too. Thread-safe:
onnxruntime sessions are, and nothing else is kept between calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from community.vision import plate_decode, straighten
from community.vision.arrays import Frame
from community.vision.confidence import Curve, chance
from community.vision.engines.linli_nets import Finder, Found, Reader
from community.vision.plate_line import line_of
from community.vision.plates import PlateRead, Roi
from community.vision.ranking import distinct, main_first, moved
from community.vision.reading import TWO_ROWS, Look, as_read, region_of
from community.vision.straighten import Quad

LONGEST = 640  # a frame's longer side while it is searched
NEARER = 3  # plates that are looked at a second time
SURE = 0.93  # confidence from which no other cut is read
HOPELESS = -5.0  # log score below which none is read either: what looks like a plate and is none
ACCEPTED = -7.0  # log score; readings below are noise
CURVE = Curve(slope=2.0, middle=-2.15)  # set on real pictures; see the card of the weights
LEAST_WIDE = 24.0  # pixels; a narrower plate is read by nobody
COLOUR_LINE = 150, 48  # the straightened picture that a plate's colour is taken from
# Other cuts of an unsure plate: how much wider on the left, above, on the right, below.
CUTS = ((0.03, 0.08, 0.03, 0.08), (-0.015, -0.05, -0.015, -0.05), (0.05, 0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Seen:
    """A reading and its plate's corners in the frame."""

    read: PlateRead
    quad: Quad


class LinliEngine:
    """See the module; `threads` bounds what each of the two networks uses."""

    name = "linli_alone"

    def __init__(self, threads: int = 1) -> None:
        self._finder = Finder(threads)
        self._reader = Reader(threads)

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        """Every plate in the frame or region, the most likely main plate first."""
        return [one.read for one in self.seen(frame, roi, thorough=thorough)]

    def seen(self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True) -> list[Seen]:
        """As `read`, each with its plate's corners."""
        if (place := region_of(frame, roi)) is None:
            return []
        region, left, top = place
        looks = self._looks(region, self._finder.find(region, LONGEST))
        longest = max(region.shape[:2])
        if not looks and thorough and longest > LONGEST:
            looks = self._looks(region, self._finder.find(region, min(2 * LONGEST, longest)))
        drawn = [(to_read(look, region), look.quad) for look in looks]
        quads = {id(read): quad for read, quad in drawn}
        kept = main_first(distinct([read for read, _ in drawn]), region.shape)
        shift = np.array([left, top], np.float32)
        return [Seen(moved(read, left, top), quads[id(read)] + shift) for read in kept]

    def read_crop(self, crop: Frame) -> PlateRead | None:
        """The plate that fills the picture, or lies somewhere in it; None where there is none."""
        if (place := region_of(crop)) is None:
            return None
        picture = place[0]
        looks = self._read(picture, [straighten.whole(picture)])
        if sureness(looks[0]) < SURE:
            looks += self._looks(picture, self._near_whole(picture))
        best = max(looks, key=lambda look: look.score)
        return to_read(best, picture) if best.score > ACCEPTED else None

    def _near_whole(self, picture: Frame) -> list[Found]:
        """Corners of a plate that nearly fills the picture: with air round it, as it was learnt."""
        height, width = picture.shape[:2]
        air = max(height, width) // 4
        wider = cv2.copyMakeBorder(picture, air, air, air, air, cv2.BORDER_REPLICATE)
        found = self._finder.find(wider, min(320, max(160, 2 * max(wider.shape[:2]))))
        return [(quad - np.float32(air), sure) for quad, sure in found]

    def _looks(self, region: Frame, found: Sequence[Found]) -> list[Look]:
        """The best look at each plate that was found."""
        wide = [quad for quad, _ in found if straighten.sides(quad)[0] >= LEAST_WIDE]
        nearer = self._finder.nearer(region, wide[:NEARER])
        quads = [again[0] if again else quad for quad, again in zip(wide, nearer, strict=False)]
        looks = self._read(region, quads + wide[NEARER:])
        return [look for look in looks if look.score > ACCEPTED]

    def _read(self, region: Frame, quads: Sequence[Quad]) -> list[Look]:
        """The best reading of each quad; the unsure ones are cut in other ways as well."""
        best = self._best(region, [[quad] for quad in quads])
        unsure = [
            i for i, look in enumerate(best) if look.score > HOPELESS and sureness(look) < SURE
        ]
        again = self._best(
            region, [[straighten.grown(quads[i], *cut) for cut in CUTS] for i in unsure]
        )
        for i, look in zip(unsure, again, strict=True):
            if look.score > best[i].score:
                best[i] = look
        return best

    def _best(self, region: Frame, cuts: Sequence[Sequence[Quad]]) -> list[Look]:
        """Of each plate's cuts, the one that reads best; all are read in one batch."""
        if not cuts:
            return []
        plans = [
            (number, quad, rows)
            for number, quads in enumerate(cuts)
            for quad in quads
            for rows in ((1, 2) if straighten.shape_of(quad) < TWO_ROWS else (1,))
        ]
        lines = [line_of(region, quad, rows) for _, quad, rows in plans]
        best: dict[int, Look] = {}
        for (number, quad, _), line, table in zip(
            plans, lines, self._reader.tables(lines), strict=True
        ):
            found = plate_decode.decode(table, 1)[0]
            if number not in best or found.score > best[number].score:
                best[number] = Look(found, plate_decode.greedy(table), quad, line)
        return [best[number] for number in range(len(cuts))]


def build(threads: int = 1) -> LinliEngine:
    """The engine; raises EngineUnavailable without onnxruntime or the weights.

    OpenCV's own threads, which are the whole process's, are set to the same number.
    """
    cv2.setNumThreads(threads)
    return LinliEngine(threads)


def sureness(look: Look) -> float:
    """Chance that the text is right. A rare form is chosen less readily, but once it is chosen its
    rarity makes what was seen no less sure."""
    found = look.found
    seen = found.score - plate_decode.PRIOR * found.pattern.prior
    return chance(seen, min(found.characters), CURVE)


def to_read(look: Look, region: Frame) -> PlateRead:
    """A look as the contract's record, its box within the region."""
    straight = straighten.warp(region, look.quad, *COLOUR_LINE)
    return as_read(look, straight, sureness(look), region)
