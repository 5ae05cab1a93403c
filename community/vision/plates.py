"""What a plate engine takes and gives: arrays in, frozen dataclasses out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from community.vision.arrays import Frame

Box = tuple[int, int, int, int]


class PlateKind(StrEnum):
    """Families of plates by colour, as GA 36 gives them out."""

    BLUE = "blue"
    YELLOW = "yellow"
    GREEN = "green"  # new energy, small
    GREEN_LARGE = "green_large"  # new energy, large
    WHITE = "white"  # police, armed police, military
    BLACK = "black"  # Hong Kong, Macau, embassies and consulates
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Roi:
    """A region of interest as parts of the frame, each 0..1; (x, y) is its upper left corner."""

    x: float = 0.0
    y: float = 0.0
    w: float = 1.0
    h: float = 1.0

    def __post_init__(self) -> None:
        inside = 0 <= self.x < 1 and 0 <= self.y < 1 and 0 < self.w <= 1 and 0 < self.h <= 1
        if not inside or self.x + self.w > 1.000001 or self.y + self.h > 1.000001:
            raise ValueError(f"region of interest leaves the frame: {self}")

    def pixels(self, shape: tuple[int, ...]) -> Box:
        """(x, y, w, h) in pixels of a frame of this shape, at least one pixel each way."""
        height, width = shape[:2]
        left, top = min(int(self.x * width), width - 1), min(int(self.y * height), height - 1)
        right = max(left + 1, min(width, round((self.x + self.w) * width)))
        bottom = max(top + 1, min(height, round((self.y + self.h) * height)))
        return left, top, right - left, bottom - top


@dataclass(frozen=True, slots=True)
class PlateRead:
    """One plate seen in one frame (or, after a vote, in many).

    `text` is a whole plate by the grammar; `raw` is what the network read before it was applied.
    `confidence` and each of `characters` (one per character of `text`) are 0..1; `box` is
    (x, y, width, height) in pixels of the whole frame; `colour` is what the pixels show
    (blue, yellow, green, white, black or unknown), which may contradict `kind`.
    """

    text: str
    kind: PlateKind
    colour: str
    confidence: float
    box: Box
    characters: tuple[float, ...]
    raw: str


@runtime_checkable
class PlateEngine(Protocol):
    """Reads plates. An engine never raises on a frame's content: what it cannot read is absent."""

    name: str

    def read(
        self, frame: Frame, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        """Every plate in the frame (or in the region), the most likely main plate first.

        Not `thorough`, the engine may leave out its last and dearest looks: more frames come.
        """
        ...

    def read_crop(self, crop: Frame) -> PlateRead | None:
        """The plate of a picture that shows little else; None where there is none."""
        ...
