"""What stands on a person's page above the form, and the deeds that look somebody up first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from community import desk
from community.models import Look, Unit, User
from community.querysets import OFFICE
from residents import codes, desk_ways, masking, operations, rules
from residents.models import Deadline, DeadlineRule, Lease, Letting, Person, Registration, Residency

#: How the state of a registration looks: the mark and colour of its tag.
TONES = {
    "invited": "off",
    "draft": "off",
    "submitted": "ask",
    "returned": "ask",
    "accepted": "info",
    "reported": "info",
    "confirmed": "allow",
    "renewed": "allow",
    "expiring": "due",
    "ended": "off",
}


@dataclass(frozen=True)
class Step:
    """One line of the timeline: ``style`` is is-done, is-now or is-next."""

    text: str
    note: str
    when: str
    style: str


@dataclass(frozen=True)
class HomeLine:
    pk: int
    code: str
    how: str
    about: str
    current: bool


def of(person: Person, reader: User) -> dict[str, Any]:
    """The cards of a person's file; a bounded number of queries however much is on file."""
    today = timezone.localdate()
    residencies = list(person.residencies.select_related("unit", "household"))
    registration = person.registrations.select_related("unit").order_by("-pk").first()
    due = list(person.deadlines.by_urgency().select_related("unit")[:6])
    return {
        "facts": _facts(person),
        "tags": list(_tags(registration, due, today)),
        "homes": list(_homes(person, residencies, today)),
        "household": list(_household(person, residencies, today)),
        "registration": registration,
        "steps": [*_steps(registration), *_coming(due, today)],
        "looks": _looks(person, reader),
        "twins": operations.files_like(person),
        "beside": beside(with_homes(person, residencies, today), reader),
    }


def beside(person: Person, reader: User) -> list[desk.Card]:
    """Ways in, and what the other apps know (cars, parcels): for who may open the desk's case.

    The file comes ``with_homes``.
    """
    if not reader.roles_in(person.compound_id) & OFFICE:
        return []
    case = desk.Case(reader, person.compound, "person", person, brief=True)
    return [desk_ways.card(case), *desk.cards_of_others(case, "residents")]


def with_homes(person: Any, residencies: list[Residency], today: date) -> Person:
    """The file with what the desk's cards read of it: where the person lives now, as ``here``."""
    person.here = [
        row
        for row in residencies
        if row.started_on <= today and (row.ended_on is None or row.ended_on >= today)
    ]
    found: Person = person
    return found


def _facts(person: Person) -> list[tuple[str, str]]:
    born = f"{person.birth_date:%Y}-**-**" if person.birth_date else "—"
    kind = person.get_document_kind_display() or _("Document")
    sexes = (person.get_sex_display(), codes.ethnicity(person.ethnicity))
    return [
        (_("Sex, ethnicity"), "、".join(text for text in map(str, sexes) if text) or "—"),
        (_("Born"), born),
        (_("Phone"), masking.phone(person.phone) or "—"),
        (str(kind), masking.document(person.document) or "—"),
        (_("Languages"), "、".join(str(codes.Language(code).label) for code in person.languages)),
        (_("Needs"), "、".join(str(codes.Need(code).label) for code in person.needs)),
    ]


def _tags(
    registration: Registration | None, due: list[Deadline], today: date
) -> Iterable[tuple[str, str]]:
    if registration is not None:
        yield TONES[registration.state], registration.get_state_display()
        if registration.suspended_on:
            yield "deny", _("Permit suspended")
    for one in due[:2]:
        late = one.due_on < today and one.kind != DeadlineRule.Kind.PERMIT
        yield (
            "deny" if late else "due",
            f"{one.get_kind_display()} {one.due_on:%m-%d}",
        )


def _homes(person: Person, rows: list[Residency], today: date) -> Iterable[HomeLine]:
    kinds = {row.kind for row in rows}
    by_unit = _leases(person) if Residency.Kind.TENANT in kinds else {}
    lets = _lets(person) if Residency.Kind.OWNER in kinds else {}
    for row in rows:
        about = f"{row.started_on} – {row.ended_on or ''}"
        if row.kind == Residency.Kind.TENANT and (lease := by_unit.get(row.unit_id)):
            about = _("Rents from %(landlord)s, lease %(from)s to %(to)s") % {
                "landlord": lease.letting.landlord.name,
                "from": lease.starts_on,
                "to": lease.ends_on,
            }
            about += "，" + (_("filed") if lease.filed_on else _("not filed"))
        elif row.kind == Residency.Kind.OWNER and row.unit_id in lets:
            about = _("Lets it since %(day)s") % {"day": lets[row.unit_id].started_on}
        over = row.ended_on is not None and row.ended_on < today
        yield HomeLine(row.pk, row.unit.code, str(row.get_kind_display()), about, not over)


def _leases(person: Person) -> dict[int, Lease]:
    leases = Lease.objects.filter(tenant=person, ended_on=None).select_related("letting__landlord")
    return {lease.letting.unit_id: lease for lease in leases}


def _lets(person: Person) -> dict[int, Letting]:
    return {row.unit_id: row for row in Letting.objects.filter(landlord=person, ended_on=None)}


def _household(
    person: Person, rows: list[Residency], today: date
) -> Iterable[tuple[Person, str, str]]:
    homes = [row.household_id for row in rows if row.household_id]
    members = Residency.objects.filter(household__in=homes).current(today).select_related("person")
    for row in members.exclude(person=person).order_by("-is_head", "pk")[:12]:
        needs = "、".join(str(codes.Need(code).label) for code in row.person.needs)
        yield row.person, str(row.get_relation_display()), needs


def _steps(registration: Registration | None) -> Iterable[Step]:
    if registration is None:
        return
    for step in registration.steps.select_related("by"):
        note = "，".join(text for text in (str(step.by or ""), step.note) if text)
        yield Step(str(step.get_state_display()), note, _day(step.at), "is-done")


def _day(at: datetime) -> str:
    return timezone.localtime(at).date().isoformat()


def _coming(due: list[Deadline], today: date) -> Iterable[Step]:
    for one in due:
        note = ""
        if one.reminders:
            note = _("Reminded %(n)s times") % {"n": one.reminders}
        now = one.due_on < today or (one.opens_on is not None and one.opens_on <= today)
        yield Step(
            f"{one.get_kind_display()} · {one.unit.code}",
            note,
            _("by %(day)s") % {"day": one.due_on},
            "is-now" if now else "is-next",
        )


def _looks(person: Person, reader: User) -> list[Look]:
    """Who looked at this file: for the manager; a clerk sees their own looks only."""
    rows = Look.objects.filter(subject="residents.person", subject_id=person.pk)
    if "manager" not in reader.roles_in(person.compound_id):
        rows = rows.filter(user=reader)
    return list(rows.select_related("user")[:6])


def merge_found(person: Person, *, number: str, actor: User) -> Person:
    """Merge the one other file that has this whole number. Raises ValidationError."""
    others = [
        one
        for field, value in (
            ("document", rules.plain(number)),
            ("phone", rules.plain_phone(number)),
        )
        for one in Person.objects.whole().by_number(field, value, [person.compound_id])
        if one.pk != person.pk
    ]
    found = {one.pk: one for one in others}
    if len(found) != 1:
        text = _("No single other file has this number. Look at both files again.")
        raise rules.fault("number", "not_one_file", text)
    return operations.merge_people(person, found.popitem()[1], actor=actor)


def move_out_of(
    person: Person, *, home: str, on: date, household: bool, actor: User
) -> operations.MovedOut:
    """The person, or their whole household, moves out of a home. Raises ValidationError."""
    unit = Unit.objects.of(person.compound_id).filter(code=home.strip()).first()
    rows = Residency.objects.filter(person=person, unit=unit).current(on) if unit else None
    if unit is None or rows is None or not rows.exists():
        text = _("This person does not live in a home with this code on that day.")
        raise rules.fault("home", "not_their_home", text)
    people = [person]
    shared = [row.household_id for row in rows if row.household_id]
    if household and shared:
        members = Residency.objects.filter(household__in=shared).select_related("person")
        people = list({row.person_id: row.person for row in members}.values())
    return operations.move_out(unit, people, on=on, actor=actor)
