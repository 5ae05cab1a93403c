"""A guard compared two pictures: the car at the exit is one that came in under another plate."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from community import events
from community.models import Lane, User
from parking import operations as parking
from parking.models import Stay
from security.models import Passage
from security.operations.corrections import _explain, correct_plate
from security.operations.hands import OVER, AlreadyDecided, PassageOver, _check_guard
from security.operations.locks import locked_passage

State = Passage.State


def same_car(passage: Passage, user: User, stay_id: int, plate: str) -> Passage:
    """The waiting car is that of an open stay; ``plate`` is the right one of the two.

    Where the exit was misread its plate is put right; where the entry was, the stay's. The car goes
    on waiting, by the rule and at the price that hold for it now. Said twice, it counts once.
    Raises PermissionDenied, ValidationError, AlreadyDecided, PassageOver.
    """
    _check_guard(user, passage.compound_id)
    with events.writing():
        held, lane = locked_passage(passage)
        if held.state in OVER:
            raise PassageOver
        if held.state != State.WAITING:
            raise AlreadyDecided(held)
        stay = _open_stay(held, stay_id)
        if plate and plate == stay.plate:
            if held.plate != plate:
                correct_plate(held, user, plate)
        elif plate and plate == held.plate:
            _put_entry_right(stay, plate, user)
            _explain(held, lane)
            held.save()
        else:
            raise ValidationError(_("Choose one of the two plates."))
    held.refresh_from_db()
    return held


def _open_stay(held: Passage, stay_id: int) -> Stay:
    rows = Stay.objects.of(held.compound_id).whole().open().exclude(plate="")
    stay: Stay | None = rows.filter(pk=stay_id).first()
    if stay is None or held.direction != Lane.Direction.EXIT or held.way:
        raise ValidationError(_("This car is no longer inside. Decide on the card."))
    return stay


def _put_entry_right(stay: Stay, plate: str, user: User) -> None:
    """The stays keep what was paid for them: they change their plate before the entry does."""
    read, reason = stay.plate, str(_("Misread at the entry, compared at the exit"))
    open_now: Any = Stay.objects.of(stay.compound_id).open().filter(plate=read).order_by("pk")
    for one in open_now:
        parking.correct_stay(one, plate=plate, reason=reason, actor=user)
    entry = Passage.objects.filter(compound_id=stay.compound_id, pk=stay.entry_passage or 0).first()
    if entry is not None and entry.plate == read:
        correct_plate(entry, user, plate)
