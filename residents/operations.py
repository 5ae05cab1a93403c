"""Every change of people's files and residencies: one verb, one line in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.models import Compound, Unit, User
from residents import rules
from residents.models import Person, Residency

NUMBERS = ("phone", "document")


def add_person(*, compound: Compound, actor: User | None = None, **values: Any) -> Person:
    """Open a file: name, and optionally phone, document_kind with document, and user.

    Raises ValidationError that names each bad field, also for a document that is on file here.
    """
    person = Person(compound=compound)
    _fill(person, _clean(values | {"name": values.get("name")}))
    with events.writing():
        _save(person)
        events.record("residents.person_added", compound=compound, actor=actor, person=person.pk)
    return person


def change_person(person: Person, *, actor: User | None = None, **values: Any) -> Person:
    """Change what ``values`` name; without a difference nothing is written.

    Raises ValidationError that names each bad field.
    """
    good = _clean(values)
    with events.writing():
        person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
        changed = [name for name, value in good.items() if getattr(person, name) != value]
        if changed:
            _fill(person, good)
            _save(person)
            events.record(
                "residents.person_changed",
                compound=person.compound_id,
                actor=actor,
                person=person.pk,
                fields=changed,
            )
    return person


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

    Raises ValidationError for two compounds, an end before the start, or the same twice.
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
    return residency


def _check_period(start: date, end: date | None) -> None:
    if end is not None and end < start:
        text = _("This day is before the first day. If unsure, give the end of the lease.")
        raise rules.fault("ended_on", "ends_before_start", text)


#: What is checked together, by the value that calls for it.
CHECKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "name": lambda values: {"name": rules.clean_name(values["name"])},
    "phone": lambda values: {"phone": rules.clean_phone(values["phone"])},
    "document": lambda values: dict(
        zip(
            ("document_kind", "document"),
            rules.clean_document(str(values.get("document_kind") or ""), values["document"]),
            strict=True,
        )
    ),
    "user": lambda values: {"user": values["user"]},
}


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    """The named values in the form they are kept in; raises one ValidationError for all faults."""
    faults: dict[str, Any] = {}
    good: dict[str, Any] = {}
    for name, check in CHECKS.items():
        if name not in values:
            continue
        try:
            good |= check(values)
        except ValidationError as error:
            faults |= error.error_dict
    if faults:
        raise ValidationError(faults)
    return good


def _fill(person: Person, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)
        if name in NUMBERS:
            index = keyring.blind_index(value, person.compound_id, name) if value else ""
            setattr(person, f"{name}_index", index)


def _save(person: Person) -> None:
    taken = rules.fault(
        "document", "document_on_file", _("This document is on another file here already.")
    )
    if person.document:
        same = Person.objects.by_number("document", person.document, [person.compound_id])
        if same.exclude(pk=person.pk).exists():
            raise taken
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        if "document" in str(error):
            raise taken from error
        text = _("This sign-in belongs to another file here.")
        raise rules.fault("user", "user_on_file", text) from error


def _record(kind: str, residency: Residency, actor: User | None) -> None:
    events.record(
        kind,
        compound=residency.compound_id,
        actor=actor,
        residency=residency.pk,
        person=residency.person_id,
        unit=residency.unit_id,
    )
