"""A plate that was read wrongly, put right by a guard; and what is learnt from it.

What is learnt only ranks a car first for the next guard (``security.guesses``); no decision reads
it. Callers show only what ``visible_to`` shows; the role is checked here once more.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from community import events
from community.models import Lane, User
from community.verdicts import Outcome, sentence
from community.vision import grammar
from parking import access
from parking import operations as parking
from parking.models import PlateKind, Vehicle
from security.models import Correction, Misread, Passage
from security.operations import watchlist
from security.operations.hands import (
    OVER,
    AlreadyDecided,
    PassageOver,
    _again,
    _barrier,
    _check_guard,
    _is_open,
    _sign_opened,
    _tell,
)
from security.operations.locks import locked_passage, order_open
from security.reasons import OpenReason

State = Passage.State


def open_as(passage: Passage, user: User, plate: str) -> Passage:
    """Open by hand for a waiting car that a guard knows as the registered ``plate``.

    The passage is put right, and the misread learnt, in the same transaction. A car that may not
    pass by right is not opened for: the guard then decides on the card. The same press twice opens
    once. Raises PermissionDenied, ValidationError, AlreadyDecided, PassageOver.
    """
    _check_guard(user, passage.compound_id)
    with events.writing():
        held, lane = locked_passage(passage)
        if _is_open(held) and held.plate == plate:
            return _again(held, user)
        if _is_open(held) or held.state == State.REFUSED:
            raise AlreadyDecided(held)
        if held.state in OVER:
            raise PassageOver
        vehicle = _registered(lane, plate)
        _check_right(vehicle, lane)
        barrier = _barrier(lane)
        _put_right(held, lane, user, vehicle.plate, vehicle)
        opened = _sign_opened(held, user, OpenReason.PLATE_MISREAD, "")
        reason = OpenReason.PLATE_MISREAD.value
        _tell("gate.opened_by_hand", lane, user, passage=opened.pk, reason=reason)
        order_open(opened, barrier, lane, since=opened.decided_at, by=user)
        return opened


def correct_plate(passage: Passage, user: User, plate: str) -> Correction:
    """Put the plate of any passage right, registered or not; the stay it made moves along.

    A waiting car goes on waiting, with the rule that holds for the right plate. The same plate
    again changes nothing. Raises PermissionDenied, ValidationError.
    """
    _check_guard(user, passage.compound_id)
    right = grammar.parse(plate)
    if right is None or not grammar.is_plate(right):
        raise ValidationError({"plate": _("This is no whole plate. Type it as on the car.")})
    with events.writing():
        held, lane = locked_passage(passage)
        if held.way:
            raise ValidationError({"plate": _("Somebody on foot has no plate.")})
        vehicle = Vehicle.objects.of(held.compound_id).registered().filter(plate=right).first()
        correction = _put_right(held, lane, user, right, vehicle)
        if correction is None:
            raise ValidationError({"plate": _("This is the plate as it was read.")})
        if held.state == State.WAITING:
            _explain(held, lane)
            held.save()
        return correction


def undo_correction(correction: Correction, user: User) -> Correction:
    """Take a correction back: the plate as read, its stay, and what was learnt from it alone.

    Said twice, it counts once. Raises PermissionDenied.
    """
    _check_guard(user, correction.compound_id)
    with events.writing():
        held, lane = locked_passage(correction.passage_id)
        standing = Correction.objects.select_for_update().get(pk=correction.pk)
        if standing.undone_at is not None:
            return standing
        _undo(standing, held, lane, user)
        _move_stay(held, lane, user)
        return standing


def _registered(lane: Lane, plate: str) -> Vehicle:
    cars = Vehicle.objects.of(lane.compound_id).registered().select_related("unit")
    vehicle: Vehicle | None = cars.filter(plate=grammar.normalise(plate)).first()
    if vehicle is None:
        raise ValidationError(_("This car is no longer registered. Decide on the card."))
    return vehicle


def _check_right(vehicle: Vehicle, lane: Lane) -> None:
    verdict, _car = access.may_pass(
        compound=lane.compound,
        lane=lane,
        direction=lane.direction,
        plate=vehicle.plate,
        kind=vehicle.kind,
        at=timezone.now(),
    )
    entry = watchlist.watched(lane.compound_id, {"plate": vehicle.plate}, timezone.now())
    verdict = watchlist.held_for(verdict, entry)
    if not verdict.opens:
        raise ValidationError(sentence(verdict.code, verdict.facts))


def _put_right(
    held: Passage, lane: Lane, user: User, plate: str, vehicle: Vehicle | None
) -> Correction | None:
    """Write the right plate with its trace; None where it stands there already, as read.

    One correction stands at a time: an earlier one is undone first, so that ``before`` is always
    what the gate itself had decided on.
    """
    standing = held.corrections.select_for_update().filter(undone_at=None).first()
    if standing is not None and standing.plate == plate:
        return standing
    if standing is not None:
        _undo(standing, held, lane, user)
    if held.plate == plate:
        _move_stay(held, lane, user)
        return standing
    correction = _write(held, user, plate, vehicle)
    _tell(
        "gate.plate_corrected",
        lane,
        user,
        passage=held.pk,
        correction=correction.pk,
        learnt=correction.misread_id is not None,
    )
    _move_stay(held, lane, user)
    return correction


def _write(held: Passage, user: User, plate: str, vehicle: Vehicle | None) -> Correction:
    read = held.plate or _raw(held)
    correction = Correction(
        compound_id=held.compound_id,
        passage=held,
        read=read,
        plate=plate,
        before=_kept(held),
        misread=_learn(held.compound_id, read, plate),
        made_by=user,
        made_at=timezone.now(),
    )
    correction.save()
    held.plate, held.vehicle, held.read_as = plate, vehicle, read
    held.kind = _kind(held, plate, vehicle)
    held.save()
    return correction


def _kept(held: Passage) -> dict[str, Any]:
    names = ("plate", "kind", "vehicle_id", "outcome", "code", "facts")
    return {name: getattr(held, name) for name in names}


def _raw(held: Passage) -> str:
    """What the camera made of a plate that it could not read; empty where it saw nothing."""
    rows = held.readings.order_by("-id").values_list("plate_raw", flat=True)
    return (grammar.parse(rows.first() or "") or "")[:40]


def _kind(held: Passage, plate: str, vehicle: Vehicle | None) -> str:
    if vehicle is not None and vehicle.kind != PlateKind.UNKNOWN:
        return vehicle.kind
    return held.kind if held.kind != PlateKind.UNKNOWN else grammar.kind_of(plate).value


def _learn(compound_id: int, read: str, plate: str) -> Misread | None:
    if not read or read == plate:
        return None
    rows = Misread.objects.select_for_update()
    misread, known = rows.get_or_create(
        compound_id=compound_id, read=read, plate=plate, defaults={"learnt_at": timezone.now()}
    )
    if not known:
        misread.learnt_at = timezone.now()
        misread.save(update_fields=["learnt_at"])
    found: Misread = misread
    return found


def _undo(standing: Correction, held: Passage, lane: Lane, user: User) -> None:
    """Put back what stood there before, and forget what was learnt from this correction alone."""
    before = standing.before
    held.plate, held.kind, held.read_as = before["plate"], before["kind"], ""
    held.vehicle = Vehicle.objects.filter(pk=before["vehicle_id"]).first()
    if held.state == State.WAITING:
        held.outcome, held.code, held.facts = before["outcome"], before["code"], before["facts"]
    elif held.code != before["code"]:
        # The entry with which it was put together is another car's again.
        held.facts = {name: told for name, told in held.facts.items() if name != "entered"}
    held.save()
    misread = standing.misread
    standing.undone_by, standing.undone_at, standing.misread = user, timezone.now(), None
    standing.save()
    unlearnt = misread is not None and _unlearn(misread)
    facts = {"passage": held.pk, "correction": standing.pk, "unlearnt": unlearnt}
    _tell("gate.correction_undone", lane, user, **facts)


def _unlearn(misread: Misread) -> bool:
    held = Misread.objects.select_for_update().filter(pk=misread.pk).first()
    if held is None or held.corrections.exists():
        return False
    held.delete()
    return True


def _explain(held: Passage, lane: Lane) -> None:
    """A waiting car asks on, by the rule for its right plate. What a guard says opens nothing."""
    verdict, _car = access.may_pass(
        compound=lane.compound,
        lane=lane,
        direction=lane.direction,
        plate=held.plate,
        kind=held.kind,
        at=timezone.now(),
    )
    entry = watchlist.watched(lane.compound_id, {"plate": held.plate}, timezone.now())
    verdict = watchlist.held_for(verdict, entry)
    held.outcome = Outcome.ASK.value
    held.code = "plate_corrected" if verdict.opens else verdict.code
    held.facts = verdict.facts
    watchlist.tell_hit(held)


def _move_stay(held: Passage, lane: Lane, user: User) -> None:
    if held.state != State.CROSSED or held.crossed_at is None:
        return
    parking.correct_crossing(
        compound=lane.compound,
        direction=held.direction,
        plate=held.plate,
        vehicle=held.vehicle,
        at=held.crossed_at,
        passage_id=held.pk,
        assumed=held.crossing == Lane.Crossing.ASSUMED,
        lane=lane,
        actor=user,
        kind=held.kind,
        visit_id=held.visit_id,
    )
