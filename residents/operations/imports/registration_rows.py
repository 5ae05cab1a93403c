"""What a batch of checked rows writes of registrations: the form, its state, its clock."""

from __future__ import annotations

import secrets
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from residents import obligations, registration_form
from residents.models import (
    Deadline,
    Letting,
    Registration,
    RegistrationStep,
    ResidentImport,
)
from residents.obligations import Book
from residents.operations import homes
from residents.operations.deadlines import Changes, compare
from residents.operations.imports.people_rows import Entry, record
from residents.operations.imports.reading import filled
from residents.operations.transitions import EVENTS, NUMBERS
from residents.querysets import LIVE

State = Registration.State
#: Moments of a registration that the police station knew before it came here.
KNOWN = ("submitted_at", "accepted_at", "reported_at", "confirmed_at", "changed_at")


def write_registrations(batch: ResidentImport, entries: list[Entry], book: Book) -> None:
    """A registration for each row that is one; one in force is changed where the row differs."""
    wanted = [one for one in entries if one.form]
    if not wanted:
        return
    fresh, changed = _sorted(batch, wanted)
    Registration.objects.bulk_create(fresh)
    _save(changed)
    _steps(batch, fresh)
    _clock(fresh, list(changed), book)
    for row in [*fresh, *changed]:
        _lease(batch, row)
    for row in fresh:
        _say(EVENTS[State(row.state)], batch, row)
    for row, fields in changed.items():
        _say("residents.registration_changed", batch, row, fields=sorted(fields))


def _sorted(
    batch: ResidentImport, wanted: list[Entry]
) -> tuple[list[Registration], dict[Registration, list[str]]]:
    """Registrations to make, and those in force with the fields that differ."""
    live, lettings = _live(batch, wanted), _lettings(wanted)
    fresh: list[Registration] = []
    changed: dict[Registration, list[str]] = {}
    for one in wanted:
        row = live.get((one.kept.pk, one.unit))
        if row is None and not _was_here(batch, one):
            row = live[one.kept.pk, one.unit] = _registration(batch, one, lettings.get(one.unit))
            fresh.append(row)
        elif row is not None and row.pk and (fields := _change(row, one)):
            changed[row] = fields
    return fresh, changed


def _live(batch: ResidentImport, wanted: list[Entry]) -> dict[tuple[int | None, int], Registration]:
    people = {one.kept.pk for one in wanted if not one.is_new}
    if not people:
        return {}
    # By the person alone: their files are of this compound, and the index on them answers.
    rows = Registration.objects.filter(person__in=people, state__in=LIVE).order_by()
    locked = rows.select_related("compound").select_for_update(of=("self",))
    return {(row.person_id, row.unit_id): row for row in locked}


def _was_here(batch: ResidentImport, one: Entry) -> bool:
    """The same stay that is over stands on file: the list came twice."""
    ended = one.residency["ended_on"]
    if ended is None or ended >= timezone.localdate():
        return False
    past = Registration.objects.of(batch.compound_id).filter(person=one.kept, unit=one.unit)
    return bool(past.filter(state="ended", moved_in_on=one.form["moved_in_on"]).exists())


def _lettings(wanted: list[Entry]) -> dict[int, Letting]:
    rows = Letting.objects.filter(unit__in={one.unit for one in wanted}, ended_on=None)
    return {row.unit_id: row for row in rows.select_related("landlord").order_by("pk")}


def _registration(batch: ResidentImport, one: Entry, letting: Letting | None) -> Registration:
    row = Registration(
        compound=batch.compound,
        unit_id=one.unit,
        person=one.kept,
        letting=letting,
        origin=Registration.Origin.DESK,
        on_behalf=True,
        started_by=batch.created_by,
        accepted_by=batch.created_by,
        nonce=secrets.token_urlsafe(12),
    )
    if letting is not None:
        row.landlord_name, row.landlord_phone = letting.landlord.name, letting.landlord.phone
    filled(row, one.form)
    registered = one.form.get("registered_on")
    _stand(row, registered, one.residency["ended_on"])
    row.police_number = one.form.get("police_number") or ""
    return row


def _stand(row: Registration, registered: date | None, ended: date | None) -> None:
    """The state that it came in: known to the police station, to be reported, or over."""
    if registered is None:
        row.submitted_at = row.accepted_at = row.changed_at = timezone.now()
        row.state, row.counts_from = State.ACCEPTED, timezone.localdate()
        return
    noon = timezone.make_aware(datetime.combine(registered, time(12)))
    for name in KNOWN:
        setattr(row, name, min(noon, timezone.now()))
    row.state, row.counts_from = State.CONFIRMED, registered
    if ended is not None and ended < timezone.localdate():
        row.state, row.ended_on = State.ENDED, ended
        row.end_reason = Registration.EndReason.MOVED_OUT


def _change(row: Registration, one: Entry) -> list[str]:
    """Set what the row says; an empty cell changes nothing. Returns the fields that differ."""
    fields = [
        name
        for name in registration_form.FIELDS
        if one.form.get(name) not in (None, "") and getattr(row, name) != one.form[name]
    ]
    if fields:
        filled(row, {name: one.form[name] for name in fields} | _province(row, one))
        row.changed_at, row.version = timezone.now(), row.version + 1
    return fields


def _province(row: Registration, one: Entry) -> dict[str, Any]:
    return {"hukou_province": one.form.get("hukou_province") or row.hukou_province}


def _save(changed: dict[Registration, list[str]]) -> None:
    names = {name for fields in changed.values() for name in fields}
    names |= {f"{name}_index" for name in NUMBERS if name in names}
    if changed:
        whole = names | {"changed_at", "version", "hukou_province"}
        Registration.objects.bulk_update(list(changed), sorted(whole))


def _steps(batch: ResidentImport, rows: list[Registration]) -> None:
    now = timezone.now()
    RegistrationStep.objects.bulk_create(
        RegistrationStep(
            compound_id=row.compound_id,
            registration=row,
            at=now,
            state=row.state,
            by_id=batch.created_by_id,
            note=row.police_number,
        )
        for row in rows
    )


def _clock(fresh: list[Registration], changed: list[Registration], book: Book) -> None:
    today, changes = timezone.localdate(), Changes()
    known: dict[Any, dict[str, Deadline]] = {row.pk: {} for row in [*fresh, *changed]}
    for one in Deadline.objects.filter(registration__in=changed).order_by() if changed else ():
        known[one.registration_id][one.key] = one
    for row in [*fresh, *changed]:
        about: dict[str, Any] = {"compound_id": row.compound_id, "unit_id": row.unit_id}
        about |= {"person_id": row.person_id, "letting_id": row.letting_id}
        about |= {"registration_id": row.pk}
        wanted = list(obligations.of_registration(row, book, today))
        compare(wanted, known[row.pk], about, today, changes)
    changes.write()


def _lease(batch: ResidentImport, row: Registration) -> None:
    """The lease of the tenant who heads the household, where the home is let here."""
    over = row.state == State.ENDED
    if row.letting is None or over or not (row.lease_from and row.lease_to):
        return
    if row.relation == "01":
        homes.add_lease(
            row.letting,
            starts_on=row.lease_from,
            ends_on=row.lease_to,
            tenant=row.person,
            actor=batch.created_by,
        )


def _say(kind: str, batch: ResidentImport, row: Registration, **facts: Any) -> None:
    facts |= {"registration": row.pk, "person": row.person_id, "unit": row.unit_id}
    record(kind, batch, **facts)
