"""What a camera, a push or the API hands over: one car, seen by one device at one lane."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Source = Literal["camera", "push", "api"]


@dataclass(frozen=True)
class ReadingInput:
    """One reading, before anything is decided or stored.

    ``key`` (at most 120 characters) names it for ever: the same device and key is the same
    reading. ``plate`` is None where none was read. ``captured_at`` is the device's own time as it
    said it, uncorrected; None counts as the time of arrival, and only if ``is_realtime``.
    ``confidence`` and each of ``characters`` are 0..1; ``box`` is (x, y, width, height) in pixels
    of ``picture``, a JPEG.
    """

    device_id: int
    lane_id: int
    key: str
    source: Source
    plate: str | None
    received_at: datetime
    captured_at: datetime | None = None
    plate_raw: str = ""
    kind: str = "unknown"
    colour: str = ""
    confidence: float = 0.0
    characters: tuple[float, ...] = ()
    frames: int = 1
    box: tuple[int, int, int, int] | None = None
    is_realtime: bool = True
    picture: bytes | None = None


class ReadingRefused(ValueError):
    """The reading cannot be taken at all: nothing was stored. ``code`` has a sentence."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
