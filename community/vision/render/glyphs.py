"""Plate glyphs from system fonts, stretched to the boxes that GA 36 gives them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from community.vision.arrays import Grey

FONT_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
# (file, index within a collection): index 2 of the Noto collection is the simplified Chinese cut.
HAN_FONTS = (
    ("NotoSansCJK-Bold.ttc", 2),
    ("NotoSansCJK-Regular.ttc", 2),
    ("wqy-zenhei.ttc", 0),
    ("wqy-microhei.ttc", 0),
)
LATIN_FONTS = (
    ("LiberationSansNarrow-Bold.ttf", 0),
    ("LiberationSans-Bold.ttf", 0),
    ("DejaVuSans-Bold.ttf", 0),
    ("NotoSansCJK-Bold.ttc", 2),
)
NARROW_ONE = 0.27  # stem of a real plate's 1, as part of its box


class FontMissing(RuntimeError):
    """No font for plate glyphs is installed; the message names the packages to install."""


@lru_cache(maxsize=32)
def _find(name: str) -> Path | None:
    for folder in FONT_FOLDERS:
        if folder.is_dir() and (found := next(folder.rglob(name), None)):
            return found
    return None


@lru_cache(maxsize=2)
def installed(han: bool) -> tuple[tuple[Path, int], ...]:
    """Fonts that can draw Chinese (`han`) or Latin glyphs, best first.

    Raises FontMissing where there is none.
    """
    found = tuple(
        (path, index)
        for name, index in (HAN_FONTS if han else LATIN_FONTS)
        if (path := _find(name)) is not None
    )
    if not found:
        raise FontMissing(
            "No font for licence plates found. On Debian: "
            "apt-get install fonts-noto-cjk fonts-liberation fonts-dejavu-core"
        )
    return found


@lru_cache(maxsize=2048)
def glyph(character: str, width: int, height: int, font: int = 0) -> Grey:
    """One character as a (height, width) mask, 255 = paint; `font` counts round those installed."""
    fonts = installed("一" <= character <= "鿿")
    path, index = fonts[font % len(fonts)]
    face = ImageFont.truetype(str(path), 220, index=index)
    sheet = Image.new("L", (440, 440))
    ImageDraw.Draw(sheet).text((80, 40), character, font=face, fill=255)
    ink = np.asarray(sheet)
    rows, columns = np.where(ink > 40)
    ink = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    mask = np.zeros((height, width), np.uint8)
    if character == "1":
        stem = max(1, round(width * NARROW_ONE))
        left = (width - stem) // 2
        mask[:, left : left + stem] = 255
        return mask
    return cv2.resize(ink, (width, height), dst=mask, interpolation=cv2.INTER_AREA)
