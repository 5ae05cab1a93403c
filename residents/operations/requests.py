"""Repairs and complaints: reported → assigned → in work → done → rated, or back; or refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import Compound, Unit, User
from community.querysets import STAFF
from residents import rules
from residents.models import Category, Person, RequestNote, RequestRule, ServiceRequest
from residents.operations import request_pictures
from residents.operations.request_rules import due_at
from residents.reaching import reader

State = ServiceRequest.State
MOVES: dict[str, frozenset[str]] = {
    State.REPORTED: frozenset({State.ASSIGNED, State.REFUSED, State.WITHDRAWN}),
    State.ASSIGNED: frozenset({State.ASSIGNED, State.IN_WORK, State.DONE, State.REFUSED,
                               State.WITHDRAWN}),
    State.IN_WORK: frozenset({State.DONE, State.ASSIGNED}),
    State.DONE: frozenset({State.RATED, State.REPORTED}),
    State.RATED: frozenset({State.REPORTED}),
    State.REFUSED: frozenset({State.REPORTED}),
    State.WITHDRAWN: frozenset(),
}  # fmt: skip
REMIND = 24
#: A request can be reopened for so long.
REOPEN = timedelta(days=14)
LONGEST = 2000


def report_request(
    *,
    person: Person,
    kind: str,
    category: str,
    description: str,
    key: str,
    unit: Unit | None = None,
    place: str = "",
    pictures: Sequence[bytes] = (),
    on_behalf_by: User | None = None,
    actor: User | None = None,
) -> ServiceRequest:
    """Take down a repair or complaint; ``key`` names the form, which may be sent twice.

    ``pictures`` are the bytes of up to six. Raises ValidationError that names each bad field.
    """
    known: ServiceRequest | None = ServiceRequest.objects.filter(key=key, person=person).first()
    if known is not None:
        return known
    values = _checked(
        person,
        {
            "kind": kind,
            "category": category,
            "description": description.strip(),
            "unit": unit,
            "place": " ".join(place.split())[:80],
        },
    )
    kept = request_pictures.keep(person.compound_id, pictures)
    try:
        with events.writing():
            row = _write(person, values | {"key": key, "on_behalf_by": on_behalf_by})
            request_pictures.attach(row, kept)
            _record("residents.request_reported", row, actor or on_behalf_by, pictures=len(kept))
            _tell_desk(row, "residents.request_new", "new")
    except BaseException:
        for one in kept:
            one.drop()
        raise
    return row


def _write(person: Person, values: dict[str, Any]) -> ServiceRequest:
    now = timezone.now()
    due = due_at(person.compound_id, values["category"], now)
    row: ServiceRequest = ServiceRequest.objects.create(
        compound_id=person.compound_id, person=person, created_at=now, due_at=due, **values
    )
    return row


def _checked(person: Person, values: dict[str, Any]) -> dict[str, Any]:
    faults: dict[str, Any] = {}
    unit: Unit | None = values["unit"]
    if values["kind"] not in ServiceRequest.Kind.values:
        faults["kind"] = ValidationError(_("Say whether it is a repair or a complaint."), "kind")
    if values["category"] not in Category.values:
        faults["category"] = ValidationError(_("Choose what it is about."), "category")
    if not 2 <= len(values["description"]) <= LONGEST:
        text = _("Describe it in a few words, 2,000 characters at most.")
        faults["description"] = ValidationError(text, "description")
    if unit is None and not values["place"]:
        faults["place"] = ValidationError(_("Say where it is."), "place")
    if unit is not None and unit.compound_id != person.compound_id:
        faults["unit"] = ValidationError(_("This home is in another compound."), "other_compound")
    if faults:
        raise ValidationError(faults)
    return values


def assign_request(
    request: ServiceRequest,
    *,
    actor: User,
    to: User | None = None,
    craftsman: str = "",
    comes_at: datetime | None = None,
) -> ServiceRequest:
    """Say who does it, one of the staff or somebody by name, and when they come."""
    craftsman = " ".join(craftsman.split())[:60]
    if to is None and not craftsman:
        raise rules.fault("to", "nobody", _("Say who does it."))
    if to is not None and not to.roles_in(request.compound_id) & STAFF:
        raise rules.fault("to", "no_staff", _("This person does not work here."))
    values: dict[str, Any] = {"assigned_to": to, "craftsman": craftsman, "comes_at": comes_at}
    return _move(request, State.ASSIGNED, actor, tell="residents.request_assigned", **values)


def start_request(request: ServiceRequest, *, actor: User) -> ServiceRequest:
    return _move(request, State.IN_WORK, actor)


def finish_request(request: ServiceRequest, *, actor: User, answer: str = "") -> ServiceRequest:
    """It is done; the person can rate it, or say that it is not."""
    done = {"done_at": timezone.now()}
    return _move(request, State.DONE, actor, tell="residents.request_done", note=answer, **done)


def refuse_request(request: ServiceRequest, reason: str, *, actor: User) -> ServiceRequest:
    """Not ours to do: the reason is the answer."""
    reason = " ".join(reason.split())[:200]
    if not reason:
        raise rules.fault("reason", "no_reason", _("Say why. The person reads it."))
    return _move(request, State.REFUSED, actor, tell="residents.request_refused", reason=reason)


def withdraw_request(request: ServiceRequest, *, actor: User | None) -> ServiceRequest:
    return _move(request, State.WITHDRAWN, actor)


def rate_request(
    request: ServiceRequest, rating: int, text: str = "", *, actor: User | None
) -> ServiceRequest:
    """One to five; once."""
    if rating not in range(1, 6):
        raise rules.fault("rating", "rating", _("Choose one to five."))
    words = text.strip()[:LONGEST]
    return _move(request, State.RATED, actor, rating=rating, rating_text=words)


def reopen_request(request: ServiceRequest, why: str, *, actor: User | None) -> ServiceRequest:
    """It is not done after all. The time runs anew. Raises ValidationError after two weeks."""
    why = why.strip()[:LONGEST]
    if not why:
        raise rules.fault("why", "no_reason", _("Say what is still wrong."))
    now = timezone.now()
    if request.done_at is not None and now - request.done_at > REOPEN:
        raise rules.fault("why", "too_late", _("This was long ago. Please report it anew."))
    values: dict[str, Any] = {
        "rating": None,
        "reason": "",
        "done_at": None,
        "reminded_at": None,
        "reopened": request.reopened + 1,
        "due_at": due_at(request.compound_id, request.category, now),
    }
    row = _move(request, State.REPORTED, actor, note=why, **values)
    _tell_desk(row, "residents.request_reopened", f"again{row.reopened}")
    return row


def answer_request(
    request: ServiceRequest, text: str, *, actor: User | None, is_internal: bool = False
) -> RequestNote:
    """Say something about a request; the other side is told, unless it is only for the staff."""
    text = text.strip()[:LONGEST]
    if not text:
        raise rules.fault("text", "no_text", _("Write something first."))
    with events.writing():
        row = _locked(request)
        note = _note(row, text, actor, is_internal)
        _record("residents.request_answered", row, actor, note=note.pk, internal=is_internal)
        own = actor is not None and actor.pk == row.person.user_id
        if own:
            _tell_desk(row, "residents.request_said", f"note{note.pk}")
        elif not is_internal:
            _tell(row, "residents.request_answered", f"note{note.pk}")
    return note


def remind_overdue(now: datetime | None = None) -> int:
    """Tell who works on it and the desk, again and again until it is done; returns how many."""
    now = now or timezone.now()
    late = ServiceRequest.objects.overdue(now).order_by("due_at")
    count = 0
    for row in late.select_related("person")[:200]:
        rule = RequestRule.objects.filter(compound_id=row.compound_id, category=row.category)
        again = timedelta(hours=rule.values_list("remind_hours", flat=True).first() or REMIND)
        if row.reminded_at is not None and now - row.reminded_at < again:
            continue
        count += _remind(row, now)
    return count


def _remind(row: ServiceRequest, now: datetime) -> int:
    with events.writing():
        mine = ServiceRequest.objects.filter(pk=row.pk, reminded_at=row.reminded_at)
        if not mine.update(reminded_at=now):
            return 0
        _record("residents.request_overdue", row, None)
        about = f"late{now:%Y%m%d%H%M}"
        _tell_desk(row, "residents.request_late", about)
        if row.assigned_to_id is not None:
            _tell(row, "residents.request_late", f"{about}:own", to=row.assigned_to)
    return 1


def _move(
    request: ServiceRequest,
    state: str,
    actor: User | None,
    *,
    tell: str = "",
    note: str = "",
    **values: Any,
) -> ServiceRequest:
    """One step. Coming twice to the same state changes nothing. Raises ValidationError."""
    with events.writing():
        row = _locked(request)
        if row.state == state and state != State.ASSIGNED:
            return row
        if state not in MOVES[row.state]:
            text = _("This was settled meanwhile: %(state)s. Look at it again.")
            shown = {"state": row.get_state_display()}
            raise ValidationError(text, "settled", shown)
        row.state = state
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=["state", *values])
        if note.strip():
            _note(row, note.strip()[:LONGEST], actor, is_internal=False)
        _record(f"residents.request_{state if state != State.REPORTED else 'reopened'}", row, actor)
        if tell:
            _tell(row, tell, f"{state}{timezone.now():%Y%m%d%H%M%S}")
    return row


def _note(row: ServiceRequest, text: str, actor: User | None, is_internal: bool) -> RequestNote:
    note: RequestNote = RequestNote.objects.create(
        compound_id=row.compound_id,
        request=row,
        author=actor,
        text=text,
        is_internal=is_internal,
        created_at=timezone.now(),
    )
    return note


def _locked(request: ServiceRequest) -> ServiceRequest:
    rows = ServiceRequest.objects.select_for_update(of=("self",)).select_related("person__user")
    row: ServiceRequest = rows.get(pk=request.pk)
    return row


def _record(kind: str, row: ServiceRequest, actor: User | None, **facts: Any) -> None:
    events.record(kind, compound=row.compound_id, actor=actor, request=row.pk, **facts)


def _tell(row: ServiceRequest, kind: str, about: str, to: User | None = None) -> None:
    compound = Compound.objects.get(pk=row.compound_id)
    who = to or reader(row.person)
    key, facts = f"request:{row.pk}:{about}", {"request": row.pk, "category": row.category}
    notifications.tell(who, kind, compound=compound, key=key, facts=facts)


def _tell_desk(row: ServiceRequest, kind: str, about: str) -> None:
    compound = Compound.objects.get(pk=row.compound_id)
    key, facts = f"request:{row.pk}:{about}:desk", {"request": row.pk, "category": row.category}
    notifications.tell(notifications.DESK, kind, compound=compound, key=key, facts=facts)
