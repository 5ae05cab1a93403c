"""Visits: invited, come, gone, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from community.vision import grammar
from residents import rules, ways
from residents.models import Person, Residency, Visit, VisitStay

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


def invite(
    unit: Unit,
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    host: Person | None = None,
    kind: str = Visit.Kind.GUEST,
    phone: str = "",
    plates: Sequence[str] = (),
    people: int = 1,
    most_entries: int | None = 1,
    on_behalf: bool = False,
    is_walk_in: bool = False,
    actor: User | None = None,
) -> Visit:
    """Give a pass for a home. ``most_entries`` None: any number of times until the end.

    Raises ValidationError, and then there is no pass.
    """
    _check_period(kind, starts_at, ends_at)
    _check_counts(people, most_entries)
    values = {
        "name": rules.clean_name(name),
        "phone": rules.clean_phone(phone),
        "plates": _clean_plates(plates),
    }
    with events.writing():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        _check_host(unit, host)
        secret = ways.new_pass()
        visit: Visit = Visit.objects.create(
            compound_id=unit.compound_id,
            unit=unit,
            host=host,
            kind=kind,
            people=people,
            starts_at=starts_at,
            ends_at=ends_at,
            most_entries=most_entries,
            digest=ways.pass_digest(secret),
            secret=secret,
            on_behalf=on_behalf,
            is_walk_in=is_walk_in,
            created_by=actor,
            **values,
        )
        _record("residents.visit_invited", visit, actor)
    return visit


def revoke_visit(visit: Visit, *, actor: User | None = None) -> Visit:
    """The pass opens nothing from now on. Said twice, it counts once."""
    with events.writing():
        held = locked_visit(visit.pk)
        if held.revoked_at is None:
            held.revoked_at, held.revoked_by = timezone.now(), actor
            held.save(update_fields=["revoked_at", "revoked_by"])
            _record("residents.visit_revoked", held, actor)
    return held


def visitor_arrived(
    visit: Visit | int, *, passage_id: int, at: datetime, actor: User | None = None
) -> VisitStay:
    """The gate saw them enter; a passage counts once, whatever repeats it."""
    key = visit if isinstance(visit, int) else visit.pk
    with events.writing():
        held = locked_visit(key)
        known = VisitStay.objects.filter(passage_id=passage_id).first()
        if known is not None:
            return known
        stay: VisitStay = VisitStay.objects.create(
            compound_id=held.compound_id, visit=held, passage_id=passage_id, entered_at=at
        )
        _record("residents.visitor_arrived", held, actor, stay=stay.pk)
    return stay


def visitor_left(
    visit: Visit | int, *, at: datetime, how: str = "gate", actor: User | None = None
) -> int:
    """All of the visit who are inside have left; the number of stays ended."""
    key = visit if isinstance(visit, int) else visit.pk
    with events.writing():
        held = locked_visit(key)
        inside = list(VisitStay.objects.inside().filter(visit=held))
        for stay in inside:
            stay.left_at, stay.left_by = max(at, stay.entered_at), how
            stay.save(update_fields=["left_at", "left_by"])
        if inside:
            _record("residents.visitor_left", held, actor, how=how)
    return len(inside)


def find_overstays(now: datetime | None = None) -> int:
    """Tell of visits whose time is over and who are still inside, once each; the number told."""
    now = now or timezone.now()
    late = VisitStay.objects.inside().filter(
        visit__ends_at__lt=now - OVERSTAY, overstay_told_at=None
    )
    told = 0
    for pk in list(late.values_list("pk", flat=True)[:500]):
        with events.writing():
            stay = VisitStay.objects.select_for_update(of=("self",)).get(pk=pk)
            if stay.left_at is None and stay.overstay_told_at is None:
                stay.overstay_told_at = now
                stay.save(update_fields=["overstay_told_at"])
                _record("residents.visit_overstayed", stay.visit, None, stay=stay.pk)
                told += 1
    return told


def locked_visit(pk: int) -> Visit:
    """The visit as it stands, held until the transaction ends. Raises Visit.DoesNotExist."""
    row: Visit = Visit.objects.select_for_update(of=("self",)).get(pk=pk)
    return row


def _check_period(kind: str, starts_at: datetime, ends_at: datetime) -> None:
    if kind not in Visit.Kind.values:
        raise rules.fault("kind", "kind_unknown", _("Choose what kind of visit it is."))
    if ends_at <= starts_at:
        raise rules.fault("ends_at", "ends_before_start", _("The end is before the start."))
    if ends_at <= timezone.now():
        raise rules.fault("ends_at", "ended_already", _("This time is over. Choose a later end."))
    if ends_at - starts_at > LONGEST[Visit.Kind(kind)]:
        text = _("A pass of this kind cannot last so long. Choose an earlier end.")
        raise rules.fault("ends_at", "too_long", text)


def _check_counts(people: int, most_entries: int | None) -> None:
    if not 1 <= people <= MOST_PEOPLE:
        raise rules.fault("people", "people_invalid", _("Say how many come, 1 to 50."))
    if most_entries is not None and not 1 <= most_entries <= MOST_ENTRIES:
        text = _("Say how often they may enter, 1 to 200.")
        raise rules.fault("most_entries", "times_invalid", text)


def _clean_plates(plates: Sequence[str]) -> list[str]:
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


def _check_host(unit: Unit, host: Person | None) -> None:
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


def _record(kind: str, visit: Visit, actor: User | None, **told: Any) -> None:
    events.record(
        kind,
        compound=visit.compound_id,
        actor=actor,
        visit=visit.pk,
        unit=visit.unit_id,
        means=visit.kind,
        **told,
    )
