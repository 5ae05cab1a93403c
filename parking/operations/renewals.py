"""A resident asks to have a permit prolonged; the desk answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parking.models import Permit, RenewalWish
from parking.operations import rules, telling
from parking.operations.permits import renew_permit
from residents.models import Person

State = RenewalWish.State
#: The furthest day that may be asked for.
FURTHEST = timedelta(days=366 * 2)


def ask_renewal(
    permit: Permit, person: Person, *, until: date, actor: User | None = None
) -> RenewalWish:
    """Ask for a later last day; while one wish waits, that one is given. Raises ValidationError."""
    with events.writing():
        locked = Permit.objects.select_for_update(of=("self",)).select_related("compound")
        held = locked.get(pk=permit.pk)
        if held.ended_at is not None or held.valid_until is None:
            raise rules.fault("until", "nothing_to_renew")
        if until <= held.valid_until:
            raise rules.fault("until", "renewed_backwards")
        if until > rules.today(held.compound) + FURTHEST:
            raise rules.fault("until", "renewed_too_far")
        again: RenewalWish | None = held.wishes.filter(state=State.WAITING).first()
        if again is not None:
            return again
        row: RenewalWish = RenewalWish.objects.create(
            compound=held.compound, permit=held, person=person, until=until,
            asked_at=timezone.now(),
        )  # fmt: skip
        _record("parking.renewal_asked", row, actor)
        telling.tell_desk(row, "parking.renewal_asked")
    return row


def grant_renewal(wish: RenewalWish, *, actor: User | None = None) -> RenewalWish:
    """Prolong the permit until the day asked for; who asked is told."""
    with events.writing():
        row = _waiting(wish, State.GRANTED)
        if row.state == State.GRANTED:
            return row
        renew_permit(row.permit, until=row.until, actor=actor)
        _answer(row, State.GRANTED, actor)
        telling.tell_person(row.person, row, "parking.renewal_granted")
    return row


def refuse_renewal(wish: RenewalWish, *, reason: str, actor: User | None = None) -> RenewalWish:
    reason = rules.clean_text("reason", reason, 120)
    if not reason:
        raise rules.fault("reason", "reason_missing")
    with events.writing():
        row = _waiting(wish, State.REFUSED)
        if row.state == State.REFUSED:
            return row
        row.reason = reason
        _answer(row, State.REFUSED, actor)
        telling.tell_person(row.person, row, "parking.renewal_refused")
    return row


def _waiting(wish: RenewalWish, wanted: str) -> RenewalWish:
    rows = RenewalWish.objects.select_for_update(of=("self",))
    row: RenewalWish = rows.select_related("compound", "permit", "person__user").get(pk=wish.pk)
    if row.state not in (State.WAITING, wanted):
        text = _("This was answered already. Open the list again.")
        raise ValidationError(text, "answered_already")
    return row


def _answer(row: RenewalWish, state: str, actor: User | None) -> None:
    row.state, row.answered_at, row.answered_by = state, timezone.now(), actor
    row.save()
    _record(f"parking.renewal_{state}", row, actor)


def _record(kind: str, row: RenewalWish, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, wish=row.pk, **facts)
