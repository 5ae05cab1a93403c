"""What an accepted form brings about: a file, a residency, a lease."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from community.models import User
from residents import rules
from residents.models import Person, Registration, Residency
from residents.operations import homes, merging, people, residencies

#: What file and form have in common.
SHARED = (
    "name",
    "name_latin",
    "sex",
    "birth_date",
    "ethnicity",
    "nationality",
    "document_kind",
    "document",
    "phone",
)
#: Left alone on a file that has them: a form is no way to change somebody's phone.
KEPT = ("phone",)


def file_of(row: Registration, chosen: Person | None, actor: User | None) -> Person:
    """The person's file: chosen by the desk, known before, found by the document, or opened now.

    Raises ValidationError (code ``document_on_file``) where the document is on a file that has
    another name, or on one beside the file that is known: two files to compare and merge.
    """
    same = merging.files_like(row)
    person = chosen or row.person
    if person is None and same and same[0].name == row.name:
        person = same[0]
    others = [one for one in same if person is None or one.pk != person.pk]
    if others:
        text = _("This document is on another file here. Compare the two, then merge them.")
        raise rules.fault("document", "document_on_file", text)
    values: dict[str, Any] = {name: getattr(row, name) for name in SHARED if getattr(row, name)}
    if person is None:
        return people.add_person(compound=row.compound, actor=actor, **values)
    given = {
        name: value
        for name, value in values.items()
        if not (name in KEPT and getattr(person, name))
    }
    return people.change_person(person, actor=actor, **given)


def check_is_only(row: Registration) -> None:
    """Raises ValidationError (code ``registered_already``) for a second form of a live one."""
    live = Registration.objects.live().filter(person=row.person, unit=row.unit_id)
    if live.exclude(pk=row.pk).exists():
        text = _("This person is registered in this home already. Renew that one, or end it first.")
        raise rules.fault("person", "registered_already", text)


def settle(row: Registration, actor: User | None) -> None:
    """The residency from the day of moving in, and the lease with the landlord, where missing."""
    person, started = row.person, row.moved_in_on
    if person is None or started is None:
        return
    current = Residency.objects.filter(person=person, unit=row.unit_id)
    if not current.current(started).exists() and not current.filter(ended_on=None).exists():
        kind = Residency.Kind.TENANT if row.letting_id else Residency.Kind.FAMILY
        residencies.add_residency(
            person=person, unit=row.unit, kind=kind, started_on=started, actor=actor
        )
    if row.letting is not None and row.lease_from and row.lease_to and row.relation == "01":
        homes.add_lease(
            row.letting, starts_on=row.lease_from, ends_on=row.lease_to, tenant=person, actor=actor
        )
