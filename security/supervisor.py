"""Keeps one worker process for each group of cameras, and starts again what ends or hangs."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from django.db.models import Q

from community.devices.base import Health
from community.devices.operations import record_health
from community.devices.push import DRIVER as PUSH
from community.devices.viid import DRIVER as VIID
from community.models import Device
from community.process_tree import Budget, Child, Command, Ended, Tree
from security.listening import DRIVERS as LISTENED_TO
from security.operations.watching import camera_failed, camera_recovered
from security.pulse import Pulse
from security.worker import beat

log = structlog.get_logger(__name__)

CAMERAS_PER_GROUP = 4
REGROUP_S = 5.0
#: A worker that has gone round for so long after a failure is well again.
WELL_S = 60.0
POLL_S = 0.5
#: The number of the process that listens to cameras; groups that look are numbered from 1.
EARS = 0
#: A worker that hangs takes half a minute to be noticed: five of those in a row fit the window.
BUDGET = Budget(starts=5, window_s=300.0, rest_s=60.0, first_wait_s=0.5)
CommandOf = Callable[[int], Command]


def run_group(number: int) -> None:
    """A worker's whole life, in a process of its own."""
    from security.worker import Worker, load_engine
    from security.worker.faces import Faces

    worker = Worker(
        [],
        engine=load_engine(),
        group=partial(beat.read_group, number),
        beat=beat.Beat(number),
        faces=Faces(f"cameras-{number}"),
    )
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_number, lambda *_: worker.stop())
    worker.run()


def worker_command(number: int) -> Command:
    """What starts the worker of a group: a fresh interpreter (ADR 19)."""
    script = str(Path(settings.BASE_DIR) / "manage.py")
    if number == EARS:
        return [sys.executable, script, "listen_cameras", "--group", str(number)]
    return [sys.executable, script, "watch_cameras", "--group", str(number)]


def regroup(groups: list[list[int]], cameras: Iterable[int]) -> list[list[int]]:
    """The groups for these cameras: who is in a group stays there, new ones take free places."""
    wanted = list(cameras)
    kept = [[pk for pk in group if pk in wanted] for group in groups]
    placed = {pk for group in kept for pk in group}
    for pk in (pk for pk in wanted if pk not in placed):
        free = next((group for group in kept if 0 < len(group) < CAMERAS_PER_GROUP), None)
        free = free if free is not None else next((group for group in kept if not group), None)
        if free is None:
            kept.append(free := [])
        free.append(pk)
    return kept


def cameras_in_use() -> list[int]:
    """Cameras that watch a lane or a fire lane in use; none that read plates and push."""
    active = Device.objects.active().filter(kind=Device.Kind.CAMERA)
    active = active.filter(Q(watched_lanes__is_active=True) | Q(fire_lanes__is_active=True))
    active = active.exclude(driver__in=[PUSH, VIID, *LISTENED_TO])
    return list(active.order_by("pk").values_list("pk", flat=True).distinct())


def cameras_listened_to() -> list[int]:
    """Cameras that tell us by a connection of ours: one process has all of them (ADR 99)."""
    active = Device.objects.active().filter(kind=Device.Kind.CAMERA, driver__in=LISTENED_TO)
    return list(active.order_by("pk").values_list("pk", flat=True))


@dataclass
class _Group:
    """Cameras that share a worker; ``well`` is the process last told of as watching them."""

    number: int
    cameras: list[int] = field(default_factory=list)
    child: Child | None = None
    well: int = 0

    @property
    def process(self) -> int:
        running = self.child.process if self.child is not None else None
        return running.pid if running is not None and running.poll() is None else 0


class Supervisor:
    """To be used from one thread. Its workers die with it."""

    def __init__(
        self,
        command_of: CommandOf = worker_command,
        budget: Budget = BUDGET,
        pulse: Pulse | None = None,
    ) -> None:
        self._command_of = command_of
        self._log_dir = Path(settings.VAR_DIR) / "log"
        self._tree = Tree({}, self._log_dir, budget=budget, before_fork=connections.close_all)
        self._groups: list[_Group] = []
        self._ears = _Group(EARS)
        self._pulse = pulse or Pulse()
        self._stop = threading.Event()

    @property
    def processes(self) -> list[int]:
        """Process ids of the workers that run."""
        return [one.process.pid for one in self._tree.children if one.process is not None]

    def stop(self) -> None:
        """May be called from a signal handler."""
        self._stop.set()

    def run(self) -> None:
        """Until `stop`."""
        self._tree.start()
        regroup_at = 0.0
        try:
            while not self._stop.is_set():
                if time.monotonic() >= regroup_at:
                    self._regroup()
                    regroup_at = time.monotonic() + REGROUP_S
                self._feel_pulses()
                for ended in self._tree.poll():
                    self._tell(ended)
                self._stop.wait(POLL_S)
        finally:
            self._tree.stop(2.0)  # before whoever started us loses patience

    def _regroup(self) -> None:
        close_old_connections()
        try:
            wanted = regroup([group.cameras for group in self._groups], cameras_in_use())
            for number, cameras in enumerate(wanted, 1):
                if number > len(self._groups):
                    self._groups.append(_Group(number))
                if cameras != self._groups[number - 1].cameras:
                    self._set(self._groups[number - 1], cameras)
            if (heard := cameras_listened_to()) != self._ears.cameras:
                self._set(self._ears, heard)
        except (DatabaseError, OSError) as error:
            log.warning("cameras_not_reread", why=type(error).__name__)

    def _set(self, group: _Group, cameras: list[int]) -> None:
        """Give a group its cameras; a worker that runs reads them anew by itself."""
        beat.write_group(group.number, cameras)
        group.cameras = cameras
        if cameras and group.child is None:
            name = f"cameras-{group.number}"
            log_file = self._log_dir / f"{name}.log"
            group.child = Child(name, self._command_of(group.number), log_file)
            self._tree.children.append(group.child)
        elif not cameras and group.child is not None:
            self._tree.remove(group.child)
            group.child = None

    def _feel_pulses(self) -> None:
        self._pulse.look()
        for group in (*self._groups, self._ears):
            child, process = group.child, group.process
            if child is None or not process:
                continue
            if self._pulse.is_lost(group.number, process, beat.last_beat(group.number)):
                log.error("worker_hangs", name=f"cameras-{group.number}", process=process)
                self._tree.kill(child)
                _tell_all(group.cameras, lambda pk: camera_failed(pk, "worker_hung"))
            elif group.well != process and self._pulse.steady_s(group.number, process) >= WELL_S:
                # Told without a look at what was told before: the last supervisor may have died.
                _tell_all(group.cameras, camera_recovered)
                group.well = process

    def _tell(self, ended: Ended) -> None:
        """A worker that ends again and again is a fault of all its cameras."""
        log.warning("worker_ended", name=ended.name, code=ended.code, again_in_s=ended.again_in_s)
        if not ended.budget_spent:
            return
        number = int(ended.name.rpartition("-")[2])
        group = self._groups[number - 1] if number != EARS else self._ears
        _tell_all(group.cameras, lambda pk: record_health(pk, Health("faulty", "worker_failed")))


def _tell_all(cameras: Sequence[int], tell: Callable[[int], object]) -> None:
    for pk in cameras:
        try:
            tell(pk)
        except (DatabaseError, Device.DoesNotExist):
            log.warning("camera_not_told", device=pk)
