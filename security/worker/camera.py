"""One camera of the group: opened, read, and tried again while it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

import structlog

from community.devices.base import Health
from community.models import Device
from security.sources import Frame, Source, SourceFault, open_source
from security.worker.clerk import Clerk

log = structlog.get_logger(__name__)

FIRST_S, LAST_S = 1.0, 30.0
STEADY_S = 10.0  # a camera that gave frames for so long is tried at once when it fails
TOLD_EVERY_S = 30.0
#: What somebody has to put right; the rest passes by itself.
FAULTS = frozenset({"not_found", "not_a_picture", "refused_address", "driver_unknown"})
ONLINE = Health("online")
Opener = Callable[[Device], Source]


class Watched(Protocol):
    """A lane that this camera shows."""

    def feed(self, frame: Frame) -> None: ...

    def flush(self) -> None: ...


class Camera:
    """Step it often; it never blocks for long and never raises."""

    def __init__(
        self,
        device: Device,
        lanes: Sequence[Watched],
        clerk: Clerk,
        wake: threading.Event,
        opener: Opener = open_source,
        *,
        well: Health = ONLINE,
    ) -> None:
        """`well` is told while frames come."""
        self.device, self.lanes = device, lanes
        self._clerk, self._wake, self._opener = clerk, wake, opener
        self._well = well
        self._source: Source | None = None
        self._wait = FIRST_S
        self._again_at = 0.0
        self._good_since: float | None = None
        self._tell_at = 0.0
        self.ended = False

    def step(self) -> None:
        """Open what is due, take the newest frame, feed the lanes."""
        if self.ended:
            return
        try:
            self._step()
        except SourceFault as fault:
            self._failed(fault.code)
        except Exception:  # one camera's surprise must not blind the others
            log.exception("camera_broke", device=self.device.pk)
            self._failed("worker_broke")

    def close(self) -> None:
        """Stop watching; what was read so far is handed over."""
        self._drop()
        for lane in self.lanes:
            lane.flush()

    def _step(self) -> None:
        if self._source is None:
            if time.monotonic() < self._again_at:
                return
            self._source = self._opener(self.device)
            self._source.start(self._wake)
        frame = self._source.take()
        if frame is not None:
            self._good(frame)
        elif self._source.over:
            self.ended = True
            self.close()

    def _good(self, frame: Frame) -> None:
        now = time.monotonic()
        self._good_since = self._good_since or now
        if now >= self._tell_at:
            self._tell_at = now + TOLD_EVERY_S
            self._clerk.tell_health(self.device.pk, self._well)
        for lane in self.lanes:
            lane.feed(frame)

    def _failed(self, code: str) -> None:
        now = time.monotonic()
        limit = min(LAST_S, self._source.retry_at_most_s) if self._source else LAST_S
        if self._good_since is not None and now - self._good_since >= STEADY_S:
            self._wait = FIRST_S
        self._again_at = now + min(self._wait, limit)
        log.warning("camera_failed", device=self.device.pk, code=code, again_in_s=self._wait)
        self._wait = min(LAST_S, self._wait * 2)
        self._good_since, self._tell_at = None, 0.0
        health = Health("faulty" if code in FAULTS else "offline", code)
        self._clerk.tell_health(self.device.pk, health)
        self._drop()
        for lane in self.lanes:
            lane.flush()

    def _drop(self) -> None:
        if self._source is not None:
            self._source.close()
            self._source = None
