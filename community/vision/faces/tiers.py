"""What a match is worth: the gate opens, a second way in is asked for, or the face is unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from community.vision.faces.gallery import Match


class Tier(StrEnum):
    """How sure a recognition is. UNKNOWN is the default answer."""

    OPEN = "open"
    SECOND = "second"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Distances below which a face counts, and how much farther the next person has to be.

    `frames` is how many frames of one person passing have to agree before anything opens.
    """

    open: float
    second: float
    margin: float = 0.02
    frames: int = 2

    def __post_init__(self) -> None:
        if not 0 <= self.open <= self.second < 2 or self.margin < 0 or self.frames < 1:
            raise ValueError(f"thresholds that contradict one another: {self}")


def tier_of(match: Match | None, thresholds: Thresholds) -> Tier:
    """The tier of one match by itself, before frames are counted."""
    if match is None or match.distance >= thresholds.second - match.tighter:
        return Tier.UNKNOWN
    sure = match.distance < thresholds.open - match.tighter and match.margin >= thresholds.margin
    return Tier.OPEN if sure else Tier.SECOND
