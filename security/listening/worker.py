"""Everything that we listen to, in one process: a thread for each camera, one for each broker.

Nothing here reads pictures, so a hundred of them are cheap; and none of them can keep the others
waiting, which is why they have no place in the workers that do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Protocol

import structlog
from django.db import DatabaseError, close_old_connections

from community.devices.base import DeviceFault, Health
from community.devices.mqtt_client import Broker
from community.devices.pull import DRIVER as PULL
from community.models import Device
from security.listening import DRIVERS
from security.listening.behind import Behind, behind
from security.listening.brokers import BrokerLine
from security.listening.pulled import Pulled
from security.listening.telling import tell_health

log = structlog.get_logger(__name__)
REREAD_S = 2.0
STEP_S = 0.5
#: More than any compound has; each is a thread and a connection.
MOST = 200


class Listener(Protocol):
    """A thread that listens for one camera, or for all behind one broker."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def is_alive(self) -> bool: ...

    def join(self, timeout: float | None = None) -> None: ...


def devices_listened_to() -> list[Device]:
    """Cameras in use that tell us by a connection of ours."""
    active = Device.objects.active().filter(kind=Device.Kind.CAMERA, driver__in=DRIVERS)
    return list(active.order_by("pk")[:MOST])


class Worker:
    """To be used from one thread. ``only``: these devices, otherwise all that there are."""

    def __init__(
        self, only: Iterable[int] | None = None, beat: Callable[[], None] = lambda: None
    ) -> None:
        self._only = set(only) if only is not None else None
        self._beat = beat
        self._stopping = threading.Event()
        self._listeners: dict[Any, Listener] = {}

    def stop(self) -> None:
        """May be called from a signal handler."""
        self._stopping.set()

    def run(self) -> None:
        """Until ``stop``."""
        left = 0.0
        try:
            while not self._stopping.is_set():
                self._beat()
                if left <= 0:
                    self._reread()
                    left = REREAD_S
                self._stopping.wait(STEP_S)
                left -= STEP_S
        finally:
            self._end(list(self._listeners))

    def _reread(self) -> None:
        close_old_connections()
        try:
            found = [one for one in devices_listened_to() if not self._only or one.pk in self._only]
        except DatabaseError as error:
            log.warning("cameras_not_reread", why=type(error).__name__)
            return
        wanted = wanted_listeners(found)
        dead = [key for key, one in self._listeners.items() if not one.is_alive()]
        self._end([key for key in self._listeners if key not in wanted] + dead)
        for key, make in wanted.items():
            if key not in self._listeners:
                self._listeners[key] = listener = make()
                listener.start()

    def _end(self, keys: list[Any]) -> None:
        ending = [self._listeners.pop(key) for key in dict.fromkeys(keys)]
        for listener in ending:
            listener.stop()
        for listener in ending:
            listener.join(2.0)


def wanted_listeners(devices: list[Device]) -> dict[Any, Callable[[], Listener]]:
    """What makes each listener, by all that it depends on: another password is another one."""
    found: dict[Any, Callable[[], Listener]] = {}
    brokers: dict[Broker, list[Behind]] = {}
    for device in devices:
        if device.driver == PULL:
            found[_key(device)] = partial(Pulled, device)
            continue
        try:
            broker, camera = behind(device)
        except DeviceFault as fault:
            tell_health(device.pk, Health("faulty", fault.code))
            continue
        brokers.setdefault(broker, []).append(camera)
    for broker, cameras in brokers.items():
        key = (broker, *(_key(camera.device) for camera in cameras))
        found[key] = partial(BrokerLine, broker, cameras)
    return found


def _key(device: Device) -> tuple[Any, ...]:
    return (device.pk, device.driver, repr(device.settings), repr(device.credentials))
