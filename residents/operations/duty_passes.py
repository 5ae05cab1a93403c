"""Passes of the day for people who work here and live nowhere: couriers. A verb for upper apps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, User
from residents import rules, ways
from residents.models import Visit, VisitPlate
from residents.operations import visit_rules
from residents.operations.visits import record, revoke_visit

#: No pass of the day lasts longer.
LONGEST = timedelta(hours=24)
#: Cars that one pass may name in a day: a changed van, not a convoy.
MOST_CARS = 2


def pass_of_day(
    bearer: User,
    *,
    compound: Compound,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    most_entries: int,
    plate: str = "",
    actor: User | None = None,
) -> Visit:
    """The bearer's pass until ``ends_at``; asked for again it is the same one, with one car more.

    One that was taken back stays so: there is no second one for the same time. Raises
    ValidationError for a time that is over, a plate that is none, or too many cars.
    """
    _check(starts_at, ends_at, most_entries)
    cars = visit_rules.clean_plates([plate]) if plate.strip() else []
    with events.writing():
        User.objects.select_for_update(of=("self",)).get(pk=bearer.pk)
        held = _held(bearer, compound, starts_at, ends_at)
        if held is None:
            made = Visit(
                compound=compound, bearer=bearer, kind=Visit.Kind.COURIER, starts_at=starts_at,
                name=rules.clean_name(name), ends_at=ends_at, most_entries=most_entries,
            )  # fmt: skip
            held = _made(made, actor)
        elif held.revoked_at is not None:
            text = _("Your pass of today was taken back. Please ask at the desk.")
            raise rules.fault("pass", "pass_revoked", text)
        _add_cars(held, cars, actor)
    return held


def _check(starts_at: datetime, ends_at: datetime, most_entries: int) -> None:
    if not timedelta() < ends_at - starts_at <= LONGEST:
        raise rules.fault("ends_at", "too_long", _("A pass of the day lasts a day at most."))
    if ends_at <= timezone.now():
        raise rules.fault("ends_at", "ended_already", _("The hours of delivery are over today."))
    visit_rules.check_counts(1, most_entries)


def _held(bearer: User, compound: Compound, starts_at: datetime, ends_at: datetime) -> Visit | None:
    rows = Visit.objects.filter(compound=compound, bearer=bearer)
    rows = rows.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).order_by("-pk")
    found: Visit | None = rows.select_for_update(of=("self",)).first()
    return found


def _made(visit: Visit, actor: User | None) -> Visit:
    visit.secret = ways.new_pass()
    visit.digest, visit.created_by = ways.pass_digest(visit.secret), actor
    visit.save()
    record("residents.pass_of_day_made", visit, actor)
    return visit


def _add_cars(visit: Visit, cars: Sequence[str], actor: User | None) -> None:
    known = set(visit.cars.values_list("plate", flat=True))
    new = [plate for plate in cars if plate not in known]
    if not new:
        return
    if len(known) + len(new) > MOST_CARS:
        text = _("This pass names two cars already. Please ask the guard.")
        raise rules.fault("plate", "too_many_plates", text)
    rows = (VisitPlate(compound_id=visit.compound_id, visit=visit, plate=plate) for plate in new)
    VisitPlate.objects.bulk_create(rows)
    record("residents.pass_car_named", visit, actor)


def passes_of_bearer(bearer: User, compound: Compound | int) -> Any:
    """The bearer's passes in a compound that are not over, the next to end first."""
    key = compound if isinstance(compound, int) else compound.pk
    rows = Visit.objects.filter(bearer=bearer, compound_id=key, ends_at__gt=timezone.now())
    return rows.prefetch_related("cars").order_by("ends_at", "pk")


def end_passes_of(bearer: User, compound: Compound | int, *, actor: User | None = None) -> int:
    """The bearer's duty is over: no pass of theirs opens anything any more; the number ended."""
    found = list(passes_of_bearer(bearer, compound).filter(revoked_at=None))
    for visit in found:
        revoke_visit(visit, actor=actor)
    return len(found)
