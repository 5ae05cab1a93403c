"""Bars of a report as figures of an SVG: a plot of 722 x 140 units, its foot at 165."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

LEFT, WIDTH, FOOT, HEIGHT = 37, 720, 165, 132
#: A bar takes so much of its part; below so many parts each has its word, else every second.
SHARE, MOST_WORDS = 0.74, 16
STEPS = (1, 2, 5)


@dataclass(frozen=True)
class Series:
    """One kind of bar: its word, its class, its numbers by part."""

    name: Any
    style: str
    numbers: Sequence[int]


def bars(
    words: Sequence[str], series: Sequence[Series], say: Callable[[int], str], line: int = 0
) -> dict[str, Any]:
    """Series stand on each other; ``line`` is a height worth seeing, such as the places there are.

    ``say`` tells a number of the scale. Nothing to draw is an empty dictionary.
    """
    sums = [sum(column) for column in zip(*(one.numbers for one in series), strict=True)]
    if max(sums, default=0) <= 0:
        return {}
    top = max(*sums, line, 1)
    step = WIDTH / len(words)
    every = 1 if len(words) <= MOST_WORDS else 2
    return {
        "bars": _bars(series, top, step),
        "width": step * SHARE,
        "grid": [{"y": _up(n, top), "word": say(n)} for n in scale(top)],
        "line": _up(line, top) if line else None,
        "ticks": [
            {"x": LEFT + (place + SHARE / 2) * step, "word": word}
            for place, word in enumerate(words)
            if place % every == 0
        ],
        "key": [(one.name, one.style) for one in series] if len(series) > 1 else [],
    }


def _bars(series: Sequence[Series], top: int, step: float) -> list[dict[str, Any]]:
    found, below = [], [0] * len(series[0].numbers)
    for one in series:
        for place, number in enumerate(one.numbers):
            if number > 0:
                below[place] += number
                found.append(
                    {"x": LEFT + place * step, "y": _up(below[place], top),
                     "h": number * HEIGHT / top, "style": one.style}
                )  # fmt: skip
    return found


def _up(number: int, top: int) -> float:
    return FOOT - number * HEIGHT / top


def scale(top: int) -> list[int]:
    """Up to three round lines below ``top``."""
    step = next(s * 10**power for power in range(12) for s in STEPS if s * 10**power * 4 > top)
    return [step * place for place in (1, 2, 3) if step * place <= top]
