"""One message of a known device, however it came: read, taken, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog
from django.db import OperationalError

from community.devices import operations as devices
from community.devices.push import Format, NotUnderstood, Told
from community.models import Device
from security.pushes import taking
from security.pushes.taking import Outcome
from security.readings import ReadingRefused

log = structlog.get_logger(__name__)
#: What says nothing about the device's health: the next message may be right.
REFUSED_FOR_GOOD = frozenset({"device_without_lane", "device_of_many_lanes", "device_not_of_lane"})


def hear(
    device: Device,
    how: Format,
    read: Callable[[], Told],
    received_at: datetime,
    *,
    size: int = 0,
    by_serial: bool = True,
) -> tuple[Told | None, Outcome]:
    """What a message says and what came of it. Whatever breaks us is told as an outcome.

    ``by_serial``: the device proves by its serial number which one it is; False where we called
    it ourselves, and only a serial number that is another counts. Raises OperationalError where
    it could not be stored now.
    """
    told: Told | None = None
    try:
        told = read()
        return told, _taken(device, how, told, received_at, by_serial=by_serial)
    except NotUnderstood as fault:
        log.warning("push_not_understood", code=fault.code, bytes=size)
        return told, Outcome(fault.code)
    except ReadingRefused as refused:
        log.warning("push_refused", code=refused.code)
        return told, Outcome(refused.code)
    except OperationalError:
        raise
    except Exception:
        # What breaks us once breaks us each time it comes: it must not come for ever.
        log.exception("push_broke")
        return told, Outcome("push_broke")


def _taken(
    device: Device, how: Format, told: Told, received_at: datetime, *, by_serial: bool
) -> Outcome:
    if _has_to_prove(told, by_serial=by_serial) and not devices.bind_serial(device, told.serial):
        code = "serial_mismatch" if told.serial else "serial_missing"
        log.warning("push_refused", code=code)
        devices.note_push(device, code)
        return Outcome(code)
    try:
        outcome = taking.take(device, how, told, received_at)
    except ReadingRefused as refused:
        if refused.code in REFUSED_FOR_GOOD:
            devices.note_push(device, refused.code)
        raise
    alive = partial(taking.note_alive, device, how, told)
    return replace(outcome, afterwards=(*outcome.afterwards, alive))


def _has_to_prove(told: Told, *, by_serial: bool) -> bool:
    says_nothing = told.what in ("heartbeat", "other")
    if not by_serial:
        # A recorder signs its own heartbeats, and its cameras their own cars.
        return bool(told.serial) and not says_nothing
    return not says_nothing or bool(told.serial)
