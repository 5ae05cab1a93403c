"""Where a moment lies: its day, its window, and the window's edges."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from parking.tariffs.rules import CALENDAR, Rate, Rules, Window

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Moments:
    """The clock and calendar of one stay that ``begun`` at a moment, under one rate."""

    rules: Rules
    rate: Rate
    zone: tzinfo
    holidays: Collection[date]
    begun: datetime

    def window(self, at: datetime) -> Window:
        """The window that sells at a moment; checked rules have exactly one."""
        minute = self._minute(at)
        return next(each for each in self._sold(self._date(at)) if each.covers(minute))

    def edge(self, window: Window, at: datetime) -> datetime:
        """Where the window ends: a night goes on after midnight if the next day sells it too."""
        today = self._date(at)
        midnight = self._midnight(today + ONE)
        if window.is_whole_day:
            return midnight
        if window.crosses and self._minute(at) >= window.start:
            goes_on = window in self._sold(today + ONE)
            return midnight + timedelta(minutes=window.end if goes_on else 0)
        return self._midnight(today) + timedelta(minutes=window.end)

    def pass_start(self, window: Window, at: datetime) -> datetime:
        """Where this pass through the window began, whether the stay had begun by then or not."""
        today = self._date(at)
        if window.is_whole_day:
            return self._midnight(today)
        if window.crosses and self._minute(at) < window.end:
            came_on = window in self._sold(today - ONE)
            back = timedelta(minutes=window.start)
            return self._midnight(today - ONE) + back if came_on else self._midnight(today)
        return self._midnight(today) + timedelta(minutes=window.start)

    def day(self, at: datetime) -> int | date:
        """The day to whose cap a moment counts."""
        if self.rules.day_counts == CALENDAR:
            return self._date(at)
        return (at - self.begun) // ONE

    def day_end(self, at: datetime) -> datetime:
        if self.rules.day_counts == CALENDAR:
            return self._midnight(self._date(at) + ONE)
        return self.begun + ONE * ((at - self.begun) // ONE + 1)

    def _sold(self, day: date) -> tuple[Window, ...]:
        return self.rate.windows(day in self.holidays)

    def _date(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()

    def _minute(self, at: datetime) -> int:
        local = at.astimezone(self.zone)
        return local.hour * 60 + local.minute

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time.min, self.zone)
