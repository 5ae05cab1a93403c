"""Code 128 (ISO/IEC 15417) from the widths of bars and spaces along one line. Pure.

A symbol is three bars and three spaces over eleven modules. Ink that ran, or blur, makes all bars
wider and all spaces narrower by the same amount: that amount is fitted for each symbol and taken
away, so only what is left has to fit a pattern, clearly better than every other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

Widths = NDArray[np.float64]
#: Widths in modules by value: 0 to 102 data and functions, 103 to 105 starts, 106 the stop without
#: the two modules of bar that end it.
_SIX = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 "
    "112232 122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 "
    "311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 "
    "314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 233111"
)
PATTERNS = tuple(_SIX.split())
START_A, START_C, STOP = 103, 105, 106
MODULES, LAST_BAR = 11, 2
#: The next character is of the other set; from here on another set; the next is beyond ASCII.
SHIFT, SETS, BEYOND = 98, {99: "C", 100: "B", 101: "A"}, {"A": 101, "B": 100}
#: What lies before and behind, in modules: the standard wants ten, labels are cut closer.
QUIET = 5.0
#: Squares of what is left of a symbol in modules; two patterns are 1.33 apart at least.
MOST_LEFT, CLEARLY = 0.5, 0.6
MOST_SPREAD, MOST_CHANGE = 0.8, 0.22
#: Bars and spaces of the shortest code that says anything.
LEAST = 3 * 6 + 7
_SIGN = np.array([1.0, -1, 1, -1, 1, -1]) / np.sqrt(6)
_TABLE = np.array([[float(digit) for digit in pattern] for pattern in PATTERNS])
_FITTED = _TABLE - np.outer(_TABLE @ _SIGN, _SIGN)
_LENGTHS = (_FITTED**2).sum(axis=1)


@dataclass(frozen=True)
class _Symbols:
    """For the bar at each place: what would begin there, how wide its module, whether it fits."""

    values: NDArray[np.intp]
    modules: Widths
    fits: NDArray[np.bool_]


def texts_in(widths: Widths) -> list[str]:
    """Texts of the codes along a line, read in both directions.

    ``widths``: of light and dark in turn, in any unit, beginning and ending with light. A text
    comes only with its quiet zones, its start, its stop and its check character.
    """
    found: list[str] = []
    for row in (widths, widths[::-1]):
        if len(row) >= LEAST + 2:
            found += _texts(np.asarray(row, np.float64))
    return found


def _texts(row: Widths) -> list[str]:
    symbols = _symbols(row)
    starts = symbols.fits & (symbols.values >= START_A) & (symbols.values <= START_C)
    before = row[0::2][: len(starts)]
    starts &= before >= QUIET * symbols.modules
    values = (_walk(row, symbols, int(place)) for place in np.flatnonzero(starts))
    texts = (text_of(one) for one in values if one is not None)
    return [text for text in texts if text]


def _symbols(row: Widths) -> _Symbols:
    windows = sliding_window_view(row, 6)[1::2]
    modules = np.maximum(windows.sum(axis=1) / MODULES, 1e-9)
    sizes: Any = windows / modules[:, None]
    fitted = sizes - np.outer(sizes @ _SIGN, _SIGN)
    left = (fitted**2).sum(axis=1)[:, None] - 2 * fitted @ _FITTED.T + _LENGTHS
    values = left.argmin(axis=1)
    two = np.partition(left, 1, axis=1)
    spread = (sizes @ _SIGN - (_TABLE @ _SIGN)[values]) / np.sqrt(6)
    fits = (two[:, 0] <= MOST_LEFT) & (two[:, 0] <= CLEARLY * two[:, 1])
    return _Symbols(values, modules, fits & (np.abs(spread) <= MOST_SPREAD))


def _walk(row: Widths, symbols: _Symbols, place: int) -> list[int] | None:
    """Values from the start at this bar to the stop; None where something between does not fit."""
    values, module = [int(symbols.values[place])], float(symbols.modules[place])
    while True:
        place += 3
        if place >= len(symbols.values) or not symbols.fits[place]:
            return None
        change = float(symbols.modules[place]) / module
        if not 1 - MOST_CHANGE <= change <= 1 + MOST_CHANGE:
            return None
        module = float(symbols.modules[place])
        value = int(symbols.values[place])
        if value == STOP:
            return values if _ends(row, 2 * place + 1, module) else None
        if value >= START_A:
            return None
        values.append(value)


def _ends(row: Widths, first: int, module: float) -> bool:
    """Whether the stop's last bar and the quiet zone stand behind its six elements."""
    if first + 7 >= len(row):
        return False
    bar, quiet = row[first + 6] / module, row[first + 7] / module
    return abs(bar - LAST_BAR) <= MOST_SPREAD and quiet >= QUIET


def text_of(values: list[int]) -> str | None:
    """What values from the start to the check character say; None where that does not fit.

    Function characters are left out; those for letters beyond ASCII are not read.
    """
    if len(values) < 3:
        return None
    *data, check = values
    if (data[0] + sum(place * value for place, value in enumerate(data))) % 103 != check:
        return None
    chosen, shifted, text = "ABC"[data[0] - START_A], "", ""
    for value in data[1:]:
        now, shifted = shifted or chosen, ""
        if value < (100 if now == "C" else 96):
            text += _said(value, now)
        elif value == SHIFT:
            shifted = "B" if now == "A" else "A"
        elif value == BEYOND.get(now):
            return None
        else:
            chosen = SETS.get(value, chosen)
    return text


def _said(value: int, chosen: str) -> str:
    if chosen == "C":
        return f"{value:02}"
    return chr(value - 64 if chosen == "A" and value >= 64 else value + 32)
