"""Who carries commands to devices: one daemon thread per device that has something waiting.

A device that is slow or dead keeps its own thread busy and no other gate's; commands to one
device go in the order in which they were ordered.
"""

from __future__ import annotations

import atexit
import contextvars
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings
from django.db import connections

from community import pooled

log = structlog.get_logger()
Errand = Callable[[], object]

#: A thread waits for the next car this long, with its connection where there is no pool of them.
IDLE_S = 20.0
#: At most this long a process that ends waits for answers from devices.
DRAIN_S = 5.0


class Couriers:
    """Errands per device, and the threads that run them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: dict[int, deque[Errand]] = {}
        self._busy = 0

    def submit(self, device_id: int, errand: Errand) -> None:
        with self._changed:
            waiting = self._waiting.get(device_id)
            if waiting is not None:
                waiting.append(errand)
                self._changed.notify_all()
                return
            self._waiting[device_id] = deque([errand])
        threading.Thread(
            target=self._work, args=(device_id,), daemon=True, name=f"device-{device_id}"
        ).start()

    def drain(self, seconds: float) -> bool:
        """Wait until nothing is waiting or under way; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(self._is_idle, seconds)

    def _is_idle(self) -> bool:
        return not self._busy and not any(self._waiting.values())

    def _work(self, device_id: int) -> None:
        try:
            while errand := self._next(device_id):
                self._run(errand)
        finally:
            connections.close_all()

    def _next(self, device_id: int) -> Errand | None:
        end = time.monotonic() + IDLE_S
        with self._changed:
            waiting = self._waiting[device_id]
            while not waiting:
                left = end - time.monotonic()
                if left <= 0:
                    del self._waiting[device_id]
                    return None
                self._changed.wait(left)
            self._busy += 1
            return waiting.popleft()

    def _run(self, errand: Errand) -> None:
        try:
            errand()
        except Exception:
            # The command stays as it is in the database, where the sweeper finds it.
            log.exception("errand_failed")
            connections.close_all()
        finally:
            pooled.give_back()
            with self._changed:
                self._busy -= 1
                self._changed.notify_all()


_couriers = Couriers()
_here = threading.local()


def _after_fork() -> None:
    global _couriers  # noqa: PLW0603
    # Threads do not survive a fork; what they carried is found in the database.
    _couriers = Couriers()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _couriers.drain(DRAIN_S))


def hand_over(device_id: int, errand: Errand) -> None:
    """Run ``errand`` soon in the device's thread, or at once where delivery is inline.

    Never raises: whatever goes wrong, the sweeper finds the command again.
    """
    # The ids that bind the order's lines in the log go along to the device's thread.
    context = contextvars.copy_context()

    def carry() -> object:
        return context.run(errand)

    if getattr(_here, "inline", 0) or settings.DEVICE_DELIVERY == "inline":
        try:
            carry()
        except Exception:
            log.exception("errand_failed")
        return
    _couriers.submit(device_id, carry)


def drain(seconds: float = DRAIN_S) -> bool:
    """Wait until this process has carried everything; whether that came true in time."""
    return _couriers.drain(seconds)


@contextmanager
def inline() -> Iterator[None]:
    """Deliver in the calling thread, right after its commit, for tests and one-off commands."""
    _here.inline = getattr(_here, "inline", 0) + 1
    try:
        yield
    finally:
        _here.inline -= 1
