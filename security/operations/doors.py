"""Doors by their contacts: opened by what, held open, forced, shut again; and who went through."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from community import events
from community.devices.base import BarrierState, DeviceFault, Door, Inputs
from community.devices.registry import driver_for
from community.models import Command, Gate, Lane
from security.models import Alert, DoorWatch, KeepOpen, Passage
from security.operations.alerting import close_by_key, raise_alert
from security.operations.crossings import complete_passage
from security.operations.fire import burning, start_fire
from security.operations.locks import locked_lane

log = structlog.get_logger(__name__)
Opened = DoorWatch.Opened
#: A leaf that moves within this of an order to open was opened by it.
AFTER_COMMAND = timedelta(seconds=20)
#: A leaf that moves within this of the exit button was opened by it.
AFTER_BUTTON = timedelta(seconds=10)
#: Ages of a press are told in whole seconds, and a read takes its time.
SAME_PRESS = timedelta(seconds=3)
#: Open longer than this without a reason, a door is held open.
HELD_AFTER = timedelta(seconds=40)
WORKERS = 8


def read_doors() -> int:
    """Ask the inputs of all doors, side by side, and take what they say; the number asked.

    For the beat task. No transaction is open while a door is asked.
    """
    lanes = Lane.objects.filter(
        is_active=True, gate__kind=Gate.Kind.PEDESTRIAN, barrier__is_active=True
    )
    found = list(lanes.select_related("barrier").order_by("pk"))
    drivers = [_driver(lane) for lane in found]
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="doors") as pool:
        answers = list(pool.map(_ask, drivers))
    now = timezone.now()
    known = {row.lane_id: row for row in DoorWatch.objects.filter(lane__in=found)}
    for lane, inputs in zip(found, answers, strict=True):
        if _is_news(known.get(lane.pk), inputs, now):
            take_inputs(lane.pk, inputs, now)
    return len(found)


def take_inputs(lane_id: int, inputs: Inputs, at: datetime) -> DoorWatch | None:
    """What a door's inputs said at a moment. Said twice, it counts once. None: no contact.

    Raises Lane.DoesNotExist.
    """
    with events.writing():
        lane = locked_lane(lane_id)
        watch = DoorWatch.objects.filter(lane=lane).first()
        watch = watch or DoorWatch(compound_id=lane.compound_id, lane=lane, since=at)
        _hear_fire(watch, lane, inputs)
        is_open = inputs.contact is BarrierState.OPEN
        if inputs.contact is BarrierState.UNKNOWN:
            return watch if watch.pk else None
        heard = _hear_exit(watch, inputs, at)
        if is_open and not watch.is_open:
            _opened(watch, lane, inputs, at)
        elif is_open:
            _still_open(watch, lane, at)
        elif watch.is_open or watch.pk is None:
            _shut(watch, lane, at)
        if heard:
            watch.save()
        return watch


def _hear_fire(watch: DoorWatch, lane: Lane, inputs: Inputs) -> None:
    """An alarm that was ended on purpose does not begin again while its input still says yes."""
    if inputs.fire is None or inputs.fire == watch.fire:
        return
    watch.fire = inputs.fire
    watch.save()
    if watch.fire:
        start_fire(lane.compound_id, lane=lane)


def _hear_exit(watch: DoorWatch, inputs: Inputs, at: datetime) -> bool:
    """Take what the door says of its exit button into the row; True where that is new."""
    if not _is_exit_news(watch, inputs, at):
        return False
    watch.pressed_at = _pressed(watch, inputs, at) or watch.pressed_at
    watch.presses = watch.presses if inputs.exit_count is None else inputs.exit_count
    watch.tells_exit = inputs.tells_exit
    return True


def _is_exit_news(watch: DoorWatch, inputs: Inputs, at: datetime) -> bool:
    if watch.tells_exit != inputs.tells_exit or inputs.exit_count not in (None, watch.presses):
        return True
    pressed = _pressed(watch, inputs, at)
    last = watch.pressed_at
    return pressed is not None and (last is None or pressed - last > SAME_PRESS)


def _pressed(watch: DoorWatch, inputs: Inputs, at: datetime) -> datetime | None:
    """When the exit button was last pressed, by this read. A counter that fell began anew."""
    if inputs.exit_button:
        return at
    if inputs.exit_age_s is not None:
        return at - timedelta(seconds=inputs.exit_age_s)
    known, count = watch.presses, inputs.exit_count
    return at if known is not None and count is not None and count > known else None


def _opened(watch: DoorWatch, lane: Lane, inputs: Inputs, at: datetime) -> None:
    watch.is_open, watch.since, watch.how = True, at, _how(watch, lane, inputs, at)
    watch.save()
    if watch.how == Opened.FORCED:
        events.record("security.door_forced", compound=lane.compound_id, lane=lane.pk)
        _raise("door_forced", lane, Alert.Severity.URGENT)
    elif lane.crossing == Lane.Crossing.CONTACT:
        _complete(lane, at)


def _how(watch: DoorWatch, lane: Lane, inputs: Inputs, at: datetime) -> str:
    """What opened it. Where the door tells nothing of its exit button, that is assumed, not force:
    an alarm at everybody who leaves would soon be looked at by nobody.
    """
    if inputs.exit_button:
        return Opened.BUTTON
    if _is_kept_open(lane, at):
        return Opened.KEPT
    told = Command.objects.filter(device=lane.barrier, created_at__range=(at - AFTER_COMMAND, at))
    moved = told.exclude(state=Command.State.FAILED).exclude(action=Command.Action.RELEASE)
    if moved.exists():
        return Opened.COMMAND
    if watch.pressed_at is not None and at - watch.pressed_at <= AFTER_BUTTON:
        return Opened.BUTTON
    return Opened.FORCED if inputs.tells_exit else Opened.ASSUMED


def _is_kept_open(lane: Lane, at: datetime) -> bool:
    kept = KeepOpen.objects.filter(lane=lane, released_at=None, until__gt=at)
    if kept.exists():
        return True
    return lane.direction == Lane.Direction.EXIT and burning(lane.compound_id) is not None


def _still_open(watch: DoorWatch, lane: Lane, at: datetime) -> None:
    if at - watch.since < HELD_AFTER or _is_kept_open(lane, at):
        return
    _raise("door_held", lane, Alert.Severity.IMPORTANT)


def _shut(watch: DoorWatch, lane: Lane, at: datetime) -> None:
    watch.is_open, watch.since, watch.how = False, at, ""
    watch.save()
    for kind in ("door_held", "door_forced"):
        close_by_key(lane.compound_id, f"{kind}-{lane.pk}")


def _complete(lane: Lane, at: datetime) -> None:
    """Whom the door was opened for went through it: the oldest who has not crossed yet."""
    rows = Passage.objects.filter(lane=lane, state=Passage.State.OPENED)
    due = rows.filter(decided_at__range=(at - AFTER_COMMAND, at)).order_by("pk").first()
    if due is not None:
        complete_passage(due.pk, Lane.Crossing.CONTACT, at)


def _raise(kind: str, lane: Lane, severity: int) -> None:
    raise_alert(
        compound=lane.compound_id,
        kind=kind,
        key=f"{kind}-{lane.pk}",
        severity=severity,
        lane=lane,
    )


def _is_news(watch: DoorWatch | None, inputs: Inputs, now: datetime) -> bool:
    """Whether the lane has to be locked for this: most answers say what is known."""
    if inputs.fire is not None and inputs.fire != bool(watch and watch.fire):
        return True
    if inputs.contact is BarrierState.UNKNOWN:
        return False
    is_open = inputs.contact is BarrierState.OPEN
    if watch is None or watch.is_open != is_open or _is_exit_news(watch, inputs, now):
        return True
    return is_open and now - watch.since >= HELD_AFTER


def _driver(lane: Lane) -> Any:
    try:
        return driver_for(lane.barrier) if lane.barrier else None
    except DeviceFault:
        return None


def _ask(driver: Any) -> Inputs:
    if not isinstance(driver, Door):
        return Inputs()
    try:
        return driver.inputs()
    except Exception:
        log.exception("door_not_read")
        return Inputs()
