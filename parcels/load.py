"""What the lockers did in a month: parcels put in by hour and size, and each carrier's totals.

Counted from the trail of compartments, which outlives the parcels' own rows; hours are those of
the compound's clock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.db.models.functions import ExtractHour

from community.models import Compound
from parcels.models import Compartment, Parcel, ParcelStep

SIZES = tuple(Compartment.Size.values)


@dataclass(frozen=True)
class Totals:
    """One carrier's parcels that came in the month, by how they stand now."""

    carrier: str
    came: int
    fetched: int
    delivered: int
    returned: int
    here: int


@dataclass
class Load:
    """``hours``: 24 rows of how many were put in, by size. ``places``: compartments in order."""

    first_day: date
    hours: list[dict[str, int]]
    places: dict[str, int]
    taken: dict[str, int]
    carriers: list[Totals] = field(default_factory=list)

    @property
    def put_in(self) -> int:
        return sum(sum(hour.values()) for hour in self.hours)


def month_of(text: str, today: date) -> date:
    """The first day of ``2026-11``; of this month for anything else, or for one to come."""
    try:
        year, month = (int(part) for part in text.split("-"))
        found = date(year, month, 1)
    except (ValueError, OverflowError):
        return today.replace(day=1)
    return found if date(2000, 1, 1) <= found <= today else today.replace(day=1)


def before(first_day: date, months: int) -> date:
    """The first day of the month so many before."""
    count = first_day.year * 12 + first_day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def bounds(first_day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    ends = before(first_day, -1)
    return datetime.combine(first_day, time.min, zone), datetime.combine(ends, time.min, zone)


def of_month(compound: Compound, first_day: date) -> Load:
    """Four queries, whatever the number of parcels."""
    zone = ZoneInfo(compound.timezone)
    within = bounds(first_day, zone)
    places = Compartment.objects.filter(bank__compound=compound)
    steps = ParcelStep.objects.filter(
        what="stored", at__gte=within[0], at__lt=within[1], compartment__in=places.values("pk")
    )
    counted = steps.order_by().annotate(hour=ExtractHour("at", tzinfo=zone))
    hours = [dict.fromkeys(SIZES, 0) for _hour in range(24)]
    for row in counted.values("hour", "compartment__size").annotate(n=Count("pk")):
        hours[row["hour"]][row["compartment__size"]] = row["n"]
    return Load(first_day, hours, *_places(compound, places), _carriers(compound, within))


def _places(compound: Compound, places: Any) -> tuple[dict[str, int], dict[str, int]]:
    rows = places.filter(is_faulty=False).order_by().values_list("size").annotate(n=Count("pk"))
    here = Parcel.objects.filter(compound=compound, ended_at=None, compartment__isnull=False)
    taken = here.order_by().values_list("compartment__size").annotate(n=Count("pk"))
    none = dict.fromkeys(SIZES, 0)
    return none | dict(rows), none | dict(taken)


def _carriers(compound: Compound, within: tuple[datetime, datetime]) -> list[Totals]:
    here = Parcel.objects.filter(
        compound=compound, created_at__gte=within[0], created_at__lt=within[1]
    )
    told = here.exclude(state=Parcel.State.UNDONE).order_by().values("carrier__name")
    found = told.annotate(
        came=Count("pk"),
        fetched=Count("pk", filter=Q(state=Parcel.State.COLLECTED)),
        delivered=Count("pk", filter=Q(state=Parcel.State.DELIVERED)),
        returned=Count("pk", filter=Q(state=Parcel.State.RETURNED)),
        here=Count("pk", filter=Q(ended_at=None)),
    )
    names = ("came", "fetched", "delivered", "returned", "here")
    rows = found.values_list("carrier__name", *names)
    return sorted((Totals(*row) for row in rows), key=lambda one: (-one.came, one.carrier))
