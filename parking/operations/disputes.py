"""A stay that somebody disputes: said with a picture, answered by the desk or a guard."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import User
from parking.models import Dispute, Stay
from parking.operations import rules, sealed, telling
from residents import rules as words
from residents.models import Person
from residents.operations import sealing

State = Dispute.State
#: Disputes of one person that wait at the same time.
MOST_WAITING = 10


def dispute_stay(
    stay: Stay, person: Person, *, what: str, text: str = "", picture: bytes = b"",
    actor: User | None = None,
) -> Dispute:  # fmt: skip
    """Say that a stay is not as it was; while it waits, a second time gives the same dispute.

    The caller has shown that the stay is the person's to see. Raises ValidationError.
    """
    if what not in Dispute.What.values:
        raise rules.fault("what", "what_unknown")
    text = words.clean_line("text", text, 500)
    with sealed.taken(stay.compound_id, picture) as kept, events.writing():
        Stay.objects.select_for_update(of=("self",)).get(pk=stay.pk)
        again: Dispute | None = stay.disputes.filter(state=State.WAITING).first()
        if again is not None:
            sealing.drop_all([kept.get("file", "")])
            return again
        if Dispute.objects.filter(person=person, state=State.WAITING).count() >= MOST_WAITING:
            raise rules.fault("what", "too_many_waiting")
        row: Dispute = Dispute.objects.create(
            compound_id=stay.compound_id, stay=stay, person=person, what=what, text=text,
            asked_at=timezone.now(), **kept,
        )  # fmt: skip
        _record("parking.stay_disputed", row, actor)
        telling.tell_desk(row, "parking.stay_disputed")
    return row


def answer_dispute(
    dispute: Dispute, *, outcome: str, answer: str, actor: User | None = None
) -> Dispute:
    """Answer it, once: ``corrected`` (the stay itself is put right before) or ``stands``.

    Raises ValidationError without words, or where somebody else answered.
    """
    if outcome not in (State.CORRECTED, State.STANDS):
        raise rules.fault("outcome", "outcome_unknown")
    answer = words.clean_line("answer", answer, 200)
    if not answer:
        raise rules.fault("answer", "answer_missing")
    with events.writing():
        rows = Dispute.objects.select_for_update(of=("self",))
        row: Dispute = rows.select_related("compound", "person__user").get(pk=dispute.pk)
        if row.state != State.WAITING:
            if (row.state, row.answer) == (outcome, answer):
                return row
            text = _("This was answered already. Open the list again.")
            raise ValidationError(text, "answered_already")
        row.state, row.answer = outcome, answer
        row.answered_at, row.answered_by = timezone.now(), actor
        row.save()
        _record("parking.dispute_answered", row, actor)
        telling.tell_person(row.person, row, "parking.dispute_answered")
    return row


def _record(kind: str, row: Dispute, actor: User | None) -> None:
    events.record(
        kind, compound=row.compound_id, actor=actor, dispute=row.pk, stay=row.stay_id,
        state=row.state,
    )  # fmt: skip
