"""One camera or recorder that we read from: a thread that connects, reads, and connects again."""

from __future__ import annotations

import random
import threading
import time
from functools import partial
from typing import Any

import structlog
from django.db import connections

from community.devices.base import DeviceFault, Health
from community.devices.operations.health import LOCKED_S
from community.devices.pull import Event
from community.devices.pull.line import Line, Stopped
from community.devices.push import Told
from community.devices.zones import zone_of
from community.models import Device
from security.listening.telling import tell, tell_health
from security.models import Reading

log = structlog.get_logger(__name__)
FIRST_S, LAST_S = 1.0, 60.0
#: A connection that held for so long is tried anew at once when it breaks.
STEADY_S = 30.0
#: Some firmware tells the last car again, as if it came now, to whoever connects.
REPEAT_S = 3.0
#: What somebody has to put right; trying at the usual pace would not help.
FAULTS = frozenset(
    {"settings_invalid", "not_authorised", "credentials_missing", "address_refused",
     "certificate_refused", "challenge_not_understood", "answered_403", "answered_404"}
)  # fmt: skip


class Pulled(threading.Thread):
    """Reads until ``stop``; never raises."""

    def __init__(self, device: Device, *, first_s: float = FIRST_S) -> None:
        super().__init__(name=f"pull-{device.pk}", daemon=True)
        self.device = device
        self._first_s = self._wait = first_s
        self._stopping = threading.Event()
        self._opened_at = 0.0
        #: The last car told, and the last one told before this connection.
        self._last: str | None = None
        self._before: str | None = None
        self._line: Line

    def stop(self) -> None:
        """Ask to end; it does within a second, unless a car is just being decided on."""
        self._stopping.set()

    def run(self) -> None:
        try:
            self._last = self._known_plate()
            while not self._stopping.is_set():
                self._stopping.wait(self._round())
        except Stopped:
            pass
        finally:
            if threading.current_thread() is self:
                connections.close_all()

    def _round(self) -> float:
        """One connection from beginning to end; how long to wait before the next, in seconds."""
        self._opened_at, self._before = 0.0, self._last
        credentials: Any = self.device.credentials
        try:
            self._line = Line(
                self.device.settings,
                credentials,
                on_open=self._opened,
                on_event=self._take,
                is_stopping=self._stopping.is_set,
            )
            self._line.run()
        except DeviceFault as fault:
            return self._failed(fault.code)
        except Stopped:
            return 0.0
        except Exception:
            log.exception("pull_broke", device=self.device.pk)
            return self._failed("driver_broke")
        return self._failed("broken_off")

    def _opened(self) -> None:
        self._opened_at = time.monotonic()
        log.info("pull_opened", device=self.device.pk)
        tell_health(self.device.pk, Health("online"))

    def _failed(self, code: str) -> float:
        if self._opened_at and time.monotonic() - self._opened_at >= STEADY_S:
            self._wait = self._first_s
        wait = self._wait
        self._wait = min(LAST_S, self._wait * 2)
        if code == "not_authorised":
            # Asked again and again, the camera locks the account, the installer's page with it.
            wait = LOCKED_S
        log.warning("pull_failed", device=self.device.pk, code=code, again_in_s=round(wait, 1))
        state = "faulty" if code in FAULTS else "offline"
        tell_health(self.device.pk, Health(state, code))  # type: ignore[arg-type]
        return wait * random.uniform(0.8, 1.2)  # noqa: S311 - so that not all call at once

    def _take(self, event: Event) -> None:
        tell(
            self.device,
            self._line.format.pushed,
            partial(self._read, event),
            event.received_at,
            said=event.parts[0].data,
            size=sum(len(part.data) for part in event.parts),
            may_wait=lambda: not self._stopping.is_set(),
        )

    def _read(self, event: Event) -> Told:
        body = event.body(zone_of(self.device))
        told = self._line.format.read(event, body, self._line.options)
        if told.plate is None or not told.plate.plate:
            return told
        self._last = told.plate.plate
        if self._last == self._before and time.monotonic() - self._opened_at < REPEAT_S:
            log.info("pull_repeat_dropped", device=self.device.pk)
            return Told("other")
        return told

    def _known_plate(self) -> str | None:
        """The last car of this camera, also where another process heard of it."""
        found = Reading.objects.filter(device=self.device.pk).exclude(plate="").order_by("-pk")
        return found.values_list("plate_raw", flat=True).first()
