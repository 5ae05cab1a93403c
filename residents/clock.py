"""The arithmetic of deadlines: days, working days, months, years of residence. No tables here.

Months and years are counted from the day itself each time, never from a clamped one: half a year
from 31 August ends on 28 or 29 February, and a year from 29 February ends on 28 February (Civil
Code 202: where the last month has no such day, its last day counts).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

DAY = timedelta(days=1)
#: No holiday runs longer: a calendar that says otherwise is wrong, and must not hang the clock.
LONGEST_BREAK = 60


@dataclass(frozen=True)
class Calendar:
    """Working days: Monday to Friday, but for the days that are said to be otherwise."""

    said: Mapping[date, bool] = field(default_factory=dict)

    def works(self, day: date) -> bool:
        return self.said.get(day, day.weekday() < 5)

    def next_working(self, day: date) -> date:
        """``day`` itself, or the first working day after it."""
        for step in range(LONGEST_BREAK):
            if self.works(day + step * DAY):
                return day + step * DAY
        return day

    def knows(self, year: int) -> bool:
        """Whether the holidays of a year were ever entered."""
        return any(day.year == year for day in self.said)


@dataclass(frozen=True)
class Span:
    """A time that somebody has: ``measure`` is days, working_days, months or years."""

    amount: int
    measure: str
    rolls: bool = False


def add_months(day: date, months: int) -> date:
    """The same day some months later (or earlier), or that month's last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def add_working_days(day: date, count: int, days: Calendar) -> date:
    """The ``count``-th working day after ``day``; the day itself does not count."""
    while count > 0:
        day = days.next_working(day + DAY)
        count -= 1
    return day


def due(start: date, span: Span, days: Calendar) -> date:
    """The last day of a time that begins with what happened on ``start``."""
    if span.measure == "working_days":
        return add_working_days(start, span.amount, days)
    if span.measure in ("months", "years"):
        last = add_months(start, span.amount * (12 if span.measure == "years" else 1))
    else:
        last = start + span.amount * DAY
    return days.next_working(last) if span.rolls else last


@dataclass(frozen=True)
class Endorsement:
    """The ``year``-th yearly endorsement: possible from ``opens_on``, at the latest ``due_on``."""

    year: int
    opens_on: date
    due_on: date


def endorsement(
    counts_from: date, year: int, opens_months: int = 1, every: int = 12
) -> Endorsement:
    """The endorsement before the ``year``-th full year of residence from ``counts_from``.

    It is done in the month before the day on which the year is full, so the day before is the last.
    """
    full = add_months(counts_from, every * year)
    return Endorsement(year, add_months(full, -opens_months), full - DAY)


def next_endorsement(
    counts_from: date, endorsed_until: date | None, opens_months: int = 1, every: int = 12
) -> Endorsement:
    """The first endorsement that is not covered by ``endorsed_until`` (the full year's day)."""
    year = 1
    covered = endorsed_until or counts_from
    while add_months(counts_from, every * year) <= covered:
        year += 1
    return endorsement(counts_from, year, opens_months, every)


def endorsed(
    counts_from: date, endorsed_until: date | None, on: date, opens_months: int = 1
) -> tuple[date, date]:
    """What an endorsement done ``on`` a day gives: (years count from, endorsed until).

    In time, the next full year is covered and the years go on. Late, the permit was suspended, and
    the years of residence count anew from the late endorsement. Raises ValueError before its month.
    """
    wanted = next_endorsement(counts_from, endorsed_until, opens_months)
    if on < wanted.opens_on:
        raise ValueError(wanted.opens_on.isoformat())
    if on > wanted.due_on:
        return on, on
    return counts_from, add_months(counts_from, 12 * wanted.year)


def next_reminder(due_on: date, before: Iterable[int], after: date) -> date | None:
    """The first day later than ``after`` on which somebody is reminded; None when none is left.

    ``before`` are days before the last day: 30, 7, 0, and -1 for the day after it.
    """
    steps = (due_on - days * DAY for days in before)
    return min((day for day in steps if day > after), default=None)
