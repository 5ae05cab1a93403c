"""From a listener's thread to the one road: stored with patience, noted for whoever looks."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import structlog
from django.db import DatabaseError, OperationalError, close_old_connections, connection

from community.devices import heard
from community.devices.base import Health
from community.devices.heard import Heard
from community.devices.operations import record_health
from community.devices.push import Format, Told
from community.logging import along
from community.models import Device
from security.pushes.hearing import hear
from security.pushes.taking import Outcome

log = structlog.get_logger(__name__)
#: A camera that we listen to does not say it again: the database may be busy for so long.
PATIENCE_S = 20.0
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 2.0


def tell(
    device: Device,
    how: Format,
    read: Callable[[], Told],
    received_at: datetime,
    *,
    said: bytes = b"",
    size: int = 0,
    may_wait: Callable[[], bool] = lambda: True,
) -> tuple[Told | None, Outcome]:
    """Hear one message and note it. Never raises; what cannot be stored in time is logged."""
    with along(device=device.pk):
        fresh_connection()
        once = partial(hear, device, how, read, received_at, size=size, by_serial=False)
        told, outcome = _heard(once, may_wait)
        for deed in outcome.afterwards:
            try:
                deed()
            except Exception:
                log.exception("message_not_noted")
        if told is None or told.what != "other":
            what = told.what if told else ""
            note = Heard(time.time(), how.name, "", what, outcome.code, size or len(said), "")
            heard.keep(device.pk, note, said, "")
        return told, outcome


def _heard(
    once: Callable[[], tuple[Told | None, Outcome]], may_wait: Callable[[], bool]
) -> tuple[Told | None, Outcome]:
    end, wait = time.monotonic() + PATIENCE_S, FIRST_WAIT_S
    while True:
        try:
            return once()
        except OperationalError as error:
            if time.monotonic() >= end or not may_wait():
                log.error("message_not_stored", why=type(error).__name__)
                return None, Outcome("not_stored")
        time.sleep(wait)
        wait = min(LONGEST_WAIT_S, wait * 2)
        fresh_connection()


def fresh_connection() -> None:
    """Leave a connection to the database that ended while nothing was heard."""
    if not connection.in_atomic_block:
        close_old_connections()


def tell_health(device_id: int, health: Health) -> None:
    """Note how a device is; a database that is away is no reason to stop listening."""
    try:
        fresh_connection()
        record_health(device_id, health)
    except (DatabaseError, Device.DoesNotExist) as error:
        log.warning("camera_not_told", device=device_id, why=type(error).__name__)
