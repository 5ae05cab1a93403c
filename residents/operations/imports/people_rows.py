"""What a batch of checked rows writes of people: files, residencies, households."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any

from django.utils import timezone

from community import events, keyring
from residents import codes
from residents.models import Household, Person, Residency, ResidentImport
from residents.operations import residencies
from residents.operations.imports import finding
from residents.operations.imports.checking import same_residency

#: Left alone on a file that has it: a list is no way to change somebody's phone.
KEPT = frozenset({"phone", "name"})
NUMBERS = ("phone", "document")
_DAYS = (
    "birth_date started_on ended_on moved_in_on expected_out_on lease_from lease_to registered_on "
    "checked_on"
)
DAYS = frozenset(_DAYS.split())


@dataclass
class Entry:
    """A row on its way into the tables."""

    unit: int
    person: dict[str, Any]
    residency: dict[str, Any]
    form: dict[str, Any]
    who: int
    #: Set on the way: the person's file, whether this batch opened it, and their residency.
    kept: Any = None
    is_new: bool = field(default=False, init=False)
    held: Any = None


def entry(values: dict[str, Any]) -> Entry:
    parts = {name: days(values[name]) for name in ("person", "residency", "form")}
    return Entry(unit=values["unit"], who=values["who"], **parts)


def days(values: dict[str, Any]) -> dict[str, Any]:
    """Dates as dates again."""
    return {
        key: date.fromisoformat(value) if key in DAYS and value else value
        for key, value in values.items()
    }


def write_people(batch: ResidentImport, entries: list[Entry]) -> None:
    """Open the files that are missing, and fill in what the others lack."""
    rows = [{"unit": one.unit, "person": one.person} for one in entries]
    found = finding.find(batch.compound_id, rows, lock=True)
    by_who: dict[int, Person] = {}
    changed: dict[Person, set[str]] = {}
    fresh: list[Person] = []
    for one, known in zip(entries, found, strict=True):
        one.kept = by_who.get(one.who) or known.file
        if one.kept is None:
            one.kept = Person(compound_id=batch.compound_id)
            fresh.append(one.kept)
        by_who.setdefault(one.who, one.kept)
        fields = _fill(one.kept, one.person)
        if fields and one.kept.pk:
            changed.setdefault(one.kept, set()).update(fields)
    opened = {id(person) for person in fresh}
    for one in entries:
        one.is_new = id(one.kept) in opened
    Person.objects.bulk_create(fresh)
    _update(changed)
    for person in fresh:
        record("residents.person_added", batch, person=person.pk)
    for person, names in changed.items():
        record("residents.person_changed", batch, person=person.pk, fields=sorted(names))


def _fill(person: Person, values: dict[str, Any]) -> list[str]:
    """Set what the list says; returns the fields that differ. An empty cell changes nothing."""
    changed = [
        name
        for name, value in values.items()
        if value and getattr(person, name) != value and not (name in KEPT and getattr(person, name))
    ]
    for name in changed:
        setattr(person, name, values[name])
        if name in NUMBERS:
            index = keyring.blind_index(values[name], person.compound_id, name)
            setattr(person, f"{name}_index", index)
    return changed


def _update(changed: dict[Person, set[str]]) -> None:
    names = set().union(*changed.values())
    names |= {f"{name}_index" for name in NUMBERS if name in names}
    if "phone" in names:
        tail: Any = Person._meta.get_field("phone_tail_index")
        names.add(tail.attname)
        for person in changed:
            setattr(person, tail.attname, tail.index_of(person))
    if changed:
        Person.objects.bulk_update(list(changed), sorted(names))


def write_residencies(batch: ResidentImport, entries: list[Entry]) -> None:
    """Residencies from their first day on, with the household; one on file is found again."""
    held: dict[tuple[int, int, str], list[Residency]] = {}
    people = {one.kept.pk for one in entries if not one.is_new}
    rows = Residency.objects.filter(person__in=people).order_by("started_on", "pk")
    for row in rows if people else ():
        held.setdefault((row.person_id, row.unit_id, row.kind), []).append(row)
    fresh: list[Residency] = []
    for one in entries:
        key = (one.kept.pk, one.unit, one.residency["kind"])
        one.held = same_residency(held.get(key, []), one.residency)
        if one.held is None:
            one.held = _residency(batch, one)
            held.setdefault(key, []).append(one.held)
            fresh.append(one.held)
    moved = _households(batch, entries)
    Residency.objects.bulk_create(fresh)
    made = {id(row) for row in fresh}
    old = [row for row in moved if id(row) not in made]
    if old:
        Residency.objects.bulk_update(old, ["household", "is_head", "relation"])
    for row in fresh:
        _say("residents.residency_added", batch, row)
    for row in moved:
        kind = "residents.household_formed" if row.is_head else "residents.household_joined"
        _say(kind, batch, row)
    _end(batch, [one for one in entries if id(one.held) not in made])


def _residency(batch: ResidentImport, one: Entry) -> Residency:
    return Residency(
        compound_id=batch.compound_id,
        person=one.kept,
        unit_id=one.unit,
        kind=one.residency["kind"],
        started_on=one.residency["started_on"] or timezone.localdate(),
        ended_on=one.residency["ended_on"],
    )


def _end(batch: ResidentImport, entries: list[Entry]) -> None:
    """A last day that the list says and the file does not."""
    for one in entries:
        row, ended = one.held, one.residency["ended_on"]
        if row is not None and ended and row.ended_on is None:
            residencies.end_residency(row, on=ended, actor=batch.created_by)


def _households(batch: ResidentImport, entries: list[Entry]) -> list[Residency]:
    """Who says how they belong together: the members join the head before them in the list."""
    wanted = [one for one in entries if _joins(one)]
    if not wanted:
        return []
    here = _households_of({one.unit for one in wanted})
    headed = _headed(here.values())
    moved: list[Residency] = []
    formed: list[Household] = []
    for one in wanted:
        row, head = one.held, one.residency["relation"] == codes.Relation.HEAD
        if row is None or row.household_id:
            continue
        known = here.get(one.unit)
        if known is None or (head and id(known) in headed):
            known = here[one.unit] = Household(
                compound_id=batch.compound_id, unit_id=one.unit, started_on=row.started_on
            )
            formed.append(known)
        if head:
            headed.add(id(known))
        row.household, row.is_head, row.relation = known, head, one.residency["relation"]
        moved.append(row)
    Household.objects.bulk_create(formed)
    return moved


def _households_of(units: set[int]) -> dict[int, Household]:
    """Home -> the last household that was formed there and goes on."""
    current = Household.objects.filter(unit__in=units, ended_on=None).order_by()
    return {row.unit_id: row for row in sorted(current, key=attrgetter("pk"))}


def _headed(households: Iterable[Household]) -> set[int]:
    """Those that have a head, by what they are in memory: new ones have no key yet."""
    known = {row.pk: row for row in households}
    heads = Residency.objects.filter(household__in=known, is_head=True, ended_on=None).order_by()
    keys = heads.values_list("household_id", flat=True)
    return {id(known[key]) for key in keys} if known else set()


def _joins(one: Entry) -> bool:
    ended = one.residency["ended_on"]
    return bool(one.residency["relation"]) and (ended is None or ended >= timezone.localdate())


def _say(kind: str, batch: ResidentImport, row: Residency) -> None:
    record(kind, batch, residency=row.pk, person=row.person_id, unit=row.unit_id)


def record(kind: str, batch: ResidentImport, **facts: Any) -> None:
    facts |= {"batch": batch.pk}
    events.record(kind, compound=batch.compound_id, actor=batch.created_by, **facts)
