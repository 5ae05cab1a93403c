"""Who lives where, from when to when, and with whom."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from residents import codes, rules
from residents.models import Household, Person, Residency


def add_residency(
    *,
    person: Person,
    unit: Unit,
    kind: str,
    started_on: date,
    ended_on: date | None = None,
    actor: User | None = None,
) -> Residency:
    """Say that a person lives in, or has a right to, a home from one day to another.

    Raises ValidationError for two compounds, an end before the start, or days that overlap another
    residency of this person, home and kind.
    """
    if person.compound_id != unit.compound_id:
        raise rules.fault("unit", "other_compound", _("This home is in another compound."))
    if kind not in Residency.Kind.values:
        raise rules.fault("kind", "kind_unknown", _("Choose how the person lives there."))
    _check_period(started_on, ended_on)
    with events.writing():
        # The file is locked, so that two desks cannot add the same residency together.
        Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        same = Residency.objects.filter(person=person, unit=unit, kind=kind)
        meets = Q(ended_on=None) | Q(ended_on__gte=started_on)
        if same.filter(meets, **({"started_on__lte": ended_on} if ended_on else {})).exists():
            text = _("This person is on file in this home for these days already.")
            raise rules.fault("unit", "residency_overlaps", text)
        residency = Residency.objects.create(
            compound_id=person.compound_id,
            person=person,
            unit=unit,
            kind=kind,
            started_on=started_on,
            ended_on=ended_on,
        )
        _record("residents.residency_added", residency, actor)
    return residency


def end_residency(residency: Residency, *, on: date, actor: User | None = None) -> Residency:
    """End a residency on its last day; the ways in that follow from it end with it.

    The same day again changes nothing. Raises ValidationError for a day before the start.
    """
    with events.writing():
        residency = Residency.objects.select_for_update(of=("self",)).get(pk=residency.pk)
        _check_period(residency.started_on, on)
        if residency.ended_on != on:
            residency.ended_on = on
            residency.save(update_fields=["ended_on"])
            _record("residents.residency_ended", residency, actor)
            _close_household(residency, on)
    return residency


def form_household(
    head: Residency,
    members: Iterable[tuple[Residency, str]] = (),
    *,
    actor: User | None = None,
) -> Household:
    """Make ``head`` the head of a household in their home, with members and their relation.

    A head who already has one keeps it. Raises ValidationError for members of another home.
    """
    with events.writing():
        head = _locked(head)
        household = head.household if head.household_id and head.is_head else None
        if household is None:
            household = Household.objects.create(
                compound_id=head.compound_id, unit_id=head.unit_id, started_on=head.started_on
            )
            Residency.objects.filter(pk=head.pk).update(
                household=household, is_head=True, relation=codes.Relation.HEAD
            )
            _record("residents.household_formed", head, actor)
        for member, relation in members:
            join_household(member, household, relation, actor=actor)
    return household


def join_household(
    residency: Residency, household: Household, relation: str, *, actor: User | None = None
) -> Residency:
    """Somebody belongs to a household of their home. Raises ValidationError."""
    if relation not in codes.Relation.values or relation == codes.Relation.HEAD:
        text = _("Say how this person is related to the head of the household.")
        raise rules.fault("relation", "relation_unknown", text)
    with events.writing():
        residency = _locked(residency)
        if residency.unit_id != household.unit_id:
            text = _("This person lives in another home.")
            raise rules.fault("household", "household_elsewhere", text)
        if (residency.household_id, residency.relation) != (household.pk, relation):
            residency.household, residency.relation, residency.is_head = household, relation, False
            residency.save(update_fields=["household", "relation", "is_head"])
            _record("residents.household_joined", residency, actor)
    return residency


def _close_household(residency: Residency, on: date) -> None:
    """A household ends with the last of its members."""
    if residency.household_id is None:
        return
    rest = Residency.objects.filter(household=residency.household_id)
    if not rest.filter(Q(ended_on=None) | Q(ended_on__gt=on)).exists():
        running = Household.objects.filter(pk=residency.household_id, started_on__lte=on)
        running.update(ended_on=on)


def _locked(residency: Residency) -> Residency:
    rows = Residency.objects.select_for_update(of=("self",)).select_related("household")
    row: Residency = rows.get(pk=residency.pk)
    return row


def _check_period(start: date, end: date | None) -> None:
    if end is not None and end < start:
        text = _("This day is before the first day. If unsure, give the end of the lease.")
        raise rules.fault("ended_on", "ends_before_start", text)


def _record(kind: str, residency: Residency, actor: User | None) -> None:
    events.record(
        kind,
        compound=residency.compound_id,
        actor=actor,
        residency=residency.pk,
        person=residency.person_id,
        unit=residency.unit_id,
    )
