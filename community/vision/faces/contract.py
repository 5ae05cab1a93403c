"""What a face engine takes and gives: arrays in, frozen dataclasses out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from community.vision.arrays import Frame
from community.vision.plates import Box, Roi

Landmarks = NDArray[np.float32]  # (68, 2), x and y in pixels of the frame, iBUG order
Chip = NDArray[np.uint8]  # (side, side, 3), red green blue, a face turned upright
Vectors = NDArray[np.float32]  # (n, engine.size)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """One face in one frame.

    `box` is (x, y, width, height) in pixels of the whole frame and may reach beyond its edges;
    `score` is the detector's own, above 0 for a face, 1 for a clear one, without an upper end.
    """

    box: Box
    score: float
    landmarks: Landmarks


@runtime_checkable
class FaceEngine(Protocol):
    """Finds faces and turns them into vectors. Never raises on a frame's content.

    `name` is the engine's. `version` names the space of its vectors: two engines of one version
    give equal vectors, and vectors of different versions are never compared. `size` is how many
    numbers a vector has.
    """

    name: str
    version: str
    size: int

    def find(
        self, frame: Frame, roi: Roi | None = None, *, scale: float = 1.0, least: float = 0.0
    ) -> list[Face]:
        """Every face in the frame (or in the region), the largest first.

        The detector sees the region resized by `scale` and finds faces of 80 pixels there and
        more; landmarks are set on the frame as it is. `least` is the score that a face needs; below
        0 only where it is known that somebody is there.
        """
        ...

    def chips(self, frame: Frame, faces: Sequence[Face]) -> list[Chip]:
        """Each face upright and cut out of the frame's own pixels."""
        ...

    def views(self, frame: Frame, face: Face) -> list[Chip]:
        """The face cut out in each way whose mean makes this engine surer, mirror images among
        them; the same number for every face."""
        ...

    def encode(self, chips: Sequence[Chip]) -> Vectors:
        """A vector per chip, not brought to unit length; (0, size) for none."""
        ...
