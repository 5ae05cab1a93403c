"""At the desk: received, moved there, handed over against a signature, brought home, given back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from parcels.models import (
    Carrier,
    Courier,
    Kind,
    Parcel,
    ParcelPicture,
    ParcelQuestion,
    Shelf,
)
from parcels.operations import asking, choices, doors, telling
from parcels.operations.codes import NOT_IN_LOCKER
from parcels.operations.deposits import check_courier, same_waybill
from parcels.operations.moves import State, clean_waybill, fault, locked, move, trace
from parcels.operations.storing import store
from residents import rules
from residents.models import Person
from residents.operations import request_pictures


def receive_at_desk(
    *,
    shelf: Shelf,
    carrier: Carrier,
    waybill: str,
    kind: str = Kind.PARCEL,
    person: Person | None = None,
    unit: Unit | None = None,
    label: str = "",
    courier: Courier | None = None,
    actor: User | None = None,
) -> Parcel:
    """Put a parcel or mail on a shelf; whoever is not on file is kept by what the label says.

    Raises ValidationError.
    """
    waybill = clean_waybill(waybill)
    if kind not in Kind.values:
        raise fault("kind", "kind_unknown", _("Choose what it is for."))
    if person is None and not label.strip():
        text = _("Write down the recipient as the label says.")
        raise fault("label", "label_missing", text)
    if carrier.compound_id != shelf.compound_id:
        raise fault("carrier", "carrier_elsewhere", _("Choose a carrier that delivers here."))
    with events.writing():
        Shelf.objects.select_for_update(of=("self",)).get(pk=shelf.pk)
        check_courier(courier)
        same_waybill(carrier, waybill, None)
        row = Parcel(
            compound_id=shelf.compound_id, carrier=carrier, kind=kind, waybill=waybill,
            waybill_tail=waybill[-4:], person=person, unit=unit, label=label.strip()[:120],
            courier=courier, created_at=timezone.now(),
            bring_home=kind != Kind.OUTGOING and choices.is_brought_home(person),
        )  # fmt: skip
        until = _desk_until(row)
        step = move(row, State.DESK, "received", actor, shelf=shelf, keep_until=until)
        asking.settle_with(row, ParcelQuestion.Settled.DESK)
        if kind != Kind.OUTGOING:
            telling.at_desk(row, step)
    return row


def _desk_until(parcel: Parcel) -> object:
    return timezone.now() + timedelta(days=telling.rule_of(parcel.compound_id).desk_days)


def open_at_desk(parcel: Parcel, *, actor: User | None = None) -> Parcel:
    """The clerk opens a parcel's compartment to look or to take it to the desk.

    What its courier or recipient left half done is the desk's from now on: that the clerk shuts the
    door again says nothing of where it is. Raises ValidationError while they are at it.
    """
    with events.writing():
        row = locked(parcel)
        if row.compartment is None:
            raise fault("parcel", "not_in_locker", NOT_IN_LOCKER)
        _check_nobody_there(row)
        if row.state != State.STORED:
            doors.leave_to_desk(row, actor, row.doubt or Parcel.Doubt.MAYBE_EMPTY)
        doors.open_once_more(row, row.compartment, "opened_at_desk", actor)
    return row


def _check_nobody_there(row: Parcel) -> None:
    if doors.is_being_opened(row):
        text = _("Somebody is at this compartment just now. Wait a minute, then look again.")
        raise fault("parcel", "somebody_there", text)


def move_to_desk(parcel: Parcel, *, shelf: Shelf, actor: User | None = None) -> Parcel:
    """The clerk has taken it out of its compartment and put it on a shelf.

    Raises ValidationError while its courier or recipient is at the compartment.
    """
    with events.writing():
        row = locked(parcel)
        if row.state == State.DESK and row.shelf_id == shelf.pk:
            return row
        if not row.is_live or shelf.compound_id != row.compound_id:
            raise fault("parcel", "ended", _("This parcel is not here any more."))
        _check_nobody_there(row)
        step = move(
            row, State.DESK, "to_desk", actor, shelf=shelf, keep_until=_desk_until(row), doubt="",
            rung=Parcel.Rung.NONE, bring_home=choices.is_brought_home(row.person),
        )  # fmt: skip
        telling.at_desk(row, step)
    return row


def hand_over(
    parcel: Parcel,
    *,
    signed_by: str = "",
    signature: bytes = b"",
    at_home: bool = False,
    actor: User | None = None,
) -> Parcel:
    """Given to its recipient, at the desk or at home. Registered mail needs name and signature.

    Raises ValidationError.
    """
    needs_signature = parcel.kind == Kind.REGISTERED
    signed_by = rules.clean_name(signed_by) if signed_by or needs_signature else ""
    if needs_signature and not signature:
        raise fault("signature", "signature_missing", _("Registered mail needs a signature."))
    kept = request_pictures.keep(parcel.compound_id, [signature]) if signature else []
    with events.writing():
        row = locked(parcel)
        if row.state in (State.COLLECTED, State.DELIVERED):
            return row
        if row.state != State.DESK or row.kind == Kind.OUTGOING:
            raise fault("parcel", "not_at_desk", _("This parcel is not at the desk."))
        for one in kept:
            ParcelPicture.objects.create(
                compound_id=row.compound_id, parcel=row, what="signature", file=one.file,
                seal=one.seal, taken_at=timezone.now(),
            )  # fmt: skip
        state, what = (
            (State.DELIVERED, "delivered") if at_home else (State.COLLECTED, "handed_over")
        )
        move(row, state, what, actor, signed_by=signed_by)
        telling.handed_over(row)
    return row


def give_to_carrier(
    parcel: Parcel, *, courier: Courier | None = None, actor: User | None = None
) -> Parcel:
    """Returned, or sent: the carrier has it. Said twice, it counts once."""
    with events.writing():
        row = locked(parcel)
        if row.state == State.RETURNED:
            return row
        if row.state not in (State.DESK, State.STORED):
            raise fault("parcel", "ended", _("This parcel is not here any more."))
        move(row, State.RETURNED, "returned", actor, courier=courier or row.courier)
        telling.tell(row, "sent" if row.kind == Kind.OUTGOING else "returned")
    return row


def say_what_is_there(parcel: Parcel, found: str, *, actor: User | None = None) -> Parcel:
    """The clerk looked into the compartment: ``inside``, ``never_put_in`` or ``fetched``.

    Settles what nobody saw. Raises ValidationError for a parcel that is in no compartment, or while
    its courier or recipient is at it.
    """
    with events.writing():
        row = locked(parcel)
        if row.compartment is None:
            raise fault("found", "not_in_locker", NOT_IN_LOCKER)
        _check_nobody_there(row)
        if found == "inside" and (row.state != State.STORED or row.keep_until is None):
            store(row, actor)
        elif found == "inside":
            row.doubt = Parcel.Doubt.NONE
            row.save(update_fields=["doubt"])
            trace(row, "looked", actor, row.compartment)
        elif found == "never_put_in":
            move(row, State.UNDONE, "undone", actor)
        elif found == "fetched":
            move(row, State.COLLECTED, "collected", actor)
        else:
            raise fault("found", "found_unknown", _("Say what you found."))
    return row
