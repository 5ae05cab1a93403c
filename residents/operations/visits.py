"""Visits: invited, come, gone, revoked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community import events, notifications
from community.models import Unit, User
from residents import rules, ways
from residents.models import Person, Visit, VisitPlate, VisitStay
from residents.operations import spoken, visit_rules
from residents.operations.visit_rules import OVERSTAY
from residents.reaching import reader

#: News of an arrival is none after this.
TOLD_WITHIN = timedelta(minutes=30)


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
    visit_rules.check_period(kind, starts_at, ends_at)
    visit_rules.check_counts(people, most_entries)
    values = {"name": rules.clean_name(name), "phone": rules.clean_phone(phone)}
    cars = visit_rules.clean_plates(plates)
    with events.writing():
        Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        visit_rules.check_host(unit, host)
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
            **spoken.fresh(unit),
            on_behalf=on_behalf,
            is_walk_in=is_walk_in,
            created_by=actor,
            **values,
        )
        _name_cars(visit, cars)
        record("residents.visit_invited", visit, actor)
    return visit


def _name_cars(visit: Visit, plates: Sequence[str]) -> None:
    rows = (VisitPlate(compound_id=visit.compound_id, visit=visit, plate=plate) for plate in plates)
    VisitPlate.objects.bulk_create(rows)


def revoke_visit(visit: Visit, *, actor: User | None = None) -> Visit:
    """The pass opens nothing from now on. Said twice, it counts once."""
    with events.writing():
        held = locked_visit(visit.pk)
        if held.revoked_at is None:
            held.revoked_at, held.revoked_by = timezone.now(), actor
            held.save(update_fields=["revoked_at", "revoked_by"])
            record("residents.visit_revoked", held, actor)
    return held


def count_entry(visit: Visit | int, at: datetime) -> bool:
    """Use one entry of a pass at ``at``; False where it has none left, or is none any more."""
    key = visit if isinstance(visit, int) else visit.pk
    with events.writing():
        held = locked_visit(key)
        if held.revoked_at is not None or not visit_rules.opens_from(held) <= at < held.ends_at:
            return False
        if held.most_entries is not None and held.entries >= held.most_entries:
            return False
        held.entries += 1
        held.save(update_fields=["entries"])
    return True


def revoke_visits_of(host: Person, unit: Unit, *, actor: User | None = None) -> int:
    """Passes that somebody gave for a home where they live no more; the number revoked."""
    rows = Visit.objects.filter(host=host, unit=unit, revoked_at=None, ends_at__gt=timezone.now())
    found = list(rows.order_by("pk"))
    for visit in found:
        revoke_visit(visit, actor=actor)
    return len(found)


def visitor_arrived(
    visit: Visit | int,
    *,
    passage_id: int,
    at: datetime,
    plate: str = "",
    actor: User | None = None,
) -> VisitStay:
    """The gate saw them enter; a passage counts once, whatever repeats it. The host is told."""
    key = visit if isinstance(visit, int) else visit.pk
    with events.writing():
        held = locked_visit(key)
        known = VisitStay.objects.filter(passage_id=passage_id).first()
        if known is not None:
            return known
        if held.bearer_id is not None:
            _was_outside(held, at)
        stay: VisitStay = VisitStay.objects.create(
            compound_id=held.compound_id,
            visit=held,
            passage_id=passage_id,
            plate=plate,
            entered_at=at,
        )
        record("residents.visitor_arrived", held, actor, stay=stay.pk)
        _tell_host(held, stay)
    return stay


def _was_outside(visit: Visit, at: datetime) -> None:
    """One person who comes again has left meanwhile, also where nobody saw it."""
    for stay in VisitStay.objects.inside().filter(visit=visit):
        stay.left_at, stay.left_by = max(at, stay.entered_at), "came_again"
        stay.save(update_fields=["left_at", "left_by"])


def _tell_host(visit: Visit, stay: VisitStay) -> None:
    """Once for each coming; nobody is told of it long after."""
    if visit.host is not None:
        notifications.tell(
            reader(visit.host),
            "residents.visitor_arrived",
            compound=visit.compound,
            key=f"visitor_arrived:{stay.pk}",
            facts={"visit": visit.pk},
            expires_at=timezone.now() + TOLD_WITHIN,
        )


def visitor_left(
    visit: Visit | int,
    *,
    at: datetime,
    plate: str = "",
    how: str = "gate",
    actor: User | None = None,
) -> int:
    """All of the visit who are inside have left; the number of stays ended.

    With a ``plate`` those who came by that car, where any did.
    """
    key = visit if isinstance(visit, int) else visit.pk
    with events.writing():
        held = locked_visit(key)
        inside = list(VisitStay.objects.inside().filter(visit=held))
        inside = [stay for stay in inside if plate and stay.plate == plate] or inside
        for stay in inside:
            stay.left_at, stay.left_by = max(at, stay.entered_at), how
            stay.save(update_fields=["left_at", "left_by"])
        if inside:
            record("residents.visitor_left", held, actor, how=how)
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
                record("residents.visit_overstayed", stay.visit, None, stay=stay.pk)
                told += 1
    return told


def locked_visit(pk: int) -> Visit:
    """The visit as it stands, held until the transaction ends. Raises Visit.DoesNotExist."""
    row: Visit = Visit.objects.select_for_update(of=("self",)).get(pk=pk)
    return row


def record(kind: str, visit: Visit, actor: User | None, **told: Any) -> None:
    """One line in the ledger about a visit: ids and codes only."""
    events.record(
        kind,
        compound=visit.compound_id,
        actor=actor,
        visit=visit.pk,
        unit=visit.unit_id,
        means=visit.kind,
        **told,
    )
