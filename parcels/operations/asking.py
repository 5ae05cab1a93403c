"""Who wants to be asked each time is asked: a question with a time, an answer, what was done."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, notifications
from community.models import Unit, User
from community.prepared import Prepared
from parcels.models import Courier, Kind, Parcel, ParcelQuestion, Way
from parcels.operations import choices, telling
from parcels.operations.moves import clean_waybill, fault, trace
from residents.models import Person
from residents.reaching import reader

Settled = ParcelQuestion.Settled
#: Questions of one courier that wait at a time, and within an hour: a stolen account asks no more.
MOST_OPEN, MOST_AN_HOUR = 20, 60
#: A question that nobody settled for so long is over: its waybill may be asked for anew.
STALE = timedelta(hours=20)
ANSWERS = (Way.LOCKER, Way.DESK, Way.DOOR, Way.NEIGHBOUR)
#: What a courier does without Linli seeing it: said by them, as the recipient chose.
BY_COURIER = (Settled.DOOR, Settled.NEIGHBOUR)
#: What can still be chosen where it lies at the desk already.
ANSWERS_AT_DESK = (Way.DESK, Way.DOOR)


def ask_recipient(
    courier: Courier,
    *,
    waybill: str,
    person: Person,
    unit: Unit | None = None,
    kind: str = Kind.PARCEL,
) -> ParcelQuestion:
    """Ask where this parcel is to be left; while it is asked, the same again is the same question.

    Raises ValidationError: they did not want to be asked, or the account asks too often.
    """
    from parcels.operations.deposits import check_courier, same_waybill

    waybill = clean_waybill(waybill)
    way, _choice = choices.way_for(person, courier.carrier, kind, waybill)
    with events.writing():
        Courier.objects.select_for_update(of=("self",)).get(pk=courier.pk)
        check_courier(courier)
        same_waybill(courier.carrier, waybill, None)
        known = _waiting(courier, waybill)
        if known is not None and known.person_id == person.pk:
            return known
        if way != Way.ASK:
            raise fault("way", "not_asked", _("The recipient has chosen already. Look once more."))
        _check_often(courier)
        if known is not None:
            settle(known, Settled.GONE, courier.user)
        return _asked(courier, person, waybill=waybill, unit=unit, kind=kind)


def _waiting(courier: Courier, waybill: str) -> ParcelQuestion | None:
    """The carrier's unsettled question for a waybill, held; one of yesterday is put away."""
    rows = ParcelQuestion.objects.unsettled().select_for_update(of=("self",))
    row: ParcelQuestion | None = rows.filter(carrier=courier.carrier, waybill=waybill).first()
    if row is not None and row.asked_at < timezone.now() - STALE:
        settle(row, Settled.GONE, courier.user)
        return None
    return row


def _check_often(courier: Courier) -> None:
    now = timezone.now()
    mine = ParcelQuestion.objects.filter(courier=courier, asked_at__gt=now - timedelta(hours=1))
    if mine.unsettled().count() >= MOST_OPEN or mine.count() >= MOST_AN_HOUR:
        text = _("Many recipients were asked already. Finish those first, or ask the desk.")
        raise fault("courier", "asks_too_often", text)


def _asked(courier: Courier, person: Person, **what: Any) -> ParcelQuestion:
    now = timezone.now()
    minutes = telling.rule_of(courier.compound_id).answer_minutes
    row: ParcelQuestion = ParcelQuestion.objects.create(
        compound_id=courier.compound_id, carrier=courier.carrier, courier=courier,
        person=person, asked_at=now, until=now + timedelta(minutes=minutes), **what,
    )  # fmt: skip
    _record("parcels.recipient_asked", row, courier.user)
    notifications.tell(
        reader(person), "parcels.where", compound=courier.compound,
        key=f"parcel-question:{row.pk}", facts={"question": row.pk}, expires_at=row.until,
    )  # fmt: skip
    return row


def answers_for(row: ParcelQuestion) -> tuple[Way, ...]:
    """What may be answered now."""
    return ANSWERS_AT_DESK if row.settled == Settled.DESK else ANSWERS


def answer_question(
    question: ParcelQuestion, way: str, *, neighbour: str = "", actor: User | None = None
) -> ParcelQuestion:
    """The recipient says where; the first answer in time counts. Raises ValidationError."""
    with events.writing():
        row = _held(question)
        if row.answered_at is not None and row.way == way:
            return row
        if not row.is_open(timezone.now()):
            text = _("The time for an answer is over. The desk knows where the parcel is.")
            raise fault("way", "too_late", text)
        if way not in answers_for(row):
            raise fault("way", "way_unknown", _("Choose where it is to be left."))
        if way == Way.NEIGHBOUR:
            choices.check_neighbour(row.person, neighbour)
            row.neighbour = neighbour.strip()
        row.way, row.answered_at, row.answered_by = way, timezone.now(), actor
        row.save(update_fields=["way", "neighbour", "answered_at", "answered_by"])
        _record("parcels.recipient_answered", row, actor, way=way)
        _wish_at_desk(row, actor)
    return row


def _wish_at_desk(row: ParcelQuestion, actor: User | None) -> None:
    """The courier has gone and it lies at the desk: from there it is brought home, if asked for."""
    if row.settled != Settled.DESK or row.way != Way.DOOR or row.parcel_id is None:
        return
    parcel = Parcel.objects.select_for_update(of=("self",)).get(pk=row.parcel_id)
    if parcel.state == Parcel.State.DESK and not parcel.bring_home:
        parcel.bring_home = True
        parcel.save(update_fields=["bring_home"])
        trace(parcel, "bring_home", actor)


def settle_question(
    question: ParcelQuestion, done: str, *, actor: User | None = None
) -> ParcelQuestion:
    """The courier says what was done: brought to the door or neighbour as answered, or taken along.

    Said twice, it counts once. Raises ValidationError for what the recipient did not choose.
    """
    with events.writing():
        row = _held(question)
        if row.settled_at is not None:
            return row
        if done != Settled.GONE and (done not in BY_COURIER or done != row.way):
            text = _("The recipient has not chosen this. Look once more what they answered.")
            raise fault("done", "not_chosen", text)
        settle(row, done, actor)
    return row


def settle(row: ParcelQuestion, done: str, actor: User | None, parcel: Any = None) -> None:
    """Close a held question."""
    row.settled, row.settled_at, row.parcel = done, timezone.now(), parcel
    row.save(update_fields=["settled", "settled_at", "parcel"])
    _record("parcels.question_settled", row, actor, done=done)


_open_for = Prepared(
    lambda carrier, waybill: ParcelQuestion.objects.unsettled()
    .filter(carrier=carrier, waybill=waybill).order_by().values_list("pk")[:1],
    carrier=int, waybill=str,
)  # fmt: skip


def is_asked(carrier_id: int, waybill: str) -> bool:
    return bool(_open_for(carrier=carrier_id, waybill=waybill))


def settle_with(parcel: Parcel, done: str) -> None:
    """A parcel came to its place: whatever was asked for its waybill is settled by that."""
    rows = ParcelQuestion.objects.unsettled().select_for_update(of=("self",))
    row = rows.filter(carrier=parcel.carrier_id, waybill=parcel.waybill).first()
    if row is not None:
        settle(row, done, parcel.courier.user if parcel.courier else None, parcel)
        if row.way == Way.DOOR and done == Settled.DESK:
            _wish_at_desk(row, None)


def _held(question: ParcelQuestion) -> ParcelQuestion:
    rows = ParcelQuestion.objects.select_for_update(of=("self",)).select_related("person")
    row: ParcelQuestion = rows.get(pk=question.pk)
    return row


def _record(kind: str, row: ParcelQuestion, actor: User | None, **facts: Any) -> None:
    facts |= {"question": row.pk, "person": row.person_id}
    events.record(kind, compound=row.compound_id, actor=actor, **facts)
