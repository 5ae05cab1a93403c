"""Carries what the cameras saw into the database, so that a slow write never delays the eyes."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, close_old_connections, connections

from community.devices.base import Health
from community.devices.operations import drain, record_health
from security.models import Passage
from security.operations import handle_reading
from security.operations.faces import FaceSeen, handle_face
from security.readings import ReadingInput, ReadingRefused

log = structlog.get_logger(__name__)

READING, NEWS, END = 0, 1, 2
TRIES, PAUSE_S = 4, 0.5
#: Readings that wait; beyond that the database has been away so long that none would open anything.
MOST = 200


@dataclass(order=True)
class _Job:
    priority: int
    number: int
    do: Callable[[], None] | None = field(compare=False)


class Clerk:
    """A thread with a database connection of its own; readings go before news of health."""

    def __init__(self) -> None:
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._thread = threading.Thread(target=self._run, name="clerk", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float = 10.0) -> None:
        """Write down what waits, then end."""
        self._put(END, None)
        self._thread.join(seconds)

    def take_reading(
        self, reading: ReadingInput, then: Callable[[Passage], None] | None = None
    ) -> bool:
        """Hand a reading over; `then` is called with its passage. False where too many wait."""
        if self._jobs.qsize() >= MOST:
            log.error("reading_lost", device=reading.device_id, lane=reading.lane_id)
            return False
        self._put(READING, lambda: _hand_over(reading, then))
        return True

    def take_face(self, seen: FaceSeen, then: Callable[[Passage | None], None]) -> bool:
        """Hand a recognised face over, as `take_reading` does."""
        if self._jobs.qsize() >= MOST:
            log.error("face_lost", device=seen.device_id, lane=seen.lane_id)
            return False
        self._put(READING, lambda: then(handle_face(seen)))
        return True

    def take_note(self, do: Callable[[], None]) -> None:
        """Write down what opens nothing, after the readings; dropped where too many wait."""
        if self._jobs.qsize() < MOST:
            self._put(NEWS, do)

    def tell_health(self, device_id: int, health: Health) -> None:
        self._put(NEWS, lambda: record_health(device_id, health))

    def _put(self, priority: int, do: Callable[[], None] | None) -> None:
        self._jobs.put(_Job(priority, next(self._numbers), do))

    def _run(self) -> None:
        while (job := self._jobs.get()).do is not None:
            _persist(job.do)
        drain()
        connections.close_all()


def _persist(do: Callable[[], None]) -> None:
    """Do it, again where the database was away: a reading's key makes that harmless."""
    for attempt in range(TRIES):
        close_old_connections()
        try:
            return do()
        except (OperationalError, InterfaceError):
            log.warning("database_away", attempt=attempt)
            time.sleep(PAUSE_S * 2**attempt)
        except Exception:
            log.exception("not_written")
            return None
    log.error("given_up_writing")
    return None


def _hand_over(reading: ReadingInput, then: Callable[[Passage], None] | None) -> Any:
    try:
        passage = handle_reading(reading)
    except ReadingRefused as refusal:
        log.warning("reading_refused", code=refusal.code, device=reading.device_id)
        return
    if then is not None:
        then(passage)
