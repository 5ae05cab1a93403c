"""What cars say of homes, told downward once a morning: who came home, which stranger stayed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from community.models import Compound
from parking.models import Stay, Vehicle
from residents import operations as residents

DAY = timedelta(days=1)
#: Nights that are looked at again: the job may have missed some.
AGAIN = 3
#: A car that entered longer ago has probably left unseen: it is no sign of anybody.
UNSEEN = timedelta(days=14)


def note_overnight(now: datetime | None = None) -> int:
    """Note unregistered cars that stayed the last nights, and homes whose cars came in.

    Returns the number of cars. Safe to run again; nights of cars registered since are erased.
    """
    now, total = now or timezone.now(), 0
    for compound in Compound.objects.order_by("pk"):
        today = timezone.localdate(now, ZoneInfo(compound.timezone))
        for back in range(AGAIN):
            day = today - back * DAY
            if residents.night_of(compound, day) <= now:
                total += _strangers(compound, day)
            _came_home(compound, day - DAY)
        _forget_registered(compound)
    return total


def _strangers(compound: Compound, day: date) -> int:
    """Cars that nobody registered and that were inside in the small hours of ``day``."""
    at = residents.night_of(compound, day)
    inside = (
        Stay.objects.of(compound).whole().filter(entered_at__lte=at, entered_at__gt=at - UNSEEN)
    )
    inside = inside.filter(Q(left_at=None) | Q(left_at__gt=at))
    known = Vehicle.objects.of(compound).registered().values("plate")
    rows = inside.exclude(plate__in=known).order_by().values_list("plate", flat=True).distinct()
    plates = [plate for plate in rows if plate]
    for plate in plates:
        residents.record_sign(
            "car_night",
            compound=compound,
            source="car",
            key=f"{plate}:{day}",
            on=day,
            unit=_home(compound, plate, at),
            plate=plate,
        )
    return len(plates)


def _home(compound: Compound, plate: str, at: datetime) -> int | None:
    """The home that had this car registered once, or whose visitor comes with it."""
    once = Vehicle.objects.of(compound).filter(plate=plate, unit__isnull=False).order_by("-pk")
    found: int | None = once.values_list("unit_id", flat=True).first()
    return found or residents.home_awaiting(compound, plate, at)


def _came_home(compound: Compound, day: date) -> None:
    """Homes whose registered cars came in on a day: somebody lives there."""
    start = residents.night_of(compound, day)
    came = (
        Stay.objects.of(compound).whole().filter(entered_at__gte=start, entered_at__lt=start + DAY)
    )
    rows = came.filter(vehicle__ended_at=None, vehicle__unit__isnull=False).order_by()
    for unit in set(rows.values_list("vehicle__unit_id", flat=True)):
        residents.record_sign(
            "entry", compound=compound, source="car", key=f"{unit}:{day}", on=day, unit=unit
        )


def _forget_registered(compound: Compound) -> None:
    seen = residents.plates_seen(compound)
    known = Vehicle.objects.of(compound).registered().filter(plate__in=seen)
    plates = set(known.values_list("plate", flat=True))
    if plates:
        residents.forget_cars(compound, plates)
