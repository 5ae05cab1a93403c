"""The line that our plate reader reads: one size for every plate, two rows laid side by side."""

from __future__ import annotations

from community.vision import straighten
from community.vision.arrays import Frame
from community.vision.straighten import Quad

WIDE, TALL = 112, 32
UPPER = 38  # of WIDE: where the upper row of a two-row plate is laid
ROW_SPLIT = 0.39  # the upper row ends here


def line_of(frame: Frame, quad: Quad, rows: int) -> Frame:
    """The plate inside the quad as a (32, 112, 3) picture; a two-row plate as one line."""
    if rows == 1:
        return straighten.warp(frame, quad, WIDE, TALL)
    return straighten.side_by_side(frame, quad, ROW_SPLIT, (UPPER, WIDE - UPPER), TALL)
