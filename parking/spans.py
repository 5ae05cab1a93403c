"""A day, a month or a year of a compound's calendar, and the parts that it is shown by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from residents.clock import add_months

DAY, MONTH, YEAR = "day", "month", "year"
FORMATS = {4: (YEAR, "{}-01-01"), 7: (MONTH, "{}-01"), 10: (DAY, "{}")}
EARLIEST = 2000


@dataclass(frozen=True)
class Span:
    """``first`` is its first day. Its parts are hours of a day, days of a month, months of a year:
    each a moment on the compound's clock, without a zone."""

    kind: str
    first: date

    @classmethod
    def parse(cls, text: str, today: date) -> Span:
        """``2026``, ``2026-10`` or ``2026-10-05``; for anything else the month of today."""
        kind, shape = FORMATS.get(len(text), (MONTH, ""))
        try:
            first = date.fromisoformat(shape.format(text))
        except ValueError:
            return cls(MONTH, today.replace(day=1))
        if not EARLIEST <= first.year <= today.year + 1:
            return cls(MONTH, today.replace(day=1))
        return cls(kind, first)

    @property
    def code(self) -> str:
        return self.first.isoformat()[: {YEAR: 4, MONTH: 7, DAY: 10}[self.kind]]

    @property
    def after(self) -> date:
        """The first day that is not in it any more."""
        return self._moved(1)

    def _moved(self, by: int) -> date:
        if self.kind == DAY:
            return self.first + timedelta(days=by)
        return add_months(self.first, by if self.kind == MONTH else 12 * by)

    def beside(self, by: int) -> Span:
        """The one before (-1) or the next (1)."""
        return Span(self.kind, self._moved(by))

    @property
    def wider(self) -> Span | None:
        """The month of a day, the year of a month."""
        if self.kind == YEAR:
            return None
        if self.kind == MONTH:
            return Span(YEAR, self.first.replace(month=1))
        return Span(MONTH, self.first.replace(day=1))

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its first moment, and the first after it."""
        return _midnight(self.first, zone), _midnight(self.after, zone)

    def parts(self) -> Iterator[datetime]:
        """The beginning of each part, as the clock shows it."""
        moment, end = datetime.combine(self.first, time()), datetime.combine(self.after, time())
        while moment < end:
            yield moment
            moment = self.next_part(moment)

    def next_part(self, moment: datetime) -> datetime:
        if self.kind == YEAR:
            return datetime.combine(add_months(moment.date(), 1), time())
        return moment + (timedelta(days=1) if self.kind == MONTH else timedelta(hours=1))

    def part_of(self, local: datetime) -> datetime:
        """The part in which a moment of the compound's clock lies."""
        hour = local.replace(minute=0, second=0, microsecond=0, tzinfo=None)
        if self.kind == DAY:
            return hour
        return hour.replace(hour=0) if self.kind == MONTH else hour.replace(day=1, hour=0)

    def narrower(self, part: datetime) -> Span | None:
        """One of its parts as a span of its own; an hour is none."""
        if self.kind == DAY:
            return None
        return Span(DAY if self.kind == MONTH else MONTH, part.date())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
