"""Who lives with whom, as the people themselves may see it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils import timezone

from community.models import Unit
from residents.models import Letting, Person, Residency


@dataclass
class Group:
    """One home of a person, and those of their own household there; not other households."""

    mine: Residency
    members: list[Residency] = field(default_factory=list)


def of(person: Person) -> list[Group]:
    """The person's homes today, each with their household."""
    today = timezone.localdate()
    mine = Residency.objects.filter(person=person).current(today).select_related("unit", "person")
    groups = [Group(row) for row in mine.order_by("unit__code", "pk")]
    wanted = {group.mine.household_id for group in groups} - {None}
    rows = Residency.objects.filter(household__in=wanted).current(today)
    lived = list(rows.select_related("person").order_by("-is_head", "pk"))
    for group in groups:
        group.members = [
            row
            for row in lived
            if row.household_id == group.mine.household_id and row.person_id != person.pk
        ]
    return groups


def homes_of(person: Person) -> list[Unit]:
    """The homes in which the person lives or that they own, today."""
    rows = Residency.objects.filter(person=person).current(timezone.localdate())
    units = {row.unit_id: row.unit for row in rows.select_related("unit").order_by("unit__code")}
    return list(units.values())


def lived_in(person: Person) -> list[Unit]:
    """The homes in which somebody would register: not those that they let to others."""
    let = set(Letting.objects.filter(landlord=person).current().values_list("unit_id", flat=True))
    return [unit for unit in homes_of(person) if unit.pk not in let]
