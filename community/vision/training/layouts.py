"""Where the characters of each kind of plate stand, in millimetres (GA 36-2018 and GA 36.1)."""

from __future__ import annotations

from dataclasses import dataclass

from numpy.random import Generator

from community.vision.training.texts import Text

Slot = tuple[float, float, float, float]  # x, y, width, height
Dot = tuple[float, float, float]  # centre x, centre y, radius
ONE_ROW, LONG, TWO_ROWS = (440, 140), (480, 140), (440, 220)
TOP, TALL = 25.0, 90.0  # of the characters of a one-row plate


@dataclass(frozen=True, slots=True)
class Layout:
    """The plate's size, its characters' boxes and its dots."""

    size: tuple[int, int]
    boxes: list[Slot]
    dots: list[Dot]


def _row(lefts: list[float], wide: float) -> list[Slot]:
    return [(left, TOP, wide, TALL) for left in lefts]


def _seven(gap_after: int = 2) -> Layout:
    lefts = [15.5 + 57 * i + (22 if i >= gap_after else 0) for i in range(7)]
    return Layout(ONE_ROW, _row(lefts, 45), [(lefts[gap_after] - 17, 70, 5.5)])


def _two_rows(count: int) -> Layout:
    step, wide = (80, 65) if count == 7 else (66, 54)
    top: list[Slot] = [(110, 15, 80, 60), (250, 15, 80, 60)]
    below: list[Slot] = [(27 + step * i, 90, wide, 110) for i in range(count - 2)]
    return Layout(TWO_ROWS, top + below, [(220, 45, 6)])


def _energy(rng: Generator) -> Layout:
    lefts = [69.5, *(15.5 + 108 + 17 + 53.5 * i for i in range(6))]
    dots: list[Dot] = [] if rng.random() < 0.7 else [(128, 70, 6)]
    return Layout(LONG, _row([15.5], 45) + _row(lefts, 43), dots)


def _emergency() -> Layout:
    boxes = _row([15.5 + 57 * i + (20 if i > 1 else 0) for i in range(6)], 45)
    return Layout(ONE_ROW, [*boxes, (382, 24, 42, 44), (382, 72, 42, 44)], [(134, 70, 5)])


def _armed_police() -> Layout:
    boxes: list[Slot] = [(14, 40, 45, 75), (62, 40, 45, 75), (118, 45, 52, 62)]
    return Layout(ONE_ROW, boxes + _row([182.0 + 50 * i for i in range(5)], 44), [])


def layout(plate: Text, rng: Generator) -> Layout:
    """The plate's layout; where makers differ, one of theirs."""
    if plate.rows == 2:
        return _two_rows(len(plate.text))
    if plate.form.startswith("energy"):
        return _energy(rng)
    if plate.form == "emergency":
        return _emergency()
    if plate.form == "armed_police":
        return _armed_police()
    if len(plate.text) == 8:  # a temporary plate with five characters before its last
        return Layout(
            ONE_ROW, _row([15.0 + 51 * i + (12 if i > 1 else 0) for i in range(8)], 43), []
        )
    return _seven(3 if plate.form == "embassy" and rng.random() < 0.5 else 2)
