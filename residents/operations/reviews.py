"""What the desk and the police station decide on a registration."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from residents import registration_form, rules
from residents.models import Person, Registration
from residents.operations import acceptance, deadlines
from residents.operations.transitions import fill, locked, move, record

State = Registration.State


def return_registration(
    registration: Registration,
    *,
    reason: str,
    actor: User | None = None,
    version: int | None = None,
) -> Registration:
    """Give the form back with a reason that the tenant reads. Raises ValidationError without one,
    or when somebody else decided meanwhile (``version`` is that of the page).
    """
    reason = rules.clean_line("reason", reason, 200)
    if not reason:
        raise rules.fault("reason", "reason_missing", _("Say what has to be corrected."))
    with events.writing():
        row = locked(registration, version, State.RETURNED)
        row.return_reason = reason
        return move(row, State.RETURNED, actor, note=reason)


def accept_registration(
    registration: Registration,
    *,
    actor: User | None = None,
    version: int | None = None,
    person: Person | None = None,
) -> Registration:
    """The desk has checked the form: file, residency and clock follow from it.

    ``person`` names the file where the desk chose one. Of two who accept at once, the second is
    told (code ``decided_already``). Raises ValidationError also where the document is on a file
    of another name (code ``document_on_file``): the desk compares, and names or merges the file.
    """
    with events.writing():
        row = locked(registration, version, State.ACCEPTED)
        row.person = acceptance.file_of(row, person, actor)
        acceptance.check_is_only(row)
        row.accepted_at, row.accepted_by = timezone.now(), actor
        row.changed_at = row.accepted_at
        row.counts_from = row.counts_from or timezone.localdate(row.submitted_at)
        row = move(row, State.ACCEPTED, actor)
        acceptance.settle(row, actor)
    return row


def change_registration(
    registration: Registration, *, actor: User | None = None, **values: Any
) -> Registration:
    """The desk changes the form of a live registration; the police station is told next time."""
    with events.writing():
        row = locked(registration)
        good = registration_form.clean_form(values, row)
        changed = sorted(name for name, value in good.items() if getattr(row, name) != value)
        if changed and row.state != State.ENDED:
            fill(row, {name: good[name] for name in changed})
            row.changed_at, row.version = timezone.now(), row.version + 1
            row.save()
            deadlines.refresh_registration(row)
            record("residents.registration_changed", row, actor, fields=changed)
    return row


def report_registration(registration: Registration, *, actor: User | None = None) -> Registration:
    """It went to the police station; a later change is reported the same way."""
    with events.writing():
        row = locked(registration)
        row.reported_at = timezone.now()
        if row.state == State.ACCEPTED:
            return move(row, State.REPORTED, actor)
        row.save(update_fields=["reported_at"])
        deadlines.meet(row, "change_report", timezone.localdate())
        deadlines.refresh_registration(row)
    return row


def confirm_registration(
    registration: Registration, *, number: str = "", actor: User | None = None
) -> Registration:
    """The police station confirmed it, with its receipt where there is one."""
    with events.writing():
        row = locked(registration, None, State.CONFIRMED)
        row.police_number = rules.clean_line("number", number, 40)
        row.confirmed_at = timezone.now()
        return move(row, State.CONFIRMED, actor, note=row.police_number)
