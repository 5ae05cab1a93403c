"""What people ask of the desk: an ending to confirm, data to correct or to erase."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import User
from residents import reaching, rules
from residents.models import DataRequest, Ending, Person, Registration
from residents.operations import moves, terms
from residents.operations.people import locked as locked_person
from residents.operations.transitions import locked
from residents.querysets import LIVE


def say_tenant_left(
    registration: Registration, on: date | None, *, actor: User | None = None
) -> Ending:
    """The landlord says that the tenant moved out. Nothing ends by it: the tenant or the desk
    confirms. The same again changes nothing. Raises ValidationError.
    """
    with events.writing():
        row = locked(registration)
        if row.state not in LIVE or row.person_id is None:
            raise rules.fault("on", "not_live", _("This registration is not in force."))
        if on is None or on > timezone.localdate() or (row.moved_in_on and on < row.moved_in_on):
            raise rules.fault("on", "day_unfit", _("Give the day of moving out, not a later one."))
        ending, created = Ending.objects.get_or_create(
            registration=row,
            state=Ending.State.OPEN,
            defaults={
                "compound_id": row.compound_id,
                "person_id": row.person_id,
                "ended_on": on,
                "asked_by": actor,
                "asked_at": timezone.now(),
            },
        )
        if created:
            _record("residents.ending_said", ending, actor)
            _tell_tenant(ending)
    found: Ending = ending
    return found


def _tell_tenant(ending: Ending) -> None:
    user = ending.person.user
    if user is not None:
        notifications.tell(
            user,
            "residents.ending_said",
            compound=ending.registration.compound,
            key=f"ending:{ending.pk}",
            facts={"home": ending.registration.unit.code, "day": ending.ended_on.isoformat()},
        )


def answer_ending(ending: Ending, *, moved_out: bool, actor: User | None = None) -> Ending:
    """The tenant or the desk says whether it is so; moving out then follows. Answered once.

    Raises ValidationError where the day does not fit any more.
    """
    with events.writing():
        rows = Ending.objects.select_for_update(of=("self",)).select_related("registration__unit")
        row: Ending = rows.get(pk=ending.pk)
        if row.state != Ending.State.OPEN:
            return row
        row.state = Ending.State.CONFIRMED if moved_out else Ending.State.REFUSED
        row.answered_by, row.answered_at = actor, timezone.now()
        row.save(update_fields=["state", "answered_by", "answered_at"])
        _record("residents.ending_answered", row, actor, moved_out=moved_out)
        if moved_out:
            moves.move_out(row.registration.unit, [row.person], on=row.ended_on, actor=actor)
    return row


def renew_until(
    registration: Registration,
    until: date | None,
    lease_to: date | None = None,
    *,
    actor: User | None = None,
) -> Registration:
    """Somebody says of themselves until when they stay. Raises ValidationError."""
    if until is None:
        text = _("Give the day until which you stay. If unsure, give the end of the lease.")
        raise rules.fault("expected_out_on", "missing", text)
    return terms.renew_registration(
        registration, expected_out_on=until, lease_to=lease_to, actor=actor
    )


def leave_home(registration: Registration, *, on: date, actor: User | None = None) -> None:
    """Somebody says of themselves that they moved out: residency, registration, lease end.

    Raises ValidationError for a day to come, or one before they moved in.
    """
    if on > timezone.localdate():
        text = _("Give the day on which you moved out, today at the latest.")
        raise rules.fault("on", "too_far_ahead", text)
    with events.writing():
        row = locked(registration)
        if row.person is None or row.state not in LIVE:
            raise rules.fault("on", "not_live", _("This registration is not in force."))
        moves.move_out(row.unit, [row.person], on=on, actor=actor)


def ask_about_data(
    person: Person, kind: str, *, text: str = "", on_behalf: bool = False, actor: User | None = None
) -> DataRequest:
    """Ask the desk to correct or erase; an open wish to erase is asked once. Raises
    ValidationError for an empty wish to correct.
    """
    text = rules.clean_line("text", text, 500)
    if kind not in DataRequest.Kind.values:
        raise ValueError(kind)
    if kind == DataRequest.Kind.CORRECT and not text:
        raise rules.fault("text", "text_missing", _("Say what is wrong and what is right."))
    with events.writing():
        person = locked_person(person)
        same = DataRequest.objects.filter(person=person, kind="erase", state="open").first()
        if kind == DataRequest.Kind.ERASE and same is not None:
            found: DataRequest = same
            return found
        row: DataRequest = DataRequest.objects.create(
            compound_id=person.compound_id,
            person=person,
            kind=kind,
            text=text,
            on_behalf=on_behalf,
            made_by=actor,
            made_at=timezone.now(),
        )
        _record("residents.data_asked", row, actor, request=row.pk, what=kind)
    return row


def answer_about_data(
    request: DataRequest, *, done: bool, answer: str, actor: User | None = None
) -> DataRequest:
    """The desk answers, once; the person reads it. Raises ValidationError without an answer."""
    answer = rules.clean_line("answer", answer, 500)
    if not answer:
        raise rules.fault("answer", "answer_missing", _("Say what was done, or why it cannot be."))
    with events.writing():
        row: DataRequest = DataRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
        if row.state != DataRequest.State.OPEN:
            return row
        row.state = DataRequest.State.DONE if done else DataRequest.State.REFUSED
        row.answer, row.answered_by, row.answered_at = answer, actor, timezone.now()
        row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
        _record("residents.data_answered", row, actor, request=row.pk, done=done)
        notifications.tell(
            reaching.reader(row.person),
            "residents.data_answered",
            compound=row.person.compound,
            key=f"data-answer:{row.pk}",
        )
    return row


def _record(kind: str, row: Any, actor: User | None, **facts: Any) -> None:
    events.record(
        kind, compound=row.compound_id, actor=actor, person=row.person_id, row=row.pk, **facts
    )
