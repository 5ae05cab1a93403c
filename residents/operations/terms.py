"""How long a registration goes on: permit, yearly endorsement, renewal, end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from residents import clock, registration_form, rules
from residents.models import Registration
from residents.operations import deadlines
from residents.operations.transitions import fill, locked, move, record

State = Registration.State


def issue_permit(
    registration: Registration, *, number: str, on: date, actor: User | None = None
) -> Registration:
    """The residence permit was issued; its yearly endorsement is on the clock from now on.

    Raises ValidationError without a number, or before half a year is over.
    """
    number = rules.plain(number)
    if not number:
        raise rules.fault("number", "number_missing", _("Give the number of the permit."))
    with events.writing():
        row = locked(registration)
        if row.counts_from is None or on < row.counts_from:
            text = _("This day is before the registration.")
            raise rules.fault("on", "ends_before_start", text)
        row.permit_number, row.permit_issued_on = number, on
        row.version += 1
        row.save()
        deadlines.meet(row, "permit", on)
        deadlines.refresh_registration(row)
        record("residents.permit_issued", row, actor)
    return row


def endorse_permit(
    registration: Registration, *, on: date, actor: User | None = None
) -> Registration:
    """The yearly endorsement was done on a day. Late, the years of residence count anew from it.

    Raises ValidationError without a permit, or before the month in which it can be done.
    """
    with events.writing():
        row = locked(registration)
        if row.permit_issued_on is None or row.counts_from is None:
            raise rules.fault("on", "no_permit", _("There is no residence permit to endorse."))
        try:
            counts, until = clock.endorsed(row.counts_from, row.endorsed_until, on)
        except ValueError as early:
            text = _("The endorsement is possible from %(day)s.") % {"day": early}
            raise rules.fault("on", "too_early", text) from early
        deadlines.meet(row, "endorsement", on)
        late = counts != row.counts_from
        row.counts_from, row.endorsed_until, row.suspended_on = counts, until, None
        row.renewed_on, row.changed_at = on, timezone.now()
        record("residents.permit_endorsed", row, actor, late=late)
        return move(row, State.RENEWED, actor)


def renew_registration(
    registration: Registration,
    *,
    expected_out_on: date,
    lease_to: date | None = None,
    actor: User | None = None,
) -> Registration:
    """The stay goes on: until when, and until when the lease runs. Raises ValidationError."""
    values: dict[str, Any] = {"expected_out_on": expected_out_on}
    if lease_to is not None:
        values["lease_to"] = lease_to
    with events.writing():
        row = locked(registration)
        if expected_out_on < timezone.localdate():
            text = _("This day is over. Give the day until which the stay goes on.")
            raise rules.fault("expected_out_on", "in_the_past", text)
        fill(row, registration_form.clean_form(values, row))
        row.renewed_on, row.changed_at = timezone.localdate(), timezone.now()
        deadlines.meet(row, "move_out", row.renewed_on)
        return move(row, State.RENEWED, actor)


def end_registration(
    registration: Registration,
    *,
    on: date,
    reason: str = Registration.EndReason.MOVED_OUT,
    actor: User | None = None,
) -> Registration:
    """The registration is over; a second time changes nothing. Raises ValidationError."""
    if reason not in Registration.EndReason.values:
        raise rules.fault("reason", "reason_unknown", _("Choose why it ends."))
    with events.writing():
        row = locked(registration)
        if row.state == State.ENDED:
            return row
        if row.moved_in_on is not None and on < row.moved_in_on:
            text = _("This date is before the move-in. If unsure, give the end of the lease.")
            raise rules.fault("on", "ends_before_start", text)
        row.ended_on, row.end_reason = on, reason
        row.changed_at = timezone.now() if row.accepted_at else None
        return move(row, State.ENDED, actor, note=reason)
