"""What is wrong with the rules of a tariff: a hole or an overlap is named with its hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parking.tariffs.rules import (
    CALENDAR,
    DAY,
    ENTRY,
    MOST_FEN,
    MOST_WINDOWS,
    Rate,
    Rules,
    Window,
    clock,
)


@dataclass(frozen=True)
class Fault:
    """``code`` is stable; ``at`` and ``until`` are hours as ``"22:00"`` where it is about some.

    ``rate`` counts from 0; ``days`` is "workdays", "holidays" or "" for the rate as a whole.
    """

    code: str
    rate: int = 0
    days: str = ""
    at: str = ""
    until: str = ""


def faults(rules: Rules) -> list[Fault]:
    """Everything wrong with the rules; an empty list means that every moment has one price."""
    found = [*_whole(rules)]
    for number, rate in enumerate(rules.rates):
        found += _of_rate(number, rate)
    return found


def _whole(rules: Rules) -> Iterator[Fault]:
    if sum(not rate.kinds for rate in rules.rates) != 1:
        yield Fault("rate_for_others_missing")
    kinds = [kind for rate in rules.rates for kind in rate.kinds]
    if len(kinds) != len(set(kinds)):
        yield Fault("kind_twice")
    if rules.day_counts not in (CALENDAR, ENTRY):
        yield Fault("day_unknown")
    if not 0 <= rules.grace_minutes <= 240:
        yield Fault("grace_out_of_range")


def _of_rate(number: int, rate: Rate) -> Iterator[Fault]:
    if not 0 <= rate.free_minutes <= DAY:
        yield Fault("free_out_of_range", number)
    if not all(_is_price(cap) for cap in (rate.cap_day_fen, rate.cap_stay_fen)):
        yield Fault("price_out_of_range", number)
    for days, windows in (("workdays", rate.workdays), ("holidays", rate.holidays)):
        if not windows and days == "holidays":
            continue
        yield from _of_day(number, days, windows)


def _is_price(fen: int | None) -> bool:
    return fen is None or 0 <= fen <= MOST_FEN


def _of_day(number: int, days: str, windows: tuple[Window, ...]) -> Iterator[Fault]:
    if len(windows) > MOST_WINDOWS:
        yield Fault("windows_too_many", number, days)
        return
    for window in windows:
        at = clock(window.start)
        if not all(_is_price(fen) for fen in (window.step_fen, window.first_fen, window.cap_fen)):
            yield Fault("price_out_of_range", number, days, at)
        if not 0 <= window.step_minutes <= DAY or not 0 <= window.first_minutes <= DAY:
            yield Fault("minutes_out_of_range", number, days, at)
        if window.first_fen and not window.first_minutes:
            yield Fault("first_without_minutes", number, days, at)
    yield from _holes(number, days, windows)


def _holes(number: int, days: str, windows: tuple[Window, ...]) -> Iterator[Fault]:
    """Runs of minutes that no window covers, or more than one."""
    count = [sum(window.covers(minute) for window in windows) for minute in range(DAY)]
    start = 0
    for minute in range(1, DAY + 1):
        if minute < DAY and count[minute] == count[start]:
            continue
        if count[start] != 1:
            code = "hole" if count[start] == 0 else "overlap"
            yield Fault(code, number, days, clock(start), clock(minute))
        start = minute
