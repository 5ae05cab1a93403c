"""Regions that somebody drew on a camera's picture: all figures are shares of it, 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from math import isfinite
from typing import Any

from parking.operations import rules

Corner = list[float]
#: Least and most corners; the smallest part of the picture that holds a car.
FEWEST, MOST = 3, 12
SMALLEST = 0.0025


def clean_region(given: Any) -> list[float]:
    """x, y, width and height of a rectangle inside the picture, not too small to hold a car."""
    try:
        x, y, width, height = (round(float(value), 4) for value in given)
    except (TypeError, ValueError) as error:
        raise rules.fault("roi", "region_invalid") from error
    good = x >= 0 and y >= 0 and width >= 0.05 and height >= 0.05
    if not (good and x + width <= 1.0001 and y + height <= 1.0001):
        raise rules.fault("roi", "region_invalid")
    return [x, y, width, height]


def clean_corners(given: Any) -> list[Corner]:
    """Corners in order around a lane, each (x, y); none for a lane that fills its rectangle.

    Raises ValidationError for too few or many, for one outside the picture, for sides that cross
    and for a lane in which no car has room.
    """
    corners = _points(given or [])
    if not corners:
        return []
    if not FEWEST <= len(corners) <= MOST:
        raise rules.fault("corners", "corners_count")
    if any(not 0 <= share <= 1 for corner in corners for share in corner):
        raise rules.fault("corners", "corners_outside")
    if crosses(corners):
        raise rules.fault("corners", "corners_cross")
    if abs(_area(corners)) < SMALLEST:
        raise rules.fault("corners", "corners_small")
    return corners


def around(corners: list[Corner]) -> list[float]:
    """The rectangle around corners, widened where a lane is a narrow strip."""
    (left, right), (top, low) = ((min(side), max(side)) for side in zip(*corners, strict=True))
    width, height = max(right - left, 0.05), max(low - top, 0.05)
    x, y = min(left, 1 - width), min(top, 1 - height)
    return [round(value, 4) for value in (x, y, width, height)]


def _points(given: Iterable[Any]) -> list[Corner]:
    try:
        points = [[round(float(x), 4), round(float(y), 4)] for x, y in given]
    except (TypeError, ValueError) as error:
        raise rules.fault("corners", "corners_outside") from error
    if not all(isfinite(share) for point in points for share in point):
        raise rules.fault("corners", "corners_outside")
    return points


def _area(corners: list[Corner]) -> float:
    sides = zip(corners, [*corners[1:], corners[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in sides) / 2


def crosses(corners: list[Corner]) -> bool:
    """Whether two sides that are no neighbours touch, or a corner stands there twice."""
    count = len(corners)
    if len({tuple(corner) for corner in corners}) < count:
        return True
    sides = [(corners[at], corners[(at + 1) % count]) for at in range(count)]
    return any(
        _meet(*sides[one], *sides[other])
        for one, other in combinations(range(count), 2)
        if (other - one) % count not in (1, count - 1)
    )


def _meet(a: Corner, b: Corner, c: Corner, d: Corner) -> bool:
    turns = _turn(a, b, c), _turn(a, b, d), _turn(c, d, a), _turn(c, d, b)
    if turns[0] * turns[1] < 0 and turns[2] * turns[3] < 0:
        return True
    ends = ((a, b, c), (a, b, d), (c, d, a), (c, d, b))
    return any(turn == 0 and _between(*end) for turn, end in zip(turns, ends, strict=True))


def _turn(a: Corner, b: Corner, c: Corner) -> float:
    """Above 0 where c lies to one side of a-b, below 0 on the other, 0 in line."""
    found = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
    return 0.0 if abs(found) < 1e-9 else found


def _between(a: Corner, b: Corner, c: Corner) -> bool:
    return all(min(a[at], b[at]) <= c[at] <= max(a[at], b[at]) for at in (0, 1))
