"""Keeps one worker process for each group of cameras, and starts again what ends by itself."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from community.devices.base import Health
from community.devices.operations import record_health
from community.models import Device
from community.process_tree import Budget, Child, Command, Ended, Tree

log = structlog.get_logger(__name__)

CAMERAS_PER_GROUP = 4
REGROUP_S = 5.0
POLL_S = 0.5
BUDGET = Budget(starts=5, window_s=60.0, rest_s=60.0, first_wait_s=0.5)
CommandOf = Callable[[Sequence[int]], Command]


def run_group(device_ids: Sequence[int]) -> None:
    """A worker's whole life, in a process of its own."""
    from security.worker import Worker, load_engine

    worker = Worker(device_ids, engine=load_engine())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    worker.run()


def worker_command(device_ids: Sequence[int]) -> Command:
    """What starts a worker for these cameras: a fork, which has everything imported already."""
    return partial(run_group, list(device_ids))


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
    """Cameras that watch a lane in use."""
    active = Device.objects.active().filter(kind=Device.Kind.CAMERA, watched_lanes__is_active=True)
    return list(active.order_by("pk").values_list("pk", flat=True).distinct())


class Supervisor:
    """To be used from one thread. Its workers die with it."""

    def __init__(self, command_of: CommandOf = worker_command, budget: Budget = BUDGET) -> None:
        self._command_of = command_of
        log_dir = Path(settings.VAR_DIR) / "log"
        self._tree = Tree({}, log_dir, budget=budget, before_fork=connections.close_all)
        self._groups: list[list[int]] = []
        self._children: list[Child | None] = []
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
                for ended in self._tree.poll():
                    self._tell(ended)
                self._stop.wait(POLL_S)
        finally:
            self._tree.stop(2.0)  # before whoever started us loses patience

    def _regroup(self) -> None:
        close_old_connections()
        try:
            groups = regroup(self._groups, cameras_in_use())
        except DatabaseError:
            log.warning("cameras_not_reread")
            return
        for number, group in enumerate(groups):
            if number >= len(self._groups) or group != self._groups[number]:
                self._renew(number, group)
        self._groups = groups

    def _renew(self, number: int, group: list[int]) -> None:
        """Start, restart or end a group's worker; one that only lost cameras sees to it itself."""
        known = self._children[number] if number < len(self._children) else None
        before = self._groups[number] if number < len(self._groups) else []
        child = Child(f"cameras-{number + 1}", self._command_of(group), self._log(number))
        if known is not None and set(group) < set(before) and group:
            known.command = child.command
            return
        if known is not None:
            self._tree.remove(known)
        if number >= len(self._children):
            self._children.append(None)
        self._children[number] = child if group else None
        if group:
            self._tree.children.append(child)

    def _log(self, number: int) -> Path:
        return Path(settings.VAR_DIR) / "log" / f"cameras-{number + 1}.log"

    def _tell(self, ended: Ended) -> None:
        """A worker that ends again and again is a fault of all its cameras."""
        log.warning("worker_ended", name=ended.name, code=ended.code, again_in_s=ended.again_in_s)
        if not ended.budget_spent:
            return
        number = int(ended.name.rpartition("-")[2]) - 1
        for pk in self._groups[number]:
            try:
                record_health(pk, Health("faulty", "worker_failed"))
            except (DatabaseError, Device.DoesNotExist):
                log.warning("health_not_told", device=pk)
