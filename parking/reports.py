"""What a car park did in a day, a month or a year: cars, how full it was, what it earned.

Counted by the database over indexes of time; hours are cut in UTC, so that no row is converted one
by one, and named in the compound's time (whose difference from UTC is taken as whole hours).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, F, Func, Q, Sum

from community.models import Compound
from parking.models import Area, Charge, Debt, ParkedAs, Payment, Refund, Stay, Tariff
from parking.spans import MONTH, Span

HOUR = timedelta(hours=1)
Hours = Counter[datetime]


class UtcHour(Func):
    """A moment's hour as text, such as 2026-05-10 04, in UTC."""

    output_field = CharField()
    function = "to_char"
    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24')"

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="substr(%(expressions)s, 1, 13)", **more)


@dataclass
class Slot:
    """An hour, a day, a month. Money in fen: what came in less what was given back."""

    entered: int = 0
    left: int = 0
    most_inside: int = 0
    earned_fen: int = 0
    #: What the stays cost that ended then, paid or not.
    charged_fen: int = 0


@dataclass(frozen=True)
class Report:
    """``parts`` are those of the span, by their beginning on the compound's clock; ``hours`` the 24
    hours of a day, summed over the span, ``most_inside`` their highest."""

    span: Span
    parts: dict[datetime, Slot]
    hours: list[Slot]
    by_right: dict[str, int]
    total: Slot = field(default_factory=Slot)
    #: Debts that began in the span and are owed still: how many, and how much.
    debts: int = 0
    owed_fen: int = 0
    has_income: bool = False

    @property
    def is_empty(self) -> bool:
        found = self.total
        return not (found.entered or found.left or found.earned_fen or found.most_inside)


@dataclass(frozen=True)
class Money:
    """By the hour, where the compound charges at all."""

    earned: Hours
    charged: Hours
    debts: int
    owed_fen: int


def month(compound: Compound, first_day: date, area: Area | None = None) -> Report:
    """The month that begins on ``first_day``."""
    return of(compound, Span(MONTH, first_day), area)


def of(compound: Compound, span: Span, area: Area | None = None) -> Report:
    """A span of the whole compound, or of one area; the money is the whole compound's only.

    Nine queries, whatever the number of stays.
    """
    zone = ZoneInfo(compound.timezone)
    start, end = span.bounds(zone)
    whole = area is None or area.whole
    stays = Stay.objects.of(compound).filter(area=None if whole else area)
    entered = _count_hours(stays, "entered_at", start, end)
    left = _count_hours(stays, "left_at", start, end)
    money = _money(compound, start, end) if whole else None
    found = Report(
        span, {part: Slot() for part in span.parts()}, [Slot() for _hour in range(24)],
        _by_right(stays, start, end), has_income=money is not None,
        debts=money.debts if money else 0, owed_fen=money.owed_fen if money else 0,
    )  # fmt: skip
    inside = _inside_at(stays, start)
    for moment in _hours(start, min(end, _now())):
        inside += entered[moment]
        slot = Slot(entered[moment], left[moment], inside)
        if money is not None:
            slot.earned_fen, slot.charged_fen = money.earned[moment], money.charged[moment]
        _add(found, moment.astimezone(zone), slot)
        inside -= left[moment]
    return found


def _now() -> datetime:
    return datetime.now(UTC)


def _hours(start: datetime, end: datetime) -> Iterator[datetime]:
    moment = start.astimezone(UTC)
    while moment < end:
        yield moment
        moment += HOUR


def _add(found: Report, local: datetime, hour: Slot) -> None:
    """``most_inside`` of an hour counts every car that stood there at some time of it."""
    part = found.parts.get(found.span.part_of(local))
    for slot in (part, found.hours[local.hour], found.total):
        if slot is not None:
            slot.entered += hour.entered
            slot.left += hour.left
            slot.earned_fen += hour.earned_fen
            slot.charged_fen += hour.charged_fen
            slot.most_inside = max(slot.most_inside, hour.most_inside)


def _count_hours(stays: Any, name: str, start: datetime, end: datetime) -> Hours:
    return _by_hour(stays, name, start, end, Count("pk"))


def _by_hour(rows: Any, name: str, start: datetime, end: datetime, figure: Any) -> Hours:
    """A figure of the rows of each hour, by the moment in the column ``name``."""
    within = rows.filter(**{f"{name}__gte": start, f"{name}__lt": end}).order_by()
    found = within.annotate(hour=UtcHour(name)).values_list("hour").annotate(figure=figure)
    return Counter({_moment(hour): number for hour, number in found})


def _moment(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")


def _inside_at(stays: Any, moment: datetime) -> int:
    """Cars inside at a moment: still there, or gone later."""
    later = Q(left_at__gte=moment) | Q(left_at=None)
    return int(stays.filter(later, entered_at__lt=moment).count())


def _by_right(stays: Any, start: datetime, end: datetime) -> dict[str, int]:
    """Stays that began in the span, by the right under which they parked."""
    within = stays.filter(entered_at__gte=start, entered_at__lt=end).order_by()
    rows = within.values_list("parked_as").annotate(number=Count("pk"))
    found = dict(rows)
    return {value: found[value] for value in ParkedAs.values if value in found}


def _money(compound: Compound, start: datetime, end: datetime) -> Money | None:
    """What came in by the hour in which it did; None where there are no prices."""
    if not Tariff.objects.of(compound).filter(switched_on_at__isnull=False).exists():
        return None
    paid: Any = Payment.objects.of(compound).settled()
    earned = _by_hour(paid, "paid_at", start, end, Sum("amount_fen"))
    back: Any = Refund.objects.of(compound).filter(state=Refund.State.DONE)
    earned.subtract(_by_hour(back, "done_at", start, end, Sum("amount_fen")))
    ended: Any = Charge.objects.of(compound).filter(is_final=True)
    charged = _by_hour(ended, "priced_until", start, end, Sum("total_fen"))
    debts: Any = Debt.objects.of(compound).open()
    debts = debts.filter(created_at__gte=start, created_at__lt=end)
    told = debts.aggregate(number=Count("pk"), fen=Sum(F("amount_fen")))
    return Money(earned, charged, told["number"], told["fen"] or 0)
