"""The rules of one version of a tariff, as data. No tables here.

Minutes of a window count from midnight: 0 is 00:00, 1440 is 24:00. A window whose end is before
its start crosses midnight; one that starts where it ends is the whole day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

DAY = 24 * 60
#: Larger numbers are slips of the hand.
MOST_FEN = 1_000_000
MOST_WINDOWS = 6
CALENDAR, ENTRY = "calendar", "entry"
#: Plate kinds of new-energy cars (GA 36-2018).
NEW_ENERGY = ("green", "green_large")


@dataclass(frozen=True)
class Window:
    """A part of the day and what it costs.

    The first ``first_minutes`` of a stay that begins to be charged here cost ``first_fen``; then
    each begun ``step_minutes`` cost ``step_fen``. With 0 step minutes ``step_fen`` is the price of
    the whole window, once each time it is used. ``cap_fen``: no more for one pass through it.
    """

    start: int
    end: int
    step_minutes: int
    step_fen: int
    first_minutes: int = 0
    first_fen: int = 0
    cap_fen: int | None = None

    @property
    def crosses(self) -> bool:
        return self.end < self.start

    @property
    def is_whole_day(self) -> bool:
        return self.start == self.end % DAY

    def covers(self, minute: int) -> bool:
        if self.is_whole_day:
            return True
        if self.crosses:
            return minute >= self.start or minute < self.end
        return self.start <= minute < self.end


@dataclass(frozen=True)
class Rate:
    """What some kinds of plates pay; without ``kinds`` all that no other rate names."""

    workdays: tuple[Window, ...]
    holidays: tuple[Window, ...] = ()
    kinds: tuple[str, ...] = ()
    free_minutes: int = 0
    #: The free minutes are taken off a longer stay too; else it pays from its first minute.
    free_deducted: bool = False
    cap_day_fen: int | None = None
    cap_stay_fen: int | None = None

    def windows(self, is_holiday: bool) -> tuple[Window, ...]:
        return self.holidays if is_holiday and self.holidays else self.workdays


@dataclass(frozen=True)
class Rules:
    """``day_counts``: the day's cap counts by "calendar" day or in 24 hours from the "entry"."""

    rates: tuple[Rate, ...]
    day_counts: str = CALENDAR
    #: Minutes to drive out after paying.
    grace_minutes: int = 15
    #: Registered cars without a permit pay nothing.
    residents_free: bool = True


def rate_for(rules: Rules, kind: str) -> Rate:
    """The rate of a plate kind. Raises LookupError where no rate is for all others."""
    named = [rate for rate in rules.rates if kind in rate.kinds]
    rest = [rate for rate in rules.rates if not rate.kinds]
    for rate in named + rest:
        return rate
    raise LookupError(kind)


def parse(data: Mapping[str, Any]) -> Rules:
    """Rules from their stored form, see ``dump``. Raises ValueError, KeyError or TypeError."""
    return Rules(
        rates=tuple(_rate(each) for each in data["rates"]),
        day_counts=str(data.get("day_counts", CALENDAR)),
        grace_minutes=_number(data.get("grace_minutes", 15)),
        residents_free=bool(data.get("residents_free", True)),
    )


def dump(rules: Rules) -> dict[str, Any]:
    """The stored form: plain JSON, windows with their hours as ``"22:00"``."""
    return {
        "day_counts": rules.day_counts,
        "grace_minutes": rules.grace_minutes,
        "residents_free": rules.residents_free,
        "rates": [
            {
                "kinds": list(rate.kinds),
                "free_minutes": rate.free_minutes,
                "free_deducted": rate.free_deducted,
                "cap_day_fen": rate.cap_day_fen,
                "cap_stay_fen": rate.cap_stay_fen,
                "workdays": [_window_out(window) for window in rate.workdays],
                "holidays": [_window_out(window) for window in rate.holidays],
            }
            for rate in rules.rates
        ],
    }


def clock(minute: int) -> str:
    """``1320`` as ``"22:00"``; the end of the day is ``"24:00"``."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(text: Any) -> int:
    """``"22:00"`` as 1320. Raises ValueError."""
    hour, colon, minute = str(text).partition(":")
    if not (colon and hour.isascii() and hour.isdigit() and minute.isascii() and minute.isdigit()):
        raise ValueError(f"no time of day: {str(text)[:20]}")
    value = int(hour[:3]) * 60 + int(minute[:3])
    if int(minute[:3]) > 59 or value > DAY:
        raise ValueError(f"no time of day: {str(text)[:20]}")
    return value


def _rate(data: Mapping[str, Any]) -> Rate:
    return Rate(
        kinds=tuple(str(kind) for kind in data.get("kinds", ())),
        free_minutes=_number(data.get("free_minutes", 0)),
        free_deducted=bool(data.get("free_deducted", False)),
        cap_day_fen=_maybe(data.get("cap_day_fen")),
        cap_stay_fen=_maybe(data.get("cap_stay_fen")),
        workdays=_windows(data["workdays"]),
        holidays=_windows(data.get("holidays", ())),
    )


def _windows(data: Sequence[Mapping[str, Any]]) -> tuple[Window, ...]:
    return tuple(
        Window(
            start=minute_of(each["from"]),
            end=minute_of(each["to"]),
            step_minutes=_number(each.get("step_minutes", 0)),
            step_fen=_number(each.get("step_fen", 0)),
            first_minutes=_number(each.get("first_minutes", 0)),
            first_fen=_number(each.get("first_fen", 0)),
            cap_fen=_maybe(each.get("cap_fen")),
        )
        for each in data
    )


def _window_out(window: Window) -> dict[str, Any]:
    return {
        "from": clock(window.start),
        "to": clock(window.end),
        "step_minutes": window.step_minutes,
        "step_fen": window.step_fen,
        "first_minutes": window.first_minutes,
        "first_fen": window.first_fen,
        "cap_fen": window.cap_fen,
    }


def _number(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"no whole number: {str(value)[:20]}")
    return value


def _maybe(value: Any) -> int | None:
    return None if value is None else _number(value)
