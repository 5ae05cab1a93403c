"""The form in the hands of whoever fills it in: started, taken up, handed back with remarks."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from residents import registration_form, rules
from residents.models import FormRemark, Person, Registration, RegistrationPhoto
from residents.operations import registrations, reviews, terms
from residents.operations.transitions import locked, note, record

State = Registration.State
#: Forms that strangers may start in one home within a day: a household, and some who gave up.
MOST_DRAFTS = 12
PHOTOS = frozenset(f"photos.{kind}" for kind in RegistrationPhoto.Kind.values)


def start_by_code(
    unit: Unit, *, person: Person | None = None, actor: User | None = None
) -> Registration:
    """The home's QR code was scanned: an empty form, or the one that this person left here.

    Raises ValidationError where too many were started today.
    """
    since = timezone.now() - timedelta(days=1)
    started = Registration.objects.filter(unit=unit, origin="tenant", created_at__gt=since)
    if person is None and started.filter(state=State.DRAFT).count() >= MOST_DRAFTS:
        text = _("Many forms were started for this home today. Please ask the property office.")
        raise ValidationError(text, "too_many_forms")
    with events.writing():
        return registrations.start_registration(unit, origin="tenant", person=person, actor=actor)


def take_up(registration: Registration, *, actor: User | None = None) -> Registration:
    """The invited person begins: the link that was passed on opens the form no more.

    Whoever sent the link must not read what is filled in. Raises ValidationError (code
    ``form_taken``) where somebody else was first.
    """
    with events.writing():
        row = locked(registration)
        if row.state != State.INVITED or row.nonce != registration.nonce:
            text = _("This form is being filled in already. Go on with your own link.")
            raise ValidationError(text, "form_taken")
        row.nonce, row.state = secrets.token_urlsafe(12), State.DRAFT
        row.version += 1
        row.save(update_fields=["nonce", "state", "version"])
        note(row, actor)
        record("residents.registration_taken_up", row, actor)
    return row


def fill_step(
    registration: Registration, version: int, *, actor: User | None = None, **values: Any
) -> Registration:
    """Keep one page of the form as it was when ``version`` was drawn.

    Raises ValidationError, also (code ``decided_already``) where another device changed it since.
    """
    with events.writing():
        locked(registration, version)
        return registrations.fill_registration(registration, actor=actor, **values)


def return_with_remarks(
    registration: Registration,
    remarks: Mapping[str, str],
    *,
    reason: str,
    actor: User | None = None,
    version: int | None = None,
) -> Registration:
    """Give the form back, and say at which fields what is wrong: ``{field: text}``, a photograph
    as ``photos.<kind>``. Raises ValidationError for an unknown field, and as the returning does.
    """
    good = {name: rules.clean_line(name, text, 200) for name, text in remarks.items()}
    unknown = set(good) - set(registration_form.FIELDS) - PHOTOS
    if unknown:
        raise ValidationError(_("Choose a field of the form."), "field_unknown")
    with events.writing():
        row = reviews.return_registration(registration, reason=reason, actor=actor, version=version)
        FormRemark.objects.filter(registration=row).delete()
        FormRemark.objects.bulk_create(
            FormRemark(compound_id=row.compound_id, registration=row, field=name, text=text)
            for name, text in good.items()
            if text
        )
    return row


def hand_in(registration: Registration, *, actor: User | None = None) -> Registration:
    """Submit the form; what was marked in it is gone then. Raises ValidationError."""
    with events.writing():
        row = registrations.submit_registration(registration, actor=actor)
        FormRemark.objects.filter(registration=row).delete()
    return row


def withdraw(registration: Registration, *, actor: User | None = None) -> Registration:
    """Give up a form that the desk has not accepted: its photographs are erased with it.

    Raises ValidationError (code ``form_accepted``) afterwards: a registration ends by moving out.
    """
    from residents.operations import photos

    with events.writing():
        row = locked(registration)
        if row.accepted_at is not None:
            text = _("This form was accepted. It ends when you move out.")
            raise ValidationError(text, "form_accepted")
        for photo in RegistrationPhoto.objects.filter(registration=row):
            photos.remove_photo(photo, actor=actor)
        on = timezone.localdate()
        day = max(on, row.moved_in_on) if row.moved_in_on else on
        return terms.end_registration(row, on=day, reason="withdrawn", actor=actor)
