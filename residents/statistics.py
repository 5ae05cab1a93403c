"""Figures of one month of the floating population, counted from the registrations.

Arrivals are registrations by their day of moving in, departures by the day on which they ended; a
form that the desk has not accepted is no arrival yet. "In time" counts every form of somebody who
moved in that month, handed in or not, against the first deadline of the place.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Value
from django.db.models.functions import TruncMonth
from django.utils import timezone

from community.models import Building, Compound
from residents import clock, codes, obligations
from residents.models import DeadlineRule, Registration
from residents.querysets import LIVE

#: Accepted once: these count as living here from the day of moving in.
TAKEN = (*LIVE, "ended")
GONE = ("moved_out", "expired")
MONTHS = 12
COUNTED = Count("pk")


@dataclass(frozen=True)
class Month:
    """A month of the calendar: from ``first`` up to, without, ``after``."""

    first: date

    @property
    def after(self) -> date:
        return clock.add_months(self.first, 1)

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    def back(self, months: int) -> Month:
        return Month(clock.add_months(self.first, -months))


def month_of(text: str, today: date) -> Month:
    """``2026-11`` as a month; this month for anything else, or for one to come."""
    try:
        year, month = (int(part) for part in text.split("-"))
        found = Month(date(year, month, 1))
    except (ValueError, OverflowError):
        return Month(today.replace(day=1))
    known = date(2000, 1, 1) <= found.first <= today
    return found if known else Month(today.replace(day=1))


@dataclass
class Figures:
    """What one month has; the counters are by code, buildings by id."""

    month: Month
    arrivals: int = 0
    departures: int = 0
    living: int = 0
    in_time: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    origins: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    buildings: Counter[int] = field(default_factory=Counter)

    @property
    def share(self) -> float | None:
        """Registered in time, in percent; None where nothing was due."""
        due = len(self.in_time) + len(self.late)
        return 100 * len(self.in_time) / due if due else None


def arrived(rows: Any, month: Month) -> Any:
    return rows.filter(state__in=TAKEN, moved_in_on__gte=month.first, moved_in_on__lt=month.after)


def _left(since: date, before: date) -> Q:
    return Q(state="ended", end_reason__in=GONE, ended_on__gte=since, ended_on__lt=before)


def left(rows: Any, month: Month) -> Any:
    return rows.filter(_left(month.first, month.after))


def of_month(compound: Compound, month: Month) -> Figures:
    """All figures of one month, in a handful of questions."""
    rows = Registration.objects.of(compound)
    whole = rows.aggregate(
        left=Count("pk", filter=_left(month.first, month.after)),
        living=Count("pk", filter=_living(month.after - timedelta(days=1))),
    )
    figures = Figures(month, departures=whole["left"], living=whole["living"])
    came = arrived(rows, month).order_by()
    columns = ("hukou_province", "reason", "unit__building_id")
    for origin, reason, building, n in came.values_list(*columns).annotate(Count("pk")):
        figures.arrivals += n
        figures.origins[origin] += n
        figures.reasons[reason] += n
        figures.buildings[building] += n
    figures.in_time, figures.late = in_time(compound, month)
    return figures


def living_on(rows: Any, day: date) -> Any:
    """Registered and here at the end of a day."""
    return rows.filter(_living(day))


def _living(day: date) -> Q:
    here = Q(state__in=LIVE) | Q(state="ended", ended_on__gt=day, end_reason__in=GONE)
    return here & Q(moved_in_on__lte=day)


def in_time(compound: Compound, month: Month) -> tuple[list[int], list[int]]:
    """Keys of registrations whose first deadline was kept, and of those where it was not.

    Not yet due, and exempt by the rule of the place, is neither.
    """
    today, book = timezone.localdate(), obligations.Book()
    rows = Registration.objects.of(compound).filter(
        moved_in_on__gte=month.first, moved_in_on__lt=month.after
    )
    columns = ["birth_date", "moved_in_on", "expected_out_on", "reason", "submitted_at"]
    kept: list[int] = []
    late: list[int] = []
    for row in rows.exclude(end_reason__in=["withdrawn", "exempt", "mistaken"]).only(*columns):
        due = _first_due(row, book, compound.jurisdiction, today)
        if due is None:
            continue
        done = timezone.localdate(row.submitted_at) if row.submitted_at else None
        if done is not None and done <= due:
            kept.append(row.pk)
        elif done is not None or due < today:
            late.append(row.pk)
    return kept, late


def _first_due(row: Registration, book: obligations.Book, place: str, today: date) -> date | None:
    if row.moved_in_on is None:
        return None
    kind = DeadlineRule.Kind.FIRST_REGISTRATION
    found = book.wanted(place, kind, "", row.moved_in_on)
    if found is None or obligations.exempt(found.rule, row, today):
        return None
    return found.due_on


def year_before(compound: Compound, month: Month) -> list[tuple[Month, int, int]]:
    """(month, arrivals, departures) of the twelve months that end with ``month``."""
    rows = Registration.objects.of(compound)
    months = [month.back(n) for n in reversed(range(MONTHS))]
    start = months[0].first
    came = rows.filter(state__in=TAKEN, moved_in_on__gte=start, moved_in_on__lt=month.after)
    went = rows.filter(_left(start, month.after))
    counts = [
        some.order_by()
        .annotate(m=TruncMonth(day))
        .values_list("m", Value(sign))
        .annotate(n=COUNTED)
        for some, day, sign in ((came, "moved_in_on", "+"), (went, "ended_on", "-"))
    ]
    found = {(first, sign): n for first, sign, n in counts[0].union(counts[1], all=True)}
    return [(one, found.get((one.first, "+"), 0), found.get((one.first, "-"), 0)) for one in months]


def named(figures: Figures, compound: Compound) -> list[tuple[str, list[tuple[Any, str, int]]]]:
    """(column, [(code, word, count)]) of the three tables, most frequent first."""
    buildings = {row.pk: str(row) for row in Building.objects.of(compound)}
    parts: tuple[tuple[str, Counter[Any], dict[Any, Any]], ...] = (
        ("hukou_province", figures.origins, dict(codes.PROVINCES)),
        ("reason", figures.reasons, dict(codes.Reason.choices)),
        ("unit__building__id", figures.buildings, buildings),
    )
    return [
        (column, [(code, str(words.get(code) or ""), n) for code, n in counter.most_common()])
        for column, counter, words in parts
    ]
