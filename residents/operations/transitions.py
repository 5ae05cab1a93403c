"""Which state of a registration follows which, and how a step is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, keyring
from community.models import User
from residents.models import Registration, RegistrationStep
from residents.operations import deadlines

State = Registration.State
NUMBERS = ("document", "phone")
#: From each state to those that may follow.
MOVES: dict[str, frozenset[str]] = {
    State.INVITED: frozenset({State.DRAFT, State.SUBMITTED, State.ENDED}),
    State.DRAFT: frozenset({State.SUBMITTED, State.ENDED}),
    State.SUBMITTED: frozenset({State.RETURNED, State.ACCEPTED, State.ENDED}),
    State.RETURNED: frozenset({State.SUBMITTED, State.ENDED}),
    State.ACCEPTED: frozenset({State.REPORTED, State.RETURNED, State.ENDED}),
    State.REPORTED: frozenset({State.CONFIRMED, State.RETURNED, State.ENDED}),
    State.CONFIRMED: frozenset({State.EXPIRING, State.RENEWED, State.ENDED}),
    State.EXPIRING: frozenset({State.RENEWED, State.ENDED}),
    State.RENEWED: frozenset({State.EXPIRING, State.RENEWED, State.ENDED}),
    State.ENDED: frozenset(),
}
#: What the ledger calls the arrival in a state.
EVENTS = {
    State.SUBMITTED: "residents.registration_submitted",
    State.RETURNED: "residents.registration_returned",
    State.ACCEPTED: "residents.registration_accepted",
    State.REPORTED: "residents.registration_reported",
    State.CONFIRMED: "residents.registration_confirmed",
    State.EXPIRING: "residents.registration_expiring",
    State.RENEWED: "residents.registration_renewed",
    State.ENDED: "residents.registration_ended",
}


def locked(
    registration: Registration, version: int | None = None, wanted: str | None = None
) -> Registration:
    """The row as stored, locked.

    Raises ValidationError (code ``decided_already``) where ``wanted`` cannot follow any more, or
    where the row has changed since the page with ``version`` was drawn: somebody else was first.
    """
    rows = Registration.objects.select_for_update(of=("self",))
    row: Registration = rows.select_related("compound", "unit", "letting").get(pk=registration.pk)
    gone = wanted is not None and wanted not in MOVES[row.state]
    if gone or (version is not None and version != row.version):
        raise decided(row)
    return row


def decided(row: Registration) -> ValidationError:
    """Somebody was first: who, and what they decided."""
    last = row.steps.select_related("by").last()
    said = {
        "who": str(last.by) if last is not None and last.by else _("somebody else"),
        "state": row.get_state_display(),
    }
    text = _("Meanwhile %(who)s changed this: it is now “%(state)s”. Look at it again.")
    return ValidationError(text, "decided_already", params=said)


def move(row: Registration, state: str, actor: User | None, note: str = "") -> Registration:
    """Take a locked row, with its fields set, into its next state; the clock follows."""
    if state not in MOVES[row.state]:
        raise decided(row)
    row.state, row.version = state, row.version + 1
    row.save()
    _step(row, actor, note)
    deadlines.refresh_registration(row)
    record(EVENTS[State(state)], row, actor)
    return row


def note(row: Registration, actor: User | None) -> None:
    """Keep how a registration began, or that its form was taken up."""
    _step(row, actor, "")


def _step(row: Registration, actor: User | None, text: str) -> None:
    RegistrationStep.objects.create(
        compound_id=row.compound_id,
        registration=row,
        at=timezone.now(),
        state=row.state,
        by=actor,
        note=text,
    )


def record(kind: str, row: Registration, actor: User | None, **facts: Any) -> None:
    facts |= {"registration": row.pk, "person": row.person_id, "unit": row.unit_id}
    events.record(kind, compound=row.compound_id, actor=actor, **facts)


def fill(row: Registration, values: dict[str, Any]) -> None:
    """Set cleaned values, with the blind indexes of numbers."""
    for name, value in values.items():
        setattr(row, name, value)
        if name in NUMBERS:
            index = keyring.blind_index(value, row.compound_id, name) if value else ""
            setattr(row, f"{name}_index", index)
