"""Moving in and moving out: one guided deed each, all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community import operations as floor
from community.models import Role, Unit, User
from residents import codes, rules
from residents.models import Household, Lease, Person, Registration, Residency
from residents.operations import homes, registrations, residencies, terms, visits, ways_in

#: Days for which a clock that stood still catches up with ended roles.
LAPSED_WITHIN = 30


@dataclass(frozen=True)
class Mover:
    """Somebody who moves in: ``relation`` to the head; ``registers`` where the law asks for it."""

    person: Person
    kind: str
    relation: str = ""
    registers: bool = False


@dataclass(frozen=True)
class MovedIn:
    residencies: list[Residency]
    household: Household
    registrations: list[Registration]


@dataclass(frozen=True)
class MovedOut:
    """``left`` are the residencies that ended, ``gone`` the people who live here no more."""

    left: list[Residency]
    gone: list[Person]
    registrations: int
    leases: int


def move_in(
    unit: Unit,
    movers: Sequence[Mover],
    *,
    on: date,
    lease_to: date | None = None,
    actor: User | None = None,
) -> MovedIn:
    """A household moves in: residencies, household, lease and forms to register, all at once.

    The first mover is the head. Raises ValidationError, and then nothing of it has happened.
    """
    if not movers:
        raise rules.fault("people", "nobody", _("Name at least one person who moves in."))
    with events.writing():
        rows = [
            residencies.add_residency(
                person=mover.person, unit=unit, kind=mover.kind, started_on=on, actor=actor
            )
            for mover in movers
        ]
        others = [
            (row, mover.relation or codes.Relation.OTHER)
            for row, mover in zip(rows[1:], movers[1:], strict=True)
        ]
        household = residencies.form_household(rows[0], others, actor=actor)
        forms = _forms(unit, movers, on, lease_to, actor)
        events.record(
            "residents.moved_in",
            compound=unit.compound_id,
            actor=actor,
            unit=unit.pk,
            household=household.pk,
            people=[mover.person.pk for mover in movers],
        )
    return MovedIn(rows, household, forms)


def _forms(
    unit: Unit, movers: Sequence[Mover], on: date, lease_to: date | None, actor: User | None
) -> list[Registration]:
    letting = unit.lettings.filter(ended_on=None).order_by("-pk").first()
    head = movers[0]
    if letting is not None and lease_to is not None and head.kind == Residency.Kind.TENANT:
        homes.add_lease(letting, starts_on=on, ends_on=lease_to, tenant=head.person, actor=actor)
    forms = []
    for mover in movers:
        if not mover.registers:
            continue
        form = registrations.start_registration(
            unit, origin="desk", person=mover.person, letting=letting, on_behalf=True, actor=actor
        )
        relation = codes.Relation.HEAD if mover is head else mover.relation or codes.Relation.OTHER
        values = {"moved_in_on": on, "relation": relation, "expected_out_on": lease_to}
        forms.append(registrations.fill_registration(form, actor=actor, **values))
    return forms


def move_out(
    unit: Unit,
    people: Iterable[Person],
    *,
    on: date,
    sold: bool = False,
    actor: User | None = None,
) -> MovedOut:
    """People move out of a home: residencies, registrations and lease end on one day.

    Owners stay owners, unless the home was ``sold``.

    Ways in and cars follow from the residencies: the apps above hear ``residents.moved_out``. Who
    holds a home here still keeps their account's role. Doing it again changes nothing. Raises
    ValidationError for a day before somebody moved in.
    """
    people = list(people)
    with events.writing():
        held = Residency.objects.filter(unit=unit, person__in=people)
        held = held if sold else held.exclude(kind=Residency.Kind.OWNER)
        open_ = held.filter(Q(ended_on=None) | Q(ended_on__gt=on)).select_related("person")
        left = [residencies.end_residency(row, on=on, actor=actor) for row in open_.order_by("pk")]
        ended = _end_registrations(unit, people, on, actor)
        leases = _end_leases(unit, people, on, actor)
        gone = [person for person in people if not _holds_home(person, on)]
        _end_rights(unit, people, gone, on, actor)
        if left or ended or leases:
            events.record(
                "residents.moved_out",
                compound=unit.compound_id,
                actor=actor,
                unit=unit.pk,
                people=[person.pk for person in people],
                day=on.isoformat(),
                empty=not _lives_somebody(unit, on),
            )
    return MovedOut(left, gone, ended, leases)


def _end_rights(
    unit: Unit, people: list[Person], gone: list[Person], on: date, actor: User | None
) -> None:
    """Who is told to have moved out by today enters no more, not even on the last day."""
    if on > timezone.localdate():
        return
    for person in people:
        whole = person in gone
        ways_in.end_ways_of(person, unit=None if whole else unit, actor=actor)
        visits.revoke_visits_of(person, unit, actor=actor)
        if whole and on < timezone.localdate():
            _end_roles(person, actor)


def _end_registrations(unit: Unit, people: list[Person], on: date, actor: User | None) -> int:
    rows = Registration.objects.filter(unit=unit, person__in=people).exclude(state="ended")
    found = list(rows.order_by("pk"))
    for row in found:
        terms.end_registration(row, on=on, actor=actor)
    return len(found)


def _end_leases(unit: Unit, people: list[Person], on: date, actor: User | None) -> int:
    rows = Lease.objects.filter(letting__unit=unit, tenant__in=people, ended_on=None)
    found = [row for row in rows.order_by("pk") if row.starts_on <= on]
    for row in found:
        homes.end_lease(row, on=on, actor=actor)
    return len(found)


def _holds_home(person: Person, on: date) -> bool:
    after = on + timedelta(days=1)
    return bool(Residency.objects.filter(person=person).current(after).exists())


def _lives_somebody(unit: Unit, on: date) -> bool:
    rest = Residency.objects.filter(unit=unit).exclude(kind=Residency.Kind.OWNER)
    return bool(rest.current(on + timedelta(days=1)).exists())


def end_lapsed(today: date) -> int:
    """End the resident's role of those whose last day here was yesterday or shortly before."""
    since = today - timedelta(days=LAPSED_WITHIN)
    over = Residency.objects.filter(ended_on__gte=since, ended_on__lt=today)
    people = Person.objects.filter(
        residencies__in=over, user__held_roles__role="resident", user__held_roles__ended_at=None
    )
    lapsed = [one for one in people.distinct() if not _holds_home(one, today - timedelta(days=1))]
    for person in lapsed:
        with events.writing():
            _end_roles(person, None)
    return len(lapsed)


def _end_roles(person: Person, actor: User | None) -> None:
    """Who holds no home here any more is no resident; the account itself stays theirs."""
    roles = Role.objects.filter(
        user__files=person, compound=person.compound_id, role="resident", ended_at=None
    )
    for role in roles:
        floor.end_role(role, actor)
