"""Every change of a person's file and phones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.account import operations as account
from community.models import Compound, User
from residents import rules
from residents.models import OtherPhone, Person

NUMBERS = ("phone", "document")


def add_person(*, compound: Compound, actor: User | None = None, **values: Any) -> Person:
    """Open a file: name, and optionally the other fields of a person, phone and document included.

    Raises ValidationError that names each bad field, also for a document that is on file here
    (code ``document_on_file``: see :func:`residents.operations.files_like`).
    """
    person = Person(compound=compound)
    _fill(person, clean(values | {"name": values.get("name")}))
    with events.writing():
        save(person)
        record("residents.person_added", person, actor)
    return person


def change_person(person: Person, *, actor: User | None = None, **values: Any) -> Person:
    """Change what ``values`` name; without a difference nothing is written.

    A new phone is not confirmed: until it is, it opens no account. Raises ValidationError that
    names each bad field.
    """
    with events.writing():
        person = locked(person)
        good = clean(values, person)
        changed = [name for name, value in good.items() if getattr(person, name) != value]
        if changed:
            _fill(person, {name: good[name] for name in changed})
            save(person)
            record("residents.person_changed", person, actor, fields=sorted(changed))
    return person


def confirm_phone(person: Person, *, actor: User | None = None) -> Person:
    """The person was seen to answer this number: it opens their account from now on.

    Whoever had it before keeps their file and account, but not the number: numbers go round, and
    their new owner inherits nothing. Raises ValidationError without a phone on file.
    """
    with events.writing():
        person = locked(person)
        if not person.phone:
            raise rules.fault("phone", "phone_missing", _("There is no phone on file."))
        if person.phone_confirmed_at is None:
            same = Person.objects.by_number("phone", person.phone, [person.compound_id])
            for former in same.exclude(pk=person.pk).filter(phone_confirmed_at__isnull=False):
                release_phone(former, actor=actor)
            person.phone_confirmed_at = timezone.now()
            person.save(update_fields=["phone_confirmed_at"])
            record("residents.phone_confirmed", person, actor)
    return person


def release_phone(person: Person, *, actor: User | None = None) -> Person:
    """The number is somebody else's now: it leaves the file, and its sessions end."""
    with events.writing():
        person = locked(person)
        if person.phone:
            _fill(person, {"phone": ""})
            save(person)
            record("residents.phone_released", person, actor)
            _sign_out(person)
    return person


def replace_phone(person: Person, phone: str, *, actor: User | None = None) -> Person:
    """A new phone at the desk: the number changes, counts at once, and the old phone is signed out.

    Raises ValidationError for a bad number.
    """
    with events.writing():
        person = change_person(person, phone=phone, actor=actor)
        person = confirm_phone(person, actor=actor)
        _sign_out(person)
    return person


def add_other_phone(
    person: Person, *, phone: str, kind: str, name: str = "", actor: User | None = None
) -> OtherPhone:
    """Note a further number of a person; the same once. Raises ValidationError."""
    number = rules.clean_phone(phone)
    if not number or kind not in OtherPhone.Kind.values:
        raise rules.fault("phone", "phone_invalid", _("Give a phone number, and whose it is."))
    name = rules.clean_name(name) if name.strip() else ""
    with events.writing():
        person = locked(person)
        index = keyring.blind_index(number, person.compound_id, "phone")
        row, created = OtherPhone.objects.get_or_create(
            person=person,
            phone_index=index,
            defaults={"compound_id": person.compound_id, "phone": number}
            | {"kind": kind, "name": name},
        )
        if created:
            record("residents.person_changed", person, actor, fields=["other_phones"])
    return row


def remove_other_phone(row: OtherPhone, *, actor: User | None = None) -> None:
    with events.writing():
        person = locked(row.person)
        if OtherPhone.objects.filter(pk=row.pk).delete()[0]:
            record("residents.person_changed", person, actor, fields=["other_phones"])


def _sign_out(person: Person) -> None:
    """End the sessions of the person's sign-in: asked for by its owner, whoever types it in."""
    if person.user is not None:
        account.end_sessions(person.user, person.user)


#: What is checked together, by the value that calls for it.
CHECKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "name": lambda values: {"name": rules.clean_name(values["name"])},
    "name_latin": lambda values: {"name_latin": rules.clean_latin(values["name_latin"])},
    "phone": lambda values: {"phone": rules.clean_phone(values["phone"])},
    "document": lambda values: dict(
        zip(
            ("document_kind", "document"),
            rules.clean_document(str(values.get("document_kind") or ""), values["document"]),
            strict=True,
        )
    ),
    "nationality": lambda values: {"nationality": rules.clean_nationality(values["nationality"])},
    "birth_date": lambda values: {"birth_date": rules.clean_birth(values["birth_date"])},
    "user": lambda values: {"user": values["user"]},
} | {name: rules.code_check(name) for name in ("sex", "ethnicity", "needs", "languages")}


def clean(values: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
    """The named values in the form they are kept in; raises one ValidationError for all faults.

    Sex and birth date that the number of a card says are taken from it, and must not contradict it.
    """
    faults: dict[str, Any] = {}
    good: dict[str, Any] = {}
    for name, check in CHECKS.items():
        if name not in values:
            continue
        try:
            good |= check(values)
        except ValidationError as error:
            faults |= error.error_dict
    if not faults:
        good |= rules.agree(good, person)
    if faults:
        raise ValidationError(faults)
    return good


def _fill(person: Person, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(person, name, value)
        if name in NUMBERS:
            index = keyring.blind_index(value, person.compound_id, name) if value else ""
            setattr(person, f"{name}_index", index)
    if "phone" in values:
        person.phone_confirmed_at = None


def locked(person: Person) -> Person:
    """The file as stored, locked. Raises Person.DoesNotExist for one that was merged away."""
    rows = Person.objects.select_for_update(of=("self",)).whole()
    row: Person = rows.select_related("compound").get(pk=person.pk)
    return row


def save(person: Person) -> None:
    """Save; the database has the last word on a number given to two files at the same moment."""
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


def record(kind: str, person: Person, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=person.compound_id, actor=actor, person=person.pk, **facts)
