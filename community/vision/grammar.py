"""The grammar of Chinese plates (GA 36-2018 and what still drives with older ones).

A pattern is a tuple of the characters each position may hold, so it serves three ends: is this a
plate, which look-alike was meant here, and what may the network's next character be.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from community.vision.plates import PlateKind

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # GA 36: neither I nor O in a serial
OFFICES = LETTERS + "O"  # the second place: O is (was) the province's police and offices
DIGITS = "0123456789"
SERIAL = DIGITS + LETTERS
ENERGY = "DABCEFGHJK"  # D A B C E battery, the others not
FORCES = "VKHBSLJNGCEZ"  # first letter of military plates since 2013
OLD_FORCES = "军海空北沈兰济南广成"
SUFFIXES = "学警挂领临"
MOST = 10  # no plate is longer

# What devices say when they saw no plate.
NO_PLATE = frozenset(
    {
        "",
        "无牌车",
        "无牌",
        "无车牌",
        "无",
        "未识别",
        "NULL",
        "NONE",
        "UNKNOWN",
        "NOPLATE",
        "UNDEFINED",
    }
)
# Forms that people and fonts write for the same character.
VARIANTS = str.maketrans("粵蘇魯遼滬晉贛貴雲寧陝閩瓊學掛領車", "粤苏鲁辽沪晋赣贵云宁陕闽琼学挂领车")
_NOISE = re.compile(r"[^0-9A-Z一-鿿]+")


@dataclass(frozen=True)
class Pattern:
    """One form of plate: the characters of each place, its kind, how common it is (log)."""

    name: str
    places: tuple[str, ...]
    kind: PlateKind
    prior: float

    def fits(self, text: str) -> bool:
        """Whether the text has this form."""
        if len(text) != len(self.places):
            return False
        return all(character in place for character, place in zip(text, self.places, strict=True))


def _pattern(name: str, kind: PlateKind, prior: float, *places: str) -> Pattern:
    return Pattern(name, places, kind, prior)


_FIVE, _FOUR, _DIGITS4 = (SERIAL,) * 5, (SERIAL,) * 4, (DIGITS,) * 4
_K = PlateKind
PATTERNS: tuple[Pattern, ...] = (
    _pattern("ordinary", _K.BLUE, 0.0, PROVINCES, OFFICES, *_FIVE),
    _pattern("energy_small", _K.GREEN, -0.5, PROVINCES, LETTERS, ENERGY, SERIAL, *_DIGITS4),
    _pattern("energy_large", _K.GREEN_LARGE, -1.5, PROVINCES, LETTERS, DIGITS, *_DIGITS4, ENERGY),
    _pattern("training", _K.YELLOW, -1.0, PROVINCES, LETTERS, *_FOUR, "学"),
    _pattern("trailer", _K.YELLOW, -1.0, PROVINCES, LETTERS, *_FOUR, "挂"),
    _pattern("police", _K.WHITE, -1.0, PROVINCES, OFFICES, *_FOUR, "警"),
    _pattern("consulate", _K.BLACK, -2.0, PROVINCES, LETTERS, *_FOUR, "领"),
    _pattern("hong_kong_macau", _K.BLACK, -1.5, "粤", "Z", *_FOUR, "港澳"),
    _pattern("temporary", _K.UNKNOWN, -3.0, PROVINCES, LETTERS, *_FIVE, "临"),
    _pattern("temporary_short", _K.UNKNOWN, -3.0, PROVINCES, LETTERS, *_FOUR, "临"),
    _pattern("emergency", _K.WHITE, -2.5, PROVINCES, LETTERS, *_DIGITS4, "应", "急"),
    _pattern("embassy", _K.BLACK, -2.5, *(DIGITS,) * 6, "使"),
    _pattern("embassy_old", _K.BLACK, -2.5, "使", *(DIGITS,) * 6),
    _pattern("armed_police", _K.WHITE, -2.5, "W", "J", PROVINCES, *_DIGITS4, DIGITS + "TDSHBXJ"),
    _pattern("armed_police_staff", _K.WHITE, -4.0, "W", "J", *_DIGITS4, DIGITS + "TDSHBXJ"),
    _pattern("armed_police_old", _K.WHITE, -4.0, "W", "J", "0123", *(DIGITS,), SERIAL, *_DIGITS4),
    _pattern("military", _K.WHITE, -4.0, FORCES, LETTERS, *(DIGITS,) * 5),
    _pattern("military_old", _K.WHITE, -4.0, OLD_FORCES, LETTERS, *(DIGITS,) * 5),
    _pattern("aviation", _K.GREEN, -4.0, "民", "航", SERIAL, *_DIGITS4),
)
_BY_LENGTH: dict[int, tuple[Pattern, ...]] = {
    n: tuple(p for p in PATTERNS if len(p.places) == n) for n in range(MOST + 1)
}

# Groups of characters that cameras and people take for one another.
LOOKALIKES: tuple[tuple[str, float], ...] = (
    ("0ODQ", 0.25),
    ("1ILT7", 0.4),
    ("1IL", 0.25),
    ("8B", 0.25),
    ("8R", 0.5),
    ("83S", 0.5),
    ("2Z", 0.25),
    ("7ZT", 0.45),
    ("5S", 0.25),
    ("6G", 0.3),
    ("6B8", 0.5),
    ("CG", 0.4),
    ("4A", 0.4),
    ("UV", 0.3),
    ("UVY", 0.5),
    ("VW", 0.5),
    ("MNHW", 0.45),
    ("EF", 0.35),
    ("PF", 0.45),
    ("PR", 0.45),
    ("KX", 0.4),
    ("XY", 0.5),
    ("JU", 0.45),
    ("9P", 0.5),
    ("90", 0.6),
    ("粤鲁鄂", 0.6),
    ("苏赣", 0.7),
    ("津浙渝湘沪鄂", 0.6),
    ("京琼", 0.5),
    ("云宁", 0.6),
    ("青贵晋吉", 0.6),
    ("皖晋", 0.6),
    ("川津", 0.7),
    ("辽冀", 0.7),
    ("桂挂", 0.3),
    ("港澳", 0.6),
)


@lru_cache(maxsize=1)
def _costs() -> dict[tuple[str, str], float]:
    costs: dict[tuple[str, str], float] = {}
    for group, cost in LOOKALIKES:
        for one in group:
            for other in group:
                if one != other:
                    costs[one, other] = min(cost, costs.get((one, other), 1.0))
    return costs


def swap_cost(one: str, other: str) -> float:
    """Cost 0..1 of reading `one` for `other`: 0 the same, 1 nothing alike."""
    if one == other:
        return 0.0
    if one in PROVINCES and other in PROVINCES:
        return min(0.75, _costs().get((one, other), 1.0))
    return _costs().get((one, other), 1.0)


def normalise(text: str) -> str:
    """Upper case, half width, without blanks, dots, hyphens or any other mark."""
    folded = unicodedata.normalize("NFKC", text[:200]).upper().translate(VARIANTS)
    return _NOISE.sub("", folded)


def parse(text: str | None) -> str | None:
    """The normalised text a device or a person gave, or None where it says "no plate"."""
    if text is None:
        return None
    plain = normalise(text)
    return None if plain in NO_PLATE else plain


def patterns_of(text: str) -> tuple[Pattern, ...]:
    """Every form that the (normalised) text has, the most common first."""
    fitting = [p for p in _BY_LENGTH.get(len(text), ()) if p.fits(text)]
    return tuple(sorted(fitting, key=lambda p: -p.prior))


def is_plate(text: str) -> bool:
    """Whether the text, once normalised, is a whole plate."""
    return len(text) <= 200 and bool(patterns_of(normalise(text)))


def kind_of(text: str, colour: str = "unknown") -> PlateKind:
    """The kind by text, and by `colour` (a colour name of `colours.py`) where text leaves it open.

    An ordinary seven-character plate is blue or yellow (or an old black one) by its colour alone;
    with the colour unknown it counts as blue, the usual one. UNKNOWN for what is no plate.
    """
    fitting = patterns_of(normalise(text))
    if not fitting:
        return PlateKind.UNKNOWN
    first = fitting[0]
    if first.name in ("ordinary", "military") and colour in ("yellow", "black"):
        return PlateKind(colour)
    return first.kind


def kind_seen(text: str, colour: str) -> PlateKind:
    """The kind of a plate in a picture: UNKNOWN where only its colour would tell and is unknown."""
    fitting = patterns_of(normalise(text))
    if colour == "unknown" and fitting and fitting[0].name == "ordinary":
        return PlateKind.UNKNOWN
    return kind_of(text, colour)


def _cheapest(character: str, place: str) -> tuple[float, str]:
    return min((swap_cost(character, meant), meant) for meant in place)


def correct(text: str, most: float = 1.0) -> str | None:
    """The plate that the text most likely stands for, each place put right by look-alikes.

    Only swaps of look-alikes, at most `most` in all (0.25 is 0 for O, 8 for B); None where nothing
    comes near. A text that is a plate already comes back unchanged.
    """
    plain = normalise(text)
    if len(plain) > MOST or patterns_of(plain):
        return plain if len(plain) <= MOST else None
    best: tuple[float, str] | None = None
    for pattern in _BY_LENGTH.get(len(plain), ()):
        swaps = [_cheapest(c, place) for c, place in zip(plain, pattern.places, strict=True)]
        if any(cost >= 0.75 for cost, _ in swaps):
            continue
        cost = sum(cost for cost, _ in swaps) - pattern.prior * 0.1
        if sum(c for c, _ in swaps) <= most and (best is None or cost < best[0]):
            best = cost, "".join(meant for _, meant in swaps)
    return best[1] if best else None


def distance(one: str, other: str) -> float:
    """Weighted edit distance of two plates: a look-alike costs less than a stranger.

    0 for the same plate, about 0.25 for O/0 or B/8, 1 for any other swap, gap or extra character;
    a dropped or doubled repeat (88 for 8) costs 0.5. Texts longer than 32 are cut.
    """
    left, right = normalise(one)[:32], normalise(other)[:32]
    row = [float(i) for i in range(len(right) + 1)]
    for i, a in enumerate(left, start=1):
        previous, row = row, [float(i)]
        for j, b in enumerate(right, start=1):
            drop = 0.5 if i > 1 and left[i - 2] == a else 1.0
            add = 0.5 if j > 1 and right[j - 2] == b else 1.0
            row.append(min(previous[j - 1] + swap_cost(a, b), previous[j] + drop, row[-1] + add))
    return row[-1]
