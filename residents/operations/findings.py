"""The rules of the weighing: each reads files and signs of one compound, and says what it found.

``answered`` has the day on which a subject was answered last: what was seen until then is settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q
from django.db.models.functions import Coalesce

from community.models import Compound
from residents.models import (
    Lease,
    Registration,
    Residency,
    Sign,
    SignalKind,
    SignalRule,
    WayIn,
)
from residents.operations.signs import night_of

#: What each day more than the rule asks for adds, and what all of them add at most.
MORE, MOST_MORE = 3, 30
Answered = Mapping[str, date]


@dataclass(frozen=True)
class Finding:
    """``evidence`` holds numbers, ids and ISO days: its words are made when it is read."""

    subject: str
    weight: int
    unit: int | None = None
    person: int | None = None
    plate: str = ""
    evidence: dict[str, Any] = field(default_factory=dict)


def lease_over(
    compound: Compound, rule: SignalRule, today: date, answered: Answered
) -> Iterable[Finding]:
    """The tenant's lease is over, none follows, and they go on coming in."""
    since = today - timedelta(days=rule.days)
    seen = _days(compound, Sign.Kind.ENTRY, since, today, "person_id", "unit_id")
    people = {person for person, _unit in seen if person}
    for lease in _over(compound, today):
        if lease.tenant_id not in people:
            continue
        name, unit = f"lease:{lease.pk}", lease.letting.unit_id
        after = max(lease.over_on, answered.get(name, lease.over_on))
        days = sorted(day for day in seen[lease.tenant_id, unit] if day > after)
        if len(days) >= rule.times:
            evidence = {"lease": lease.pk, "ended": lease.over_on.isoformat()}
            yield Finding(
                name,
                _weight(rule, len(days)),
                unit,
                lease.tenant_id,
                evidence=evidence | _told(days, rule),
            )


def _over(compound: Compound, today: date) -> Any:
    """Leases that are over, without those whose tenant has a later one or another right there."""
    rows: Any = Lease.objects.of(compound).filter(tenant__isnull=False)
    rows = rows.annotate(over_on=Coalesce("ended_on", "ends_on")).filter(over_on__lt=today)
    later = Lease.objects.annotate(until=Coalesce("ended_on", "ends_on")).filter(
        tenant=OuterRef("tenant"),
        letting__unit=OuterRef("letting__unit"),
        until__gt=OuterRef("over_on"),
    )
    other = Residency.objects.current(today).filter(
        person=OuterRef("tenant"), unit=OuterRef("letting__unit")
    )
    rows = rows.exclude(Exists(later)).exclude(Exists(other.exclude(kind="tenant")))
    return rows.select_related("letting").order_by("pk")


def no_life(
    compound: Compound, rule: SignalRule, today: date, answered: Answered
) -> Iterable[Finding]:
    """Registered, with a way in, and neither seen nor their home's car for a long time.

    Who has no way in leaves no signs, and where nothing was noted so long ago nobody can be missed.
    """
    cut = today - timedelta(days=rule.days)
    if not Sign.objects.of(compound).filter(on__lte=cut).exists():
        return
    for row in _silent(compound, cut):
        name = f"registration:{row.pk}"
        if answered.get(name, cut) <= cut:
            evidence: dict[str, Any] = {"registration": row.pk, "within": rule.days}
            if row.used_at is not None:
                evidence["last"] = row.used_at.date().isoformat()
            yield Finding(name, rule.weight, row.unit_id, row.person_id, evidence=evidence)


def _silent(compound: Compound, cut: date) -> Any:
    start = night_of(compound, cut)
    ways = WayIn.objects.active().filter(person=OuterRef("person"))
    signs = Sign.objects.of(compound).filter(on__gt=cut, kind=Sign.Kind.ENTRY)
    theirs = signs.filter(Q(person=OuterRef("person")) | Q(person=None, unit=OuterRef("unit")))
    rows = Registration.objects.of(compound).live().filter(person__isnull=False)
    rows = rows.filter(Q(moved_in_on__lte=cut) | Q(moved_in_on=None, accepted_at__lt=start))
    rows = rows.filter(Exists(ways.filter(issued_at__lt=start)))
    rows = rows.exclude(Exists(ways.filter(last_used_at__gte=start))).exclude(Exists(theirs))
    return rows.annotate(used_at=Max("person__ways_in__last_used_at")).only(
        "unit", "person"
    ).order_by("pk")  # fmt: skip


def pass_nights(
    compound: Compound, rule: SignalRule, today: date, answered: Answered
) -> Iterable[Finding]:
    """Visitors of one home stay many nights: perhaps somebody lives there."""
    since = today - timedelta(days=rule.days)
    for (unit,), days in _days(compound, Sign.Kind.PASS_NIGHT, since, today, "unit_id").items():
        if (one := _many(f"unit:{unit}", days, rule, answered)) is not None:
            yield Finding(one.subject, one.weight, unit, evidence=one.evidence)


def car_nights(
    compound: Compound, rule: SignalRule, today: date, answered: Answered
) -> Iterable[Finding]:
    """A car that nobody registered stays night after night."""
    since = today - timedelta(days=rule.days)
    rows = Sign.objects.of(compound).filter(kind=Sign.Kind.CAR_NIGHT, unit__isnull=False)
    homes = dict(rows.order_by("on").values_list("plate", "unit_id"))
    for (plate,), days in _days(compound, Sign.Kind.CAR_NIGHT, since, today, "plate").items():
        if (one := _many(f"plate:{plate}", days, rule, answered)) is not None:
            unit = homes.get(plate)
            yield Finding(one.subject, one.weight, unit, plate=plate, evidence=one.evidence)


def _many(name: str, days: set[date], rule: SignalRule, answered: Answered) -> Finding | None:
    counted = sorted(day for day in days if day > answered.get(name, date.min))
    if len(counted) < rule.times:
        return None
    return Finding(name, _weight(rule, len(counted)), evidence=_told(counted, rule))


def _days(
    compound: Compound, kind: str, since: date, today: date, *columns: str
) -> defaultdict[tuple[Any, ...], set[date]]:
    """The days after ``since`` on which each was seen."""
    rows = Sign.objects.of(compound).filter(kind=kind, on__gt=since, on__lte=today)
    found: defaultdict[tuple[Any, ...], set[date]] = defaultdict(set)
    for *key, day in rows.order_by().values_list(*columns, "on").iterator(chunk_size=2000):
        found[tuple(key)].add(day)
    return found


def _weight(rule: SignalRule, days: int) -> int:
    return int(min(100, rule.weight + min(MOST_MORE, MORE * (days - rule.times))))


def _told(days: list[date], rule: SignalRule) -> dict[str, Any]:
    return {
        "days": len(days),
        "first": days[0].isoformat(),
        "last": days[-1].isoformat(),
        "within": rule.days,
    }


FINDERS: dict[str, Callable[[Compound, SignalRule, date, Answered], Iterable[Finding]]] = {
    SignalKind.LEASE_OVER: lease_over,
    SignalKind.NO_LIFE: no_life,
    SignalKind.PASS_NIGHTS: pass_nights,
    SignalKind.CAR_NIGHTS: car_nights,
}
