"""What the files of people know about reaching them; registered with the floor's messages.

A reader is a user, or ``person:<id>`` for somebody without a sign-in. The number is read from the
file at the moment of sending, so what was told to an old number never follows it to its new owner.
"""

from __future__ import annotations

from community.models import Medium, User
from community.notifications import reach
from residents.models import Person, Residency


def reader(person: Person) -> User | str:
    """Whom to tell: the person's sign-in, or their file."""
    return person.user if person.user is not None else f"person:{person.pk}"


def _file_of(user: User, compound_id: int) -> Person | None:
    found: Person | None = Person.objects.filter(
        user=user, compound_id=compound_id, merged_into=None
    ).first()
    return found


def _file(key: str, compound_id: int) -> Person | None:
    if not key.isdecimal() or len(key) > 18:
        return None
    person: Person | None = Person.objects.filter(pk=int(key), compound_id=compound_id).first()
    return person.merged_into or person if person else None


def phone_of(person: Person | None) -> str:
    """The number that reaches this person; none where another is known to answer it."""
    if person is None or not person.phone:
        return ""
    if person.phone_confirmed_at is None:
        same = Person.objects.of_phone(person.phone, person.compound_id)
        if same.exclude(pk=person.pk).exists():
            return ""
    return str(person.phone)


def line_of(person: Person | None) -> str:
    """Home and name, for the line above a letter."""
    if person is None:
        return ""
    current = Residency.objects.filter(person=person, ended_on=None).select_related("unit")
    homes = sorted({row.unit.code for row in current})
    return " ".join([*homes[:1], person.name])


def names_of(keys: set[str], compound_id: int) -> dict[str, str]:
    """Names of many files, by their number as text."""
    numbers = [int(key) for key in keys if key.isdecimal() and len(key) < 19]
    rows = Person.objects.filter(pk__in=numbers, compound_id=compound_id)
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def register() -> None:
    """At start, once."""
    reach.finder(Medium.SMS, lambda user, compound: phone_of(_file_of(user, compound)))
    reach.finder("name", lambda user, compound: line_of(_file_of(user, compound)))
    reach.reference("person", Medium.SMS, lambda key, compound: phone_of(_file(key, compound)))
    reach.names("person", names_of)
    reach.reference("person", "name", lambda key, compound: line_of(_file(key, compound)))


register()
