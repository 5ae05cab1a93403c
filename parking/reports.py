"""What a car park did in a month: cars by hour and day, how full it was, what it earned.

Counted by the database over indexes of time; hours are cut in UTC, so that no row is converted one
by one, and named in the compound's time (whose difference from UTC is taken as whole hours).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Func, Q, Sum

from community.models import Compound
from parking.models import Area, Charge, ParkedAs, Stay, Tariff

HOUR = timedelta(hours=1)


class UtcHour(Func):
    """A moment's hour as text, such as 2026-05-10 04, in UTC."""

    output_field = CharField()
    function = "to_char"
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 13)", **more)


@dataclass
class Slot:
    """An hour of a day or a day of a month. Money in fen."""

    entered: int = 0
    left: int = 0
    most_inside: int = 0
    earned_fen: int = 0


@dataclass(frozen=True)
class Month:
    """``hours`` are the 24 hours of a day, summed over the month; ``most_inside`` their highest."""

    first_day: date
    days: dict[date, Slot]
    hours: list[Slot]
    by_right: dict[str, int]
    total: Slot = field(default_factory=Slot)
    has_income: bool = False


def month(compound: Compound, first_day: date, area: Area | None = None) -> Month:
    """The month that begins on ``first_day``: of the whole compound, or of one area.

    Seven queries, whatever the number of stays. Income is that of stays which ended in the month.
    """
    zone = ZoneInfo(compound.timezone)
    start, end = bounds(first_day, zone)
    whole = area is None or area.whole
    stays = Stay.objects.of(compound).filter(area=None if whole else area)
    entered = _by_hour(stays, "entered_at", start, end)
    left = _by_hour(stays, "left_at", start, end)
    earned = _income(compound, start, end) if whole else None
    found = Month(
        first_day, {day: Slot() for day in _days(first_day)}, [Slot() for _hour in range(24)],
        _by_right(stays, start, end), has_income=earned is not None,
    )  # fmt: skip
    inside = _inside_at(stays, start)
    for moment in _hours(start, end):
        inside += entered[moment]
        slot = Slot(entered[moment], left[moment], inside, (earned or Counter())[moment])
        _add(found, moment.astimezone(zone), slot)
        inside -= left[moment]
    return found


def bounds(first_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a month, and that of the next."""
    following = (first_day.replace(day=28) + timedelta(days=4)).replace(day=1)
    start, end = (datetime.combine(day, time.min, zone) for day in (first_day, following))
    return start, end


def _days(first_day: date) -> Iterator[date]:
    day = first_day
    while day.month == first_day.month:
        yield day
        day += timedelta(days=1)


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    moment = start.astimezone(UTC)
    while moment < end:
        yield moment
        moment += HOUR


def _add(found: Month, local: datetime, hour: Slot) -> None:
    """``most_inside`` of an hour counts every car that stood there at some time of it."""
    for slot in (found.days.get(local.date()), found.hours[local.hour], found.total):
        if slot is not None:
            slot.entered += hour.entered
            slot.left += hour.left
            slot.earned_fen += hour.earned_fen
            slot.most_inside = max(slot.most_inside, hour.most_inside)


def _by_hour(stays: Any, name: str, start: datetime, end: datetime) -> Counter[datetime]:
    within = stays.filter(**{f"{name}__gte": start, f"{name}__lt": end}).order_by()
    rows = within.annotate(hour=UtcHour(name)).values_list("hour").annotate(number=Count("pk"))
    return Counter({_moment(hour): number for hour, number in rows})


def _moment(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")


def _inside_at(stays: Any, moment: datetime) -> int:
    """Cars inside at a moment: still there, or gone later."""
    later = Q(left_at__gte=moment) | Q(left_at=None)
    return int(stays.filter(later, entered_at__lt=moment).count())


def _by_right(stays: Any, start: datetime, end: datetime) -> dict[str, int]:
    """Stays that began in the month, by the right under which they parked."""
    within = stays.filter(entered_at__gte=start, entered_at__lt=end).order_by()
    rows = within.values_list("parked_as").annotate(number=Count("pk"))
    found = dict(rows)
    return {value: found[value] for value in ParkedAs.values if value in found}


def _income(compound: Compound, start: datetime, end: datetime) -> Counter[datetime] | None:
    """What was paid for stays by the hour of their end; None where there are no prices."""
    if not Tariff.objects.of(compound).filter(switched_on_at__isnull=False).exists():
        return None
    rows: Any = Charge.objects.filter(
        compound=compound, priced_until__gte=start, priced_until__lt=end
    )
    rows = rows.filter(is_final=True).order_by().annotate(hour=UtcHour("priced_until"))
    sums = rows.values_list("hour").annotate(fen=Sum("paid_fen"))
    return Counter({_moment(hour): fen for hour, fen in sums})
