"""Orders to devices: pending → sending → done, failed or unknown; sent once or not at all.

``sending`` is committed before any I/O. Whatever stops us after that, nothing is sent again: the
command becomes ``unknown``, the device's position is read, and the ledger tells the guard.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from community import events, pooled
from community.devices.base import PULSE_MS, Barrier, BarrierState, DeviceFault, DeviceSilent
from community.devices.operations import couriers, ordered
from community.devices.operations.health import code_of, note_answer
from community.devices.registry import driver_for
from community.models import Command, Device, Lane, User

log = structlog.get_logger()
Action, State = Command.Action, Command.State

#: The process that ordered has this long to deliver before a sweeper does.
PENDING_S = 0.5
#: Longer than any driver may take; who sent it is dead by now.
SENDING_S = 15.0
MOST_COMPARTMENTS = 999
HOLDING = [Action.KEEP_OPEN, Action.RELEASE]


def order(
    device: Device,
    action: str,
    *,
    key: str,
    lane: Lane | None = None,
    expires_at: datetime,
    parameters: dict[str, Any] | None = None,
    requested_by: User | None = None,
    is_first: bool = False,
) -> Command:
    """Order a device to act, inside the caller's ``events.writing()``; it is sent after commit.

    ``key`` names the order: the same key again gives the same command, and nothing is sent twice.
    ``is_first``: the caller drew the key just now, so no order can have it, and none is looked for.
    ``parameters``: ``pulse_ms`` for ``open``; ``until`` (aware datetime) for ``keep_open``;
    ``number`` for ``open_compartment``.
    Raises ValueError for an order that makes no sense, or a key that another order has.
    """
    with events.joining():
        given = {
            "compound_id": device.compound_id,
            "device": device,
            "lane": _checked_lane(lane, device),
            "action": Action(action),
            "parameters": _checked_parameters(action, parameters or {}),
            "requested_by": requested_by,
            "created_at": timezone.now(),
            "expires_at": expires_at,
        }
        command, is_new = ordered.made(_checked_key(key), given, is_first=is_first)
        if (command.device_id, command.action) != (device.pk, action):
            raise ValueError("the key belongs to another order")
        if is_new:
            _tell(command, "device.command_ordered", actor=requested_by)
            send = partial(couriers.hand_over, device.pk, partial(deliver, command.pk))
            transaction.on_commit(send, robust=True)
    return command


def deliver(command_id: int) -> Command:
    """Send a pending command, once, whoever else tries; returns it as it stands afterwards.

    Not to be called inside a transaction: the claim must be committed before any I/O.
    """
    command, is_ours = _claim(command_id)
    if not is_ours:
        return command
    pooled.give_back()  # the device may take its time
    driver = None
    try:
        driver = driver_for(command.device, send_before=command.expires_at)
        _send(driver, command)
    except DeviceFault as fault:
        return _finish(command, State.FAILED, fault.code)
    except DeviceSilent as silence:
        return _finish_unknown(command, driver, silence.code)
    except Exception:
        # A fault in the driver itself: it may have sent something before it broke.
        log.exception("driver_broke", command=command.pk, driver=command.device.driver)
        return _finish_unknown(command, driver, "driver_broke")
    return _finish(command, State.DONE, "")


def sweep(now: datetime | None = None) -> int:
    """Take up what was left behind; the number of commands taken up.

    Pending for more than half a second: delivered now, or failed as expired. Sending for more
    than 15 s: ``unknown``, see :func:`settle`. I/O happens in the devices' own threads.
    """
    now = now or timezone.now()
    pending = Command.objects.filter(
        state=State.PENDING, created_at__lte=now - timedelta(seconds=PENDING_S)
    )
    sending = Command.objects.filter(
        state=State.SENDING, sent_at__lte=now - timedelta(seconds=SENDING_S)
    )
    left = list(pending.order_by("pk"))
    for command in left:
        if command.expires_at <= timezone.now():
            deliver(command.pk)  # only fails it: nothing to wait for
        else:
            couriers.hand_over(command.device_id, partial(deliver, command.pk))
    stuck = list(sending.order_by("pk"))
    for command in stuck:
        couriers.hand_over(command.device_id, partial(settle, command.pk))
    return len(left) + len(stuck)


def settle(command_id: int) -> Command:
    """Mark a command whose sender died as ``unknown``, after a look at the device's position."""
    command = Command.objects.select_related("device").get(pk=command_id)
    if command.state != State.SENDING:
        return command
    try:
        driver = driver_for(command.device)
    except DeviceFault:
        driver = None
    return _finish_unknown(command, driver, "interrupted")


def _checked_key(key: str) -> str:
    if not key or len(key) > 120:
        raise ValueError("a key has 1 to 120 characters")
    return key


def _checked_lane(lane: Lane | None, device: Device) -> Lane | None:
    if lane is not None and lane.compound_id != device.compound_id:
        raise ValueError("lane and device stand in different compounds")
    return lane


def _checked_parameters(action: str, parameters: dict[str, Any]) -> dict[str, Any]:
    until = parameters.get("until")
    if isinstance(until, datetime):
        parameters = {**parameters, "until": until.isoformat()}
    if action == Action.KEEP_OPEN:
        _until(parameters)
    if action == Action.OPEN_COMPARTMENT:
        number = parameters.get("number")
        # Lock 0 opens every door of a bank on many boards.
        if type(number) is not int or not 1 <= number <= MOST_COMPARTMENTS:
            raise ValueError("open_compartment needs a number from 1")
    pulse = parameters.get("pulse_ms", PULSE_MS)
    if type(pulse) is not int or not 100 <= pulse <= 10_000:
        raise ValueError("pulse_ms is 100 to 10000 milliseconds")
    return parameters


def _until(parameters: dict[str, Any]) -> datetime:
    until = parse_datetime(str(parameters.get("until", "")))
    if until is None or timezone.is_naive(until):
        raise ValueError("keep_open needs an end: until, with a time zone")
    return until


def _claim(command_id: int) -> tuple[Command, bool]:
    """The command, and whether it is now ours to send.

    It is read before the claim, with its device; one statement claims it, and whoever comes second
    claims nothing. What is not to be sent is failed under its lock.
    """
    command = ordered.with_device.first(key=command_id)
    if command is None:
        raise Command.DoesNotExist(command_id)
    if command.state != State.PENDING or _reason_not_to_send(command):
        return _refuse(command_id), False
    with events.writing(durable=True):
        now = timezone.now()  # the turn to write may have been waited for
        is_late = command.action in HOLDING and bool(_reason_not_to_send(command))
        is_ours = not is_late and bool(ordered.claimed(key=command_id, now=now))
    if not is_ours:
        return _refuse(command_id), False
    command.state, command.sent_at = State.SENDING, now
    return command, True


def _refuse(command_id: int) -> Command:
    """Fail what is pending and not to be sent; whatever else it is, stays."""
    with events.writing(durable=True):
        command = Command.objects.select_for_update(of=("self",)).get(pk=command_id)
        if command.state == State.PENDING and (code := _reason_not_to_send(command)):
            _close(command, State.FAILED, code, State.PENDING)
    return command


def _reason_not_to_send(command: Command) -> str:
    if command.expires_at <= timezone.now():
        return "expired"
    if not command.device.is_active:
        return "not_in_use"
    if command.action in HOLDING:
        # A later keep-open or release says what the guard wants now; the older one comes too late.
        later = Command.objects.filter(
            device_id=command.device_id, action__in=HOLDING, pk__gt=command.pk
        )
        if later.exclude(state=State.FAILED).exists():
            return "superseded"
    return ""


def _send(driver: Barrier, command: Command) -> None:
    # The commit itself may have waited for another writer.
    if command.expires_at <= timezone.now():
        raise DeviceFault("expired")
    send: Callable[..., None] | None = getattr(driver, command.action, None)
    if send is None:
        raise DeviceFault("action_unsupported")
    if command.action == Action.OPEN:
        send(command_id=command.pk, pulse_ms=command.parameters.get("pulse_ms", PULSE_MS))
    elif command.action == Action.OPEN_COMPARTMENT:
        send(command_id=command.pk, number=command.parameters["number"])
    elif command.action == Action.KEEP_OPEN:
        send(command_id=command.pk, until=_until(command.parameters))
    else:
        send(command_id=command.pk)


def _finish_unknown(command: Command, driver: Barrier | None, code: str) -> Command:
    position = BarrierState.UNKNOWN
    try:
        # A bank of lockers has many doors; who ordered asks the one that matters.
        if driver is not None and hasattr(driver, "state"):
            position = driver.state()
    except Exception:
        log.exception("driver_broke", command=command.pk, driver=command.device.driver)
    return _finish(command, State.UNKNOWN, code, position=position.value)


def _finish(command: Command, state: str, code: str, **told: Any) -> Command:
    with events.writing(durable=True):
        # The sweeper may have given it up meanwhile: its word was told and stands.
        is_ours = _close(command, state, code_of(code), State.SENDING, **told)
    if not is_ours:
        command.refresh_from_db()
    note_answer(command.device, state, code, command.action)
    return command


def _close(command: Command, state: str, code: str, before: str, **told: Any) -> bool:
    """End a command that still stands as ``before``, by one statement; whether it did."""
    now = timezone.now()
    if not ordered.closed(key=command.pk, before=before, state=state, code=code, now=now):
        return False
    command.state, command.code, command.finished_at = state, code, now
    if state != State.DONE:
        told["code"] = code
    _tell(command, f"device.command_{command.state}", **told)
    return True


def _tell(command: Command, kind: str, actor: User | None = None, **told: Any) -> None:
    log.info(kind, command=command.pk, order=command.key, code=told.get("code"))
    events.record(
        kind,
        compound=command.compound_id,
        actor=actor,
        command=command.pk,
        device=command.device_id,
        lane=command.lane_id,
        action=command.action,
        **told,
    )
