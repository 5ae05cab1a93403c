"""What the pipeline hands on: one car that came, read or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import cv2

from community.vision.arrays import Frame as Image
from community.vision.plates import Box, PlateRead

WIDEST = 1280
QUALITY = 84


@dataclass(frozen=True, slots=True)
class Sighting:
    """One passage. `plate` is None where something like a plate could not be read; `frames` voted.

    `started_at` and `number` name the passage within its camera; `seen_at` is the newest frame that
    counts. `picture` is a JPEG at most WIDEST pixels wide, `box` is in that picture's pixels.
    """

    plate: str | None
    raw: str
    kind: str
    colour: str
    confidence: float
    characters: tuple[float, ...]
    frames: int
    box: Box | None
    picture: bytes | None
    started_at: datetime
    seen_at: datetime
    number: int
    name: str = ""


def jpeg(image: Image, widest: int, quality: int = QUALITY) -> bytes:
    """The image as JPEG, at most `widest` pixels wide."""
    if image.shape[1] > widest:
        height = max(1, round(image.shape[0] * widest / image.shape[1]))
        image = cv2.resize(image, (widest, height), interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return data.tobytes() if done else b""


def sighting(
    read: PlateRead | None,
    *,
    doubted: PlateRead | None = None,
    image: Image | None,
    box: Box | None,
    frames: int,
    started_at: datetime,
    seen_at: datetime,
    number: int,
    name: str = "",
) -> Sighting:
    """A sighting with its picture; `read` is the vote, None where nothing could be read.

    Then `doubted` gives its raw text: what no decision may rest on, but a guard may compare.
    """
    scale = min(1.0, WIDEST / image.shape[1]) if image is not None else 1.0
    shown = tuple(round(v * scale) for v in box) if box else None
    return Sighting(
        plate=read.text if read else None,
        raw=read.raw if read else (doubted.text if doubted else ""),
        kind=str(read.kind) if read else "unknown",
        colour=read.colour if read else "",
        confidence=read.confidence if read else 0.0,
        characters=read.characters if read else (),
        frames=frames,
        box=shown,  # type: ignore[arg-type]
        picture=(jpeg(image, WIDEST) or None) if image is not None else None,
        started_at=started_at,
        seen_at=seen_at,
        number=number,
        name=name,
    )
