"""A courier puts a parcel in: begun, door opened, another compartment, undone."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.db.utils import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Unit, User
from community.prepared import Prepared
from parcels.models import (
    Carrier,
    Compartment,
    Courier,
    Kind,
    LockerBank,
    Parcel,
    ParcelQuestion,
    ParcelStep,
)
from parcels.operations import asking, choices, doors
from parcels.operations.free import first_free
from parcels.operations.moves import State, clean_waybill, fault, locked, move
from residents.models import Person

#: Nobody carries faster than one parcel in twelve seconds all the hour: a stolen account might.
MOST_AN_HOUR, HOUR = 300, timedelta(hours=1)
#: Doors that one account may take out of use in a day.
MOST_STUCK = 6


def begin_deposit(
    *,
    bank: LockerBank,
    carrier: Carrier,
    waybill: str,
    person: Person,
    size: str,
    kind: str = Kind.PARCEL,
    unit: Unit | None = None,
    courier: Courier | None = None,
    actor: User | None = None,
) -> Parcel:
    """Reserve the smallest fitting free compartment and order its door open.

    The same waybill by the same courier while it is being put in gives the same parcel. Raises
    ValidationError: no consent, waybill here already, nothing free, a silent bank, an account that
    may not.
    """
    waybill = clean_waybill(waybill)
    _check_size(size)
    if not choices.may_use_locker(person, carrier, kind, waybill):
        text = _("The recipient has not agreed to the locker. Please bring it to the desk.")
        raise fault("way", "no_consent", text)
    check_bank(bank)
    # What can be asked before the bank is held is: all who write wait for whoever holds one.
    check_courier(courier)
    again = same_waybill(carrier, waybill, courier)
    if again is not None:
        return again
    row = Parcel(
        compound_id=bank.compound_id, carrier=carrier, kind=kind, waybill=waybill,
        waybill_tail=waybill[-4:], person=person, unit=unit, courier=courier,
        created_at=timezone.now(),
    )  # fmt: skip
    try:
        _begin(row, bank, size, actor)
    except IntegrityError as error:
        again = same_waybill(carrier, waybill, courier)  # the other click of a double click
        if again is None:
            raise _taken() from error
        return again
    return row


_held = Prepared(
    lambda bank: LockerBank.objects.select_for_update(of=("self",)).filter(pk=bank), bank=int
)


def _begin(row: Parcel, bank: LockerBank, size: str, actor: User | None) -> None:
    is_asked = asking.is_asked(row.carrier_id, row.waybill)
    with events.writing():
        held = _held.first(bank=bank.pk)
        if held is None:
            raise LockerBank.DoesNotExist
        if row.courier is not None:
            _most_a_day(row.courier)  # closed meanwhile, as when it was stolen
        _put(row, first_free(held, size), "opened_for_deposit", actor)
        if is_asked:
            asking.settle_with(row, ParcelQuestion.Settled.LOCKER)


def check_bank(bank: LockerBank) -> None:
    """Raises ValidationError for a bank that cannot open, or whose doors are not to be believed."""
    doors.check_bank(bank)
    if bank.all_open_since is not None:
        text = _("The doors of this locker are being looked at. Use another one, or the desk.")
        raise fault("bank", "bank_open", text)


def _check_size(size: str) -> None:
    if size not in Compartment.Size.values:
        raise fault("size", "size_unknown", _("Choose how large the parcel is."))


#: How many it was today, and within the hour; no row for none.
_stored = Prepared(
    lambda courier, midnight, hour: Parcel.objects.of_courier(courier)
    .filter(created_at__gte=midnight).order_by().values("courier")
    .annotate(today=Count("pk"), hour=Count("pk", filter=Q(created_at__gt=hour)))
    .values_list("today", "hour"),
    courier=int, midnight=datetime, hour=datetime,
)  # fmt: skip


def check_courier(courier: Courier | None) -> None:
    """Raises ValidationError for an account that has ended, or has its day's number already."""
    if courier is None:
        return
    most = _most_a_day(courier)
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    now = timezone.now()
    counts = _stored.first(courier=courier.pk, midnight=midnight, hour=now - HOUR)
    today, hour = counts or (0, 0)
    if today >= most:
        text = _("This account has stored its number for today. Ask the desk.")
        raise fault("courier", "courier_full", text)
    if hour >= MOST_AN_HOUR:
        text = _("This account stored very many parcels within the hour. Ask the desk.")
        raise fault("courier", "courier_fast", text)


def check_open(courier: Courier) -> Courier:
    """The account as it stands. Raises ValidationError for one that has ended."""
    _most_a_day(courier)
    held: Courier = Courier.objects.select_related("carrier", "compound", "user").get(pk=courier.pk)
    return held


_account = Prepared(
    lambda courier: Courier.objects.filter(pk=courier).values_list("ended_at", "most_a_day"),
    courier=int,
)


def _most_a_day(courier: Courier) -> int:
    """As it stands now. Raises ValidationError for an account that has ended."""
    row = _account.first(courier=courier.pk)
    if row is None or row[0] is not None:
        raise fault("courier", "courier_ended", _("This account is closed. Ask the desk."))
    return int(row[1])


_live = Prepared(
    lambda carrier, waybill: Parcel.objects.live().filter(carrier=carrier, waybill=waybill)
    .select_related("compartment__bank").order_by(),
    carrier=int, waybill=str,
)  # fmt: skip


def same_waybill(carrier: Carrier, waybill: str, courier: Courier | None) -> Parcel | None:
    """The parcel that this courier is just putting in under this waybill.

    Raises ValidationError where the waybill is here already.
    """
    row: Parcel | None = _live.first(carrier=carrier.pk, waybill=waybill)
    if row is None:
        return None
    if row.state == State.OPENING and courier is not None and row.courier_id == courier.pk:
        return row
    text = _("This waybill is here already. Compare the number, or ask the desk.")
    raise fault("waybill", "waybill_here", text)


def _put(row: Parcel, place: Compartment, what: str, actor: User | None) -> None:
    said = doors.order_open(place, actor)
    move(row, State.OPENING, what, actor, compartment=place, **said)


def _taken() -> ValidationError:
    """Another process took the compartment or the waybill."""
    return fault("size", "taken", _("Somebody was quicker. Please try once more."))


def another_compartment(
    parcel: Parcel, *, size: str, is_broken: bool = False, actor: User | None = None
) -> Parcel:
    """It does not fit, or the door is stuck: another compartment for the same parcel.

    ``is_broken`` takes the first one out of use, a few times a day. Said twice of the compartment
    that ``parcel`` has, it counts once. Raises ValidationError.
    """
    _check_size(size)
    try:
        return _change(parcel, size, is_broken, actor)
    except IntegrityError as error:
        raise _taken() from error


def _change(parcel: Parcel, size: str, is_broken: bool, actor: User | None) -> Parcel:
    with events.writing():
        row = locked(parcel)
        if row.state != State.OPENING or row.compartment is None:
            raise fault("size", "not_open", _("This parcel is not being put in now."))
        first = row.compartment
        if first.pk != parcel.compartment_id:
            return row
        if is_broken:
            _check_stuck(actor)
        bank = LockerBank.objects.select_for_update(of=("self",)).get(pk=first.bank_id)
        place = first_free(bank, size, but=first.pk)
        if is_broken:
            _out_of_use(first, actor)
        _note_open(row)
        _put(row, place, "stuck" if is_broken else "changed", actor)
    return row


def _check_stuck(actor: User | None) -> None:
    """Raises ValidationError where one account would take a whole bank out of use."""
    since = timezone.now() - timedelta(days=1)
    said = ParcelStep.objects.filter(user=actor, what="stuck", at__gte=since)
    if actor is not None and said.count() >= MOST_STUCK:
        text = _("Many doors were said to be stuck today. Ask the desk to look at them first.")
        raise fault("size", "many_stuck", text)


def _note_open(row: Parcel) -> None:
    """Its compartment is free again, and its door was last seen open: the watch sees it shut."""
    if row.seen_open and row.compartment is not None:
        left = Compartment.objects.filter(pk=row.compartment.pk, open_since=None)
        left.update(open_since=timezone.now())


def _out_of_use(place: Compartment, actor: User | None) -> None:
    from parcels.operations.banks import mark_compartment

    mark_compartment(place, out_of_order=True, actor=actor)


def undo_deposit(parcel: Parcel, *, actor: User | None = None) -> Parcel:
    """Nothing was put in after all; said twice, it counts once. Raises ValidationError."""
    with events.writing():
        row = locked(parcel)
        if row.state == State.UNDONE:
            return row
        if row.state != State.OPENING:
            text = _("This parcel is in the locker already. Ask the desk to take it out.")
            raise fault("parcel", "stored_already", text)
        _note_open(row)
        move(row, State.UNDONE, "undone", actor)
    return row


def reopen(parcel: Parcel, *, actor: User | None = None) -> Parcel:
    """The door did not open, or fell shut: the same compartment once more."""
    with events.writing():
        row = locked(parcel)
        if row.state != State.OPENING or row.compartment is None:
            raise fault("parcel", "not_open", _("This parcel is not being put in now."))
        doors.open_once_more(row, row.compartment, "opened_for_deposit", actor)
    return row
