"""Signs of life at homes, told by the apps above: short-lived, one a day, no faces, no couriers.

A sign gets no line in the ledger: the ledger is kept for years, a sign for weeks.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q

from community import events
from community.models import Compound, Unit
from residents.models import Person, Sign, Visit, VisitStay

#: Who is here at this hour of a night stayed overnight.
NIGHT = time(3)
#: A car or visitor not seen to leave for longer has probably left unseen.
UNSEEN = timedelta(days=1)


def record_sign(
    kind: str,
    *,
    compound: Compound | int,
    source: str,
    key: str,
    on: date,
    unit: Unit | int | None = None,
    person: Person | int | None = None,
    plate: str = "",
) -> Sign:
    """Note that a home, person or car was seen on a day; the same ``source`` and ``key`` again
    changes nothing. ``unit`` and ``person`` may be ids of the same compound.

    Raises ValueError for a source that may not tell (faces and couriers never do), or for a sign
    of nothing.
    """
    if kind not in Sign.Kind.values or source not in Sign.Source.values:
        raise ValueError(f"{source} tells no {kind}")
    if unit is None and person is None and not plate:
        raise ValueError("a sign of nothing")
    values = {
        "kind": kind,
        "on": on,
        "unit_id": unit.pk if isinstance(unit, Unit) else unit,
        "person_id": person.pk if isinstance(person, Person) else person,
        "plate": plate,
    }
    place = compound if isinstance(compound, int) else compound.pk
    with events.writing():
        row, _created = Sign.objects.get_or_create(
            compound_id=place, source=source, key=key[:60], defaults=values
        )
    sign: Sign = row
    return sign


def night_of(compound: Compound, day: date) -> datetime:
    """The moment that decides who stayed overnight, on the morning of ``day``."""
    return datetime.combine(day, NIGHT, ZoneInfo(compound.timezone))


def note_pass_nights(compound: Compound, day: date) -> int:
    """Note each visitor's pass that stayed the night before ``day``; the number of stays.

    Where nothing sees people leave, an entry stands for one night only. Couriers are left out.
    """
    at = night_of(compound, day)
    inside = Q(left_at__gt=at) | Q(left_at=None, entered_at__gt=at - UNSEEN)
    stays = VisitStay.objects.of(compound).filter(inside, entered_at__lte=at, visit__ends_at__gt=at)
    rows = stays.exclude(visit__kind=Visit.Kind.COURIER).values_list("pk", "visit__unit_id")
    for pk, unit in rows:
        record_sign(
            Sign.Kind.PASS_NIGHT,
            compound=compound,
            source=Sign.Source.PASS,
            key=f"stay:{pk}:{day}",
            on=day,
            unit=unit,
        )
    return len(rows)


def home_awaiting(compound: Compound, plate: str, at: datetime) -> int | None:
    """The id of the home whose visitor comes with this car at ``at``; couriers are nobody's."""
    live = Visit.objects.of(compound).filter(starts_at__lte=at, ends_at__gt=at, revoked_at=None)
    rows = live.filter(cars__plate=plate).exclude(kind=Visit.Kind.COURIER).order_by("-pk")
    home: int | None = rows.values_list("unit_id", flat=True).first()
    return home


def plates_seen(compound: Compound) -> set[str]:
    """Cars that were noted as unregistered overnight."""
    rows = Sign.objects.of(compound).filter(kind=Sign.Kind.CAR_NIGHT)
    return set(rows.order_by().values_list("plate", flat=True).distinct())


def forget_cars(compound: Compound, plates: Iterable[str]) -> int:
    """Erase the nights of cars that are registered by now; the number of signs."""
    with events.writing():
        rows = Sign.objects.of(compound).filter(kind=Sign.Kind.CAR_NIGHT, plate__in=list(plates))
        return int(rows.delete()[0])
