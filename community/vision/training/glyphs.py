"""The hands that paint a plate's characters: our own pen strokes and the fonts of Debian."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageFont

from community.vision.arrays import Floats, Grey
from community.vision.render.glyphs import FONT_FOLDERS, FontMissing
from community.vision.training import strokes

PACKAGES = (
    "fonts-noto-cjk fonts-noto-cjk-extra fonts-wqy-zenhei fonts-wqy-microhei fonts-droid-fallback"
    " fonts-lxgw-wenkai fonts-arphic-uming fonts-arphic-gbsn00lp fonts-arphic-ukai"
    " fonts-opendin fonts-bebas-neue fonts-roboto-unhinted fonts-liberation fonts-dejavu-core"
)
# (file, index within a collection, how often). Plates are cut in an upright gothic of even width.
HAN: tuple[tuple[str, int, float], ...] = (
    ("NotoSansCJK-Light.ttc", 2, 0.08),
    ("NotoSansCJK-DemiLight.ttc", 2, 0.1),
    ("NotoSansCJK-Regular.ttc", 2, 0.12),
    ("NotoSansCJK-Medium.ttc", 2, 0.08),
    ("NotoSansCJK-Bold.ttc", 2, 0.05),
    ("wqy-zenhei.ttc", 0, 0.08),
    ("wqy-microhei.ttc", 0, 0.06),
    ("DroidSansFallbackFull.ttf", 0, 0.03),
    ("LXGWWenKai-Regular.ttf", 0, 0.13),
    ("LXGWWenKai-Bold.ttf", 0, 0.1),
    ("uming.ttc", 0, 0.06),
    ("gbsn00lp.ttf", 0, 0.06),
    ("ukai.ttc", 0, 0.05),
)
# Their level strokes are hair-thin: thickened a little, they give the parts' proportions alone.
THIN = frozenset({"uming.ttc", "gbsn00lp.ttf", "ukai.ttc"})
LATIN: tuple[tuple[str, int, float], ...] = (
    ("OSP-DIN.ttf", 0, 0.25),
    ("LiberationSansNarrow-Bold.ttf", 0, 0.1),
    ("LiberationSansNarrow-Regular.ttf", 0, 0.1),
    ("RobotoCondensed-Regular.ttf", 0, 0.15),
    ("RobotoCondensed-Bold.ttf", 0, 0.1),
    ("BebasNeue-Book.otf", 0, 0.1),
    ("BebasNeue-Regular.otf", 0, 0.1),
    ("DejaVuSansCondensed.ttf", 0, 0.05),
    ("DejaVuSansCondensed-Bold.ttf", 0, 0.05),
)
OWN_STROKES = 0.65  # part of the plates whose letters and digits are ours
# A font's character is square, a plate's twice as tall as wide: squeezed, its upright strokes thin
# out, while on a plate all strokes have one width. So they are thickened again, by part of a width.
SWELLS = (0.0, 0.03, 0.05, 0.07, 0.09, 0.11)
# Presses give the parts of a character their own proportions, above all its left part, which is
# lower than in any font: 24 ways of bending stand for those that we do not know.
SHAPES = 24
PENS = (0.15, 0.17, 0.19, 0.21, 0.23, 0.25)


@dataclass(frozen=True, slots=True)
class Hand:
    """How one plate's characters are painted: a font for Chinese, a font or a pen for the rest."""

    han: int
    latin: int | None
    pen: float
    swell: float = 0.0
    plain: bool = True  # 1 is a bare bar and 3 has a flat top, as most presses cut them
    shape: int = 0  # which of SHAPES the Chinese characters are bent to


@lru_cache(maxsize=2)
def _installed(han: bool) -> tuple[tuple[tuple[Path, int], ...], tuple[float, ...]]:
    found = []
    for name, index, share in HAN if han else LATIN:
        for folder in FONT_FOLDERS:
            if folder.is_dir() and (path := next(folder.rglob(name), None)):
                found.append((path, index, share))
                break
    if not found:
        raise FontMissing(f"no font for plates; on Debian: apt-get install {PACKAGES}")
    total = sum(share for _, _, share in found)
    return tuple((path, i) for path, i, _ in found), tuple(s / total for _, _, s in found)


def missing() -> list[str]:
    """Fonts of the list that this machine lacks: what is trained or measured without them is
    trained or measured on less."""
    found = {path.name for han in (True, False) for path, _ in _installed(han)[0]}
    return [name for name, _, _ in (*HAN, *LATIN) if name not in found]


def choose(rng: Generator) -> Hand:
    """A hand at random. Raises FontMissing, naming the packages."""
    (han, han_shares), (latin, latin_shares) = _installed(True), _installed(False)
    own = rng.random() < OWN_STROKES
    return Hand(
        int(rng.choice(len(han), p=han_shares)),
        None if own else int(rng.choice(len(latin), p=latin_shares)),
        float(PENS[int(rng.integers(len(PENS)))]),
        float(SWELLS[int(rng.integers(len(SWELLS)))]),
        bool(rng.random() < 0.8),
        int(rng.integers(SHAPES)),
    )


def mask(character: str, width: int, height: int, hand: Hand) -> Grey:
    """The character in that hand as a (height, width) mask, 255 = paint."""
    if "一" <= character <= "鿿":
        return _han(character, width, height, hand)
    if hand.latin is None or (hand.plain and character in strokes.PLAIN):
        return _drawn(character, width, height, hand.pen, hand.plain)
    return _latin(character, width, height, hand.latin)


@lru_cache(maxsize=20_000)
def _drawn(character: str, width: int, height: int, pen: float, plain: bool) -> Grey:
    return strokes.draw(character, width, height, pen, plain=plain)


def _printed(character: str, han: bool, font: int) -> Grey:
    """The ink of a font's character, cut to its outline."""
    path, index = _installed(han)[0][font]
    face = ImageFont.truetype(str(path), 160, index=index)
    sheet = Image.new("L", (360, 360))
    ImageDraw.Draw(sheet).text((80, 40), character, font=face, fill=255)
    ink = np.asarray(sheet)
    rows, columns = np.where(ink > 40)
    return np.ascontiguousarray(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])


def _han(character: str, width: int, height: int, hand: Hand) -> Grey:
    return _bent(character, (width, height), hand.han, hand.swell, hand.shape)


@lru_cache(maxsize=30_000)
def _bent(character: str, size: tuple[int, int], font: int, swell: float, shape: int) -> Grey:
    ink = _printed(character, True, font)
    over = cv2.resize(ink, (size[0] * 4, size[1] * 4), interpolation=cv2.INTER_AREA)
    if shape:
        over = cv2.remap(over, *_bend((size[0] * 4, size[1] * 4), shape), cv2.INTER_LINEAR)
    thin = _installed(True)[0][font][0].name in THIN
    wide = round((swell + (0.04 if thin else 0.0)) * size[0] * 4)
    tall = round(0.03 * size[1] * 4) if thin else 0
    over = cv2.dilate(over, np.ones((tall + 1, wide + 1), np.uint8))
    drawn: Grey = cv2.resize(over, size, interpolation=cv2.INTER_AREA)
    return drawn


@lru_cache(maxsize=400)
def _bend(size: tuple[int, int], shape: int) -> tuple[Floats, Floats]:
    """Where each pixel of a bent character comes from: its left and right parts of other heights,
    its upper and lower parts of other widths."""
    rng = np.random.default_rng(shape)
    left, right = rng.uniform(0.66, 1.0), rng.uniform(0.84, 1.0)
    upper, lower = rng.uniform(0.85, 1.0, 2)
    edge, off = rng.uniform(0.3, 0.5), rng.uniform(-0.06, 0.06)
    x, y = (np.arange(side, dtype=np.float32) / side for side in size)
    step = 1 / (1 + np.exp(-(x - edge) / 0.06))
    tall = left + (right - left) * step
    middle = 0.5 + off * (1 - step)
    wide = upper + (lower - upper) * y
    down = (y[:, None] - middle) / tall + 0.5
    across = (x[None] - 0.5) / wide[:, None] + 0.5
    return (across * size[0]).astype(np.float32), (down * size[1]).astype(np.float32)


@lru_cache(maxsize=20_000)
def _latin(character: str, width: int, height: int, font: int) -> Grey:
    ink = _printed(character, False, font)
    if ink.shape[1] >= 0.36 * ink.shape[0]:
        whole: Grey = cv2.resize(ink, (width, height), interpolation=cv2.INTER_AREA)
        return whole
    # 1 and the like keep their width.
    drawn: Grey = np.zeros((height, width), np.uint8)
    narrow = max(3, min(width, round(ink.shape[1] * height / ink.shape[0])))
    left = (width - narrow) // 2
    drawn[:, left : left + narrow] = cv2.resize(ink, (narrow, height), interpolation=cv2.INTER_AREA)
    return drawn
