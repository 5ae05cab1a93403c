"""Doors of compartments: told to open, seen open and shut, and what follows for the parcel."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.devices import operations as devices
from community.devices.base import BarrierState, DeviceFault
from community.devices.registry import driver_for
from community.devices.rounds import ask_all
from community.models import Command, Device, User
from parcels.models import Compartment, LockerBank, Parcel
from parcels.operations import moves, telling
from parcels.operations.codes import fresh_codes
from parcels.operations.moves import State, fault, locked, move, trace, with_its_door
from parcels.operations.storing import Prepared, prepare, store

log = structlog.get_logger()
Doubt = Parcel.Doubt
#: An order that has not reached the bank by then is none: nobody stands there any more.
ORDER_S = 10
#: All banks are asked for the doors left behind within this.
ASK_S = 14.0
PUT_ELSEWHERE = _("This locker does not answer. Use another one, or the desk.")
FETCH_LATER = _(
    "This locker does not answer just now. Your parcel is safe in it: try again in a few minutes, "
    "or ask the desk."
)
#: Whoever put something in or took it out has shut the door by then, or has gone.
LEFT_ALONE = timedelta(seconds=90)


def check_bank(bank: LockerBank, *, is_fetched: bool = False) -> Device:
    """The bank's device. Raises ValidationError for one that cannot open now.

    ``is_fetched``: somebody stands there to take something out, so no other bank helps them.
    """
    device = bank.device
    if device is None or not device.is_active or device.health == Device.Health.OFFLINE:
        text = FETCH_LATER if is_fetched else PUT_ELSEWHERE
        raise fault("bank", "bank_silent", text)
    return device


def order_open(place: Compartment, actor: User | None) -> dict[str, Any]:
    """Order a held parcel's compartment open, inside the caller's ``events.writing()``.

    Gives what the parcel says of it from now on, by column. Raises ValidationError for a bank that
    cannot open now.
    """
    device, now = check_bank(place.bank), timezone.now()
    command = devices.order(
        device,
        Command.Action.OPEN_COMPARTMENT,
        key=f"compartment:{place.pk}:{secrets.token_hex(8)}",
        expires_at=now + timedelta(seconds=ORDER_S),
        parameters={"number": place.number},
        requested_by=actor,
        is_first=True,
    )
    moves.noted_order(place=place.pk, now=now)
    return {"command": command, "seen_open": False}


def open_once_more(row: Parcel, place: Compartment, what: str, actor: User | None) -> None:
    """Another order for a held parcel that stays what it is; none while the last is on its way."""
    if is_under_way(row):
        return
    said = order_open(place, actor)
    for name, value in said.items():
        setattr(row, name, value)
    row.save(update_fields=said.keys())
    trace(row, what, actor, place)


def desk_is_at(row: Parcel) -> bool:
    """Whether the desk opened this compartment a moment ago: they may have it in their hands."""
    order, since = row.command, timezone.now() - LEFT_ALONE
    if row.state != State.STORED or order is None or order.created_at < since:
        return False
    last = row.steps.order_by("-pk").values_list("what", flat=True).first()
    return last == "opened_at_desk"


def is_being_opened(row: Parcel) -> bool:
    """Whether somebody puts it in or takes it out just now; nobody looks after what is older."""
    under_way = row.state in (State.OPENING, State.TAKING) and not row.doubt
    return under_way and row.moved_at > timezone.now() - LEFT_ALONE


def read_doors(bank: LockerBank, numbers: Iterable[int]) -> dict[int, BarrierState]:
    """What the bank says of its doors; ``UNKNOWN`` where it says nothing. Outside transactions."""
    wanted = list(numbers)
    told = _question(bank, wanted)()
    return dict.fromkeys(wanted, BarrierState.UNKNOWN) | told


def _question(bank: LockerBank, numbers: list[int]) -> Callable[[], dict[int, BarrierState]]:
    """What to ask a bank, made here: whoever asks then needs no table. Never raises."""
    driver: Any = None
    if bank.device is not None:
        with suppress(DeviceFault):
            driver = driver_for(bank.device)

    def ask() -> dict[int, BarrierState]:
        try:
            return dict(driver.doors(numbers)) if hasattr(driver, "doors") else {}
        except Exception:
            log.exception("driver_broke", device=bank.device_id)
            return {}

    return ask


def door_of(parcel: Parcel) -> BarrierState:
    """The parcel's own door as its bank tells it."""
    place = parcel.compartment
    if place is None:
        return BarrierState.UNKNOWN
    return read_doors(place.bank, [place.number])[place.number]


def look(parcel: Parcel, *, is_fresh: bool = False, actor: User | None = None) -> Parcel:
    """Ask the door of a parcel that is being put in or taken out, and draw what follows.

    Pages ask every second: while nothing is news, nothing is locked. ``is_fresh``: the caller has
    just read the parcel with its compartment, bank, device and command.
    """
    row = parcel
    if not is_fresh:
        found = with_its_door.first(parcel=parcel.pk)
        if found is None:
            raise Parcel.DoesNotExist(parcel.pk)
        row = found
    if row.state not in (State.OPENING, State.TAKING) or is_under_way(row):
        return row
    door = door_of(row)
    return take_door(row, door, actor=actor) if _is_news(row, door) else row


def _is_news(row: Parcel, door: BarrierState) -> bool:
    if row.command is None or row.command.state == Command.State.FAILED:
        return True
    return door is (BarrierState.CLOSED if row.seen_open else BarrierState.OPEN)


def take_door(parcel: Parcel, door: BarrierState, *, actor: User | None = None) -> Parcel:
    """What a door says of an opening under way: nothing yet, not opened, open, or shut again."""
    if door is BarrierState.OPEN and _seen_open(parcel):
        return parcel
    is_put_in = parcel.state == State.OPENING and parcel.seen_open and door is BarrierState.CLOSED
    ready = prepare(parcel) if is_put_in else None
    with events.writing():
        row = locked(parcel, "compartment")
        if row.state not in (State.OPENING, State.TAKING) or is_under_way(row):
            return row
        if row.command is None or row.command.state == Command.State.FAILED:
            _not_opened(row, actor)
        elif row.command_id != parcel.command_id:
            return row  # the door was read before the last order: it says nothing of it
        elif door is BarrierState.OPEN and not row.seen_open:
            row.seen_open = True
            row.save(update_fields=["seen_open"])
        elif door is BarrierState.CLOSED and row.seen_open:
            _shut(row, actor, ready=ready)
    return row


def _seen_open(parcel: Parcel) -> bool:
    """Note by one statement that the door stands open, if that is all that there is to note.

    It is what every opening comes to, and a writer that holds others up for no longer than this.
    """
    if parcel.command_id is None:
        return False
    with transaction.atomic():
        noted = bool(moves.first_seen(parcel=parcel.pk, command=parcel.command_id))
    parcel.seen_open = parcel.seen_open or noted
    return noted


def say_shut(parcel: Parcel, door: BarrierState, *, actor: User | None = None) -> Parcel:
    """Whoever stands there says that the door is shut. Raises ValidationError while it is open.

    A door that says nothing is believed to be shut, and the desk looks later.
    """
    with events.writing():
        row = locked(parcel)
        if row.state not in (State.OPENING, State.TAKING):
            return row
        if row.command is not None and row.command.state == Command.State.FAILED:
            _not_opened(row, actor)
            return row
        if door is BarrierState.OPEN or is_under_way(row):
            raise fault("door", "door_open", _("The door is still open. Push it shut."))
        silent = door is BarrierState.UNKNOWN and row.state == State.OPENING
        _shut(row, actor, doubt=Doubt.DOOR_SILENT if silent else Doubt.NONE)
    return row


def is_under_way(row: Parcel) -> bool:
    under_way = (Command.State.PENDING, Command.State.SENDING)
    return row.command is not None and row.command.state in under_way


def _shut(
    row: Parcel, actor: User | None, doubt: str = Doubt.NONE, ready: Prepared | None = None
) -> None:
    if row.state == State.OPENING:
        store(row, actor, doubt, ready)
    else:
        move(row, State.COLLECTED, "collected", actor)
        telling.collected(row)


def _not_opened(row: Parcel, actor: User | None) -> None:
    """Certainly nothing happened: nothing was put in, nothing taken out."""
    if row.state == State.OPENING:
        move(row, State.UNDONE, "not_opened", actor)
    else:
        move(row, State.STORED, "not_opened", actor, **fresh_codes(row.compound_id))


def leave_to_desk(row: Parcel, actor: User | None, doubt: str = Doubt.MAYBE_EMPTY) -> None:
    """Nobody knows whether it is inside: it keeps its compartment until a person has looked."""
    codes = fresh_codes(row.compound_id)
    move(row, State.STORED, "to_look", actor, doubt=doubt, **codes)


def resolve_left(now: datetime | None = None) -> int:
    """Openings that nobody finished, as after a power cut: the doors are asked, else the desk.

    All banks are asked side by side; of one that hangs the doors say nothing. Returns how many
    were settled or flagged.
    """
    now = now or timezone.now()
    left = Parcel.objects.live().filter(
        state__in=[State.OPENING, State.TAKING], moved_at__lt=now - LEFT_ALONE
    )
    rows: dict[int, list[Parcel]] = {}
    for row in left.select_related("compartment__bank__device").order_by("pk")[:200]:
        if row.compartment is not None:
            rows.setdefault(row.compartment.bank_id, []).append(row)
    questions = {
        pk: _question(places[0].bank, [place.number for place in places])
        for pk, of_bank in rows.items()
        if (places := [row.compartment for row in of_bank if row.compartment])
    }
    settled = 0
    for pk, told in ask_all("left", questions, ASK_S):
        for row in rows[pk]:
            number = row.compartment.number if row.compartment else 0
            settled += resolve(row, (told or {}).get(number, BarrierState.UNKNOWN))
    return settled


def resolve(parcel: Parcel, door: BarrierState) -> bool:
    """Settle one opening that was left alone, from what its door says now; whether it changed."""
    with events.writing():
        row = locked(parcel, "compartment")
        if row.state not in (State.OPENING, State.TAKING) or is_under_way(row):
            return False
        if row.command_id != parcel.command_id:
            return False  # opened anew since the doors were asked
        if row.command is None or row.command.state == Command.State.FAILED:
            _not_opened(row, None)
        elif door is BarrierState.CLOSED and row.seen_open:
            _shut(row, None)
        elif door is BarrierState.CLOSED:
            # Told to open and shut now, and nobody saw what was between: a person has to look.
            leave_to_desk(row, None)
        else:
            return _flag(row, door)
    return True


def _flag(row: Parcel, door: BarrierState) -> bool:
    doubt = Doubt.DOOR_OPEN if door is BarrierState.OPEN else Doubt.DOOR_SILENT
    if row.doubt == doubt:
        return False
    row.doubt = doubt
    row.save(update_fields=["doubt"])
    trace(row, "to_look", None, row.compartment)
    return True
