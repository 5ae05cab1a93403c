"""How a passage ends: crossed, gone, or a lane's time of standing open over."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Q
from django.utils import timezone

from community import events
from community.models import Command, Lane
from parking import operations as parking
from security.models import KeepOpen, Passage
from security.operations import wheels
from security.operations.foot import tell_residents
from security.operations.hands import end_keep_open
from security.operations.locks import locked_lane, locked_passage
from security.operations.passages import end_unfinished

log = structlog.get_logger(__name__)
State = Passage.State

#: A car that nobody dealt with for so long has left the lane.
WAITS_AT_MOST = timedelta(minutes=10)
#: Somebody whose face was not enough, and who showed nothing else, has walked on by then.
FACE_WAITS = timedelta(minutes=1)
#: Where a loop or another camera should have seen it by now, it turned back.
CROSSES_WITHIN = {
    Lane.Crossing.LOOP: timedelta(minutes=2),
    Lane.Crossing.CONTACT: timedelta(minutes=1),
    Lane.Crossing.NEXT_CAMERA: timedelta(minutes=10),
}
HOW = frozenset(Lane.Crossing.values)


def complete_passage(passage_id: int, how: str, at: datetime) -> Passage:
    """The car is through: known by ``how``, at ``at``. Said twice, it counts once.

    Raises Passage.DoesNotExist; ValueError for an unknown ``how``.
    """
    if how not in HOW:
        raise ValueError(f"no way of knowing a crossing: {how}")
    with events.writing():
        passage, lane = locked_passage(passage_id)
        if not _may_cross(passage):
            return passage
        passage.state, passage.crossed_at, passage.crossing = State.CROSSED, at, how
        passage.save(update_fields=["state", "crossed_at", "crossing"])
        events.record(
            "gate.passage_crossed",
            compound=lane.compound_id,
            passage=passage.pk,
            lane=lane.pk,
            how=how,
        )
        _tell_parking(passage, lane, at, assumed=how == Lane.Crossing.ASSUMED)
        tell_residents(passage, at)
        return passage


def _may_cross(passage: Passage) -> bool:
    """Opened; or told to open by a barrier that never answered, and seen to cross."""
    return passage.state == State.OPENED or (
        passage.state == State.WAITING and passage.command is not None
    )


def _tell_parking(passage: Passage, lane: Lane, at: datetime, *, assumed: bool) -> None:
    if not passage.plate:
        wheels.crossed(passage, lane, at)
        return
    entered = passage.direction == Lane.Direction.ENTRY
    tell = parking.vehicle_entered if entered else parking.vehicle_left
    tell(
        compound=lane.compound,
        plate=passage.plate,
        vehicle=passage.vehicle,
        at=at,
        passage_id=passage.pk,
        assumed=assumed,
        lane=lane,
        kind=passage.kind,
        visit_id=passage.visit_id,
    )


def cross_by_next_camera() -> int:
    """Complete what another lane's camera or reader has seen since; the number completed."""
    opened = Passage.objects.filter(state=State.OPENED, lane__crossing=Lane.Crossing.NEXT_CAMERA)
    known = ~Q(plate="") | Q(person__isnull=False) | Q(visit__isnull=False)
    completed = 0
    for passage in opened.filter(known):
        same = Passage.objects.filter(_same(passage), compound_id=passage.compound_id)
        later = same.filter(seen_at__gt=passage.seen_at).exclude(state=State.STORED)
        seen = later.exclude(lane_id=passage.lane_id).order_by("seen_at").first()
        if seen:
            complete_passage(passage.pk, Lane.Crossing.NEXT_CAMERA, seen.seen_at)
            completed += 1
    return completed


def _same(passage: Passage) -> Q:
    """What passes of the same car, person or visit have in common."""
    if passage.plate:
        return Q(plate=passage.plate)
    if passage.person_id:
        return Q(person=passage.person_id)
    return Q(visit=passage.visit_id)


def assume_crossings(now: datetime | None = None) -> int:
    """Complete what was opened long enough ago at lanes that assume it; the number completed.

    Only what the barrier did, or what drove through a lane kept open: never a failed command.
    """
    now = now or timezone.now()
    obeyed = Q(command=None) | Q(command__state=Command.State.DONE)
    opened = Passage.objects.filter(
        obeyed, state=State.OPENED, lane__crossing=Lane.Crossing.ASSUMED
    ).select_related("lane")
    completed = 0
    for passage in opened:
        at = passage.decided_at + timedelta(seconds=passage.lane.crossing_after_s)
        if at <= now:
            complete_passage(passage.pk, Lane.Crossing.ASSUMED, at)
            completed += 1
    return completed


def let_go(now: datetime | None = None) -> int:
    """Mark as gone what waited, or was opened and never crossed, for too long; the number."""
    now = now or timezone.now()
    late = Q(state=State.WAITING, decided_at__lt=now - WAITS_AT_MOST)
    late |= Q(state=State.WAITING, way="face", decided_at__lt=now - FACE_WAITS)
    for how, span in CROSSES_WITHIN.items():
        late |= Q(state=State.OPENED, lane__crossing=how, decided_at__lt=now - span)
    gone = 0
    for passage_id in Passage.objects.filter(late).values_list("pk", flat=True):
        gone += _let_one_go(passage_id, late)
    return gone


def _let_one_go(passage_id: int, late: Q) -> int:
    with events.writing():
        passage, _lane = locked_passage(passage_id)
        # A guard may have decided, or the loop spoken, since the list was made.
        if not Passage.objects.filter(late, pk=passage_id).exists():
            return 0
        end_unfinished(passage)
        return 1


def end_keep_opens(now: datetime | None = None) -> int:
    """Release the lanes whose time of standing open is over; the number released."""
    now = now or timezone.now()
    over = KeepOpen.objects.filter(released_at=None, until__lte=now)
    ended = 0
    for lane_id in over.values_list("lane_id", flat=True):
        with events.writing():
            lane = locked_lane(lane_id)
            held = over.filter(lane=lane).first()
            if held:
                end_keep_open(held, lane, now)
                ended += 1
    return ended
