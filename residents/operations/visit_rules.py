"""What a visit must be like: its time, its counts, its cars and its host."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models import Unit
from community.vision import grammar
from residents import rules
from residents.models import Person, Residency, Visit

#: The longest pass of each kind.
LONGEST = {
    Visit.Kind.GUEST: timedelta(days=90),
    Visit.Kind.COURIER: timedelta(hours=12),
    Visit.Kind.TRADE: timedelta(days=14),
}
#: How early somebody invited for a time of day may come, and how late they may still leave.
BEFORE = timedelta(minutes=30)
OVERSTAY = timedelta(hours=1)
MOST_PEOPLE, MOST_PLATES, MOST_ENTRIES, MOST_LIVE = 50, 5, 200, 60


def check_period(kind: str, starts_at: datetime, ends_at: datetime) -> None:
    if kind not in Visit.Kind.values:
        raise rules.fault("kind", "kind_unknown", _("Choose what kind of visit it is."))
    if ends_at <= starts_at:
        raise rules.fault("ends_at", "ends_before_start", _("The end is before the start."))
    if ends_at <= timezone.now():
        raise rules.fault("ends_at", "ended_already", _("This time is over. Choose a later end."))
    if ends_at - starts_at > LONGEST[Visit.Kind(kind)]:
        text = _("A pass of this kind cannot last so long. Choose an earlier end.")
        raise rules.fault("ends_at", "too_long", text)


def opens_from(visit: Visit) -> datetime:
    """From when a pass lets in: guests may be early, hours of delivery are hours."""
    return visit.starts_at - BEFORE if visit.unit_id is not None else visit.starts_at


def stands(visit: Visit, day: date) -> bool:
    """Whether there is still what it follows from: somebody lives there, or the bearer works."""
    if visit.bearer is not None:
        return visit.bearer.is_active and "courier" in visit.bearer.roles_in(visit.compound_id)
    return Residency.objects.current(day).filter(unit=visit.unit_id).exists()


def check_counts(people: int, most_entries: int | None) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise rules.fault("people", "people_invalid", _("Say how many come, 1 to 50."))
    if most_entries is not None and not 1 <= most_entries <= MOST_ENTRIES:
        text = _("Say how often they may enter, 1 to 200.")
        raise rules.fault("most_entries", "times_invalid", text)


def clean_plates(plates: Sequence[str]) -> list[str]:
    if len(plates) > MOST_PLATES:
        raise rules.fault("plates", "too_many_plates", _("At most five cars for one visit."))
    good = []
    for plate in plates:
        right = grammar.parse(plate)
        if right is None or not grammar.is_plate(right):
            text = _("This is no whole plate. Type it as on the car.")
            raise rules.fault("plates", "plate_invalid", text)
        good.append(right)
    return sorted(set(good))


def check_host(unit: Unit, host: Person | None) -> None:
    today = timezone.localdate()
    if host is not None:
        here = Residency.objects.current(today).filter(person=host, unit=unit)
        if not here.exists():
            text = _("The host does not live in this home now.")
            raise rules.fault("host", "lives_elsewhere", text)
    live = Visit.objects.filter(unit=unit, revoked_at=None, ends_at__gt=timezone.now())
    if live.count() >= MOST_LIVE:
        text = _("This home has many open passes. Revoke some of them first.")
        raise rules.fault("unit", "too_many_visits", text)
