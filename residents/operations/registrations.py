"""The road of a registration: invited, filled in, checked, reported, confirmed, renewed, ended."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from residents import registration_form, rules
from residents.models import Letting, Person, Registration
from residents.operations import acceptance, deadlines, homes, transitions
from residents.operations.transitions import locked, move, record

State, Origin = Registration.State, Registration.Origin
SALT = "residents.registration"
#: States in which the form is open to whoever fills it in, and in which the desk corrects it.
OPEN = frozenset({State.INVITED, State.DRAFT, State.RETURNED})


def invite_tenant(
    letting: Letting,
    *,
    name: str = "",
    phone: str = "",
    moved_in_on: date | None = None,
    expected_out_on: date | None = None,
    actor: User | None = None,
) -> Registration:
    """The landlord names a tenant: the start of the letting is reported, a form waits for them.

    Raises ValidationError for bad values, or a letting that has ended.
    """
    if letting.ended_on is not None:
        raise rules.fault("letting", "letting_ended", _("This home is let no more."))
    values = {"moved_in_on": moved_in_on, "expected_out_on": expected_out_on}
    given = {"name": name, "phone": phone} | values
    with events.writing():
        row = _new(letting.unit, State.INVITED, Origin.LANDLORD, actor, letting)
        transitions.fill(row, registration_form.clean_form(given, row))
        row.save()
        transitions.note(row, actor)
        homes.report_letting(letting, "start", on=timezone.localdate(), actor=actor)
        deadlines.refresh_registration(row)
        record("residents.registration_invited", row, actor)
    return row


def start_registration(
    unit: Unit,
    *,
    origin: str,
    person: Person | None = None,
    letting: Letting | None = None,
    on_behalf: bool = False,
    actor: User | None = None,
) -> Registration:
    """An empty form for a home: by the tenant (after the QR code), the landlord, or the desk.

    What is on file of ``person`` is filled in. A draft that they have there already is taken up.
    """
    if letting is None:
        letting = Letting.objects.filter(unit=unit, ended_on=None).order_by("-pk").first()
    with events.writing():
        if person is not None:
            Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
            same = Registration.objects.filter(person=person, unit=unit, state__in=OPEN)
            if (draft := same.order_by("-pk").first()) is not None:
                return locked(draft)
        row = _new(unit, State.DRAFT, origin, actor, letting)
        row.person, row.on_behalf = person, on_behalf
        if person is not None:
            transitions.fill(row, {name: getattr(person, name) for name in acceptance.SHARED})
        row.save()
        transitions.note(row, actor)
        record("residents.registration_started", row, actor)
    return row


def fill_registration(
    registration: Registration, *, actor: User | None = None, **values: Any
) -> Registration:
    """Keep some fields of the form; the first ones make an invitation a draft.

    Raises ValidationError that names each bad field, and keeps nothing then; also (code
    ``form_closed``) once the form was handed in.
    """
    with events.writing():
        row = locked(registration)
        if row.state not in OPEN:
            text = _("This form was handed in. The desk can return it to you for changes.")
            raise ValidationError(text, "form_closed")
        transitions.fill(row, registration_form.clean_form(values, row))
        if row.state == State.INVITED:
            row.state = State.DRAFT
            transitions.note(row, actor)
        row.version += 1
        row.save()
        deadlines.refresh_registration(row)
        record("residents.registration_filled", row, actor)
    return row


def submit_registration(registration: Registration, *, actor: User | None = None) -> Registration:
    """Hand the form in; twice changes nothing.

    Raises ValidationError (code ``missing``) that names each field that is still needed.
    """
    with events.writing():
        row = locked(registration)
        if row.state == State.SUBMITTED:
            return row
        lacking = registration_form.missing(row)
        if lacking:
            text = _("This is still needed.")
            raise ValidationError({name: ValidationError(text, "missing") for name in lacking})
        row.submitted_at = row.submitted_at or timezone.now()
        row.return_reason = ""
        return move(row, State.SUBMITTED, actor)


def token_of(registration: Registration) -> str:
    """What lets whoever fills in a form come back to it: for the address of the page."""
    return signing.dumps([registration.pk, registration.nonce], salt=SALT, compress=True)


def registration_of_token(token: str) -> Registration | None:
    """The form that a token opens; None for a token that is none of ours, or for an ended one."""
    try:
        key, nonce = signing.loads(token[:200], salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    rows = Registration.objects.select_related("compound", "unit").exclude(state=State.ENDED)
    return rows.filter(pk=key, nonce=nonce).first() if isinstance(key, int) else None


def _new(
    unit: Unit, state: str, origin: str, actor: User | None, letting: Letting | None
) -> Registration:
    if origin not in Origin.values:
        raise ValueError(origin)
    row = Registration(
        compound_id=unit.compound_id,
        unit=unit,
        letting=letting,
        state=state,
        origin=origin,
        started_by=actor,
        nonce=secrets.token_urlsafe(12),
    )
    if letting is not None:
        row.landlord_name, row.landlord_phone = letting.landlord.name, letting.landlord.phone
    return row
