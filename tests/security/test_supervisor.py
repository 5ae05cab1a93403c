"""The supervisor: groups of cameras, a budget of restarts, no orphans."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from community.models import Device
from community.process_tree import Budget
from security import supervisor
from security.pulse import Pulse
from security.supervisor import Supervisor, cameras_in_use, cameras_listened_to, regroup
from security.worker.beat import last_beat, read_group
from tests.community import factories

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_cameras_are_put_into_groups_of_four() -> None:
    assert regroup([], range(1, 7)) == [[1, 2, 3, 4], [5, 6]]


def test_who_is_in_a_group_stays_there() -> None:
    groups = regroup([[1, 2, 3, 4], [5, 6]], [1, 3, 4, 5, 6])
    assert groups == [[1, 3, 4], [5, 6]]
    assert regroup(groups, [1, 3, 4, 5, 6, 9]) == [[1, 3, 4, 9], [5, 6]]


def test_an_empty_group_is_filled_again() -> None:
    assert regroup([[1, 2]], []) == [[]]
    assert regroup([[]], [7]) == [[7]]


@pytest.mark.django_db
def test_only_cameras_of_a_lane_in_use_are_watched() -> None:
    compound = factories.compound()
    watched = factories.lane(compound).camera
    factories.lane(compound, is_active=False)
    factories.device(compound, "camera")
    Device.objects.filter(pk=factories.lane(compound).camera_id).update(is_active=False)
    assert cameras_in_use() == [watched.pk]


class Started:
    """A supervisor at work in a thread, with cameras and workers that the test sets."""

    def __init__(self, monkeypatch, command: list[str], budget: Budget, *cameras: int) -> None:
        self.cameras = list(cameras)
        self.heard: list[int] = []
        self.told: list[tuple[str, int]] = []
        self.health: list[tuple[int, str, str]] = []
        monkeypatch.setattr(supervisor, "cameras_in_use", lambda: list(self.cameras))
        monkeypatch.setattr(supervisor, "cameras_listened_to", lambda: list(self.heard))
        monkeypatch.setattr(supervisor, "record_health", self._note)
        for verb in ("camera_failed", "camera_recovered"):
            monkeypatch.setattr(supervisor, verb, partial(self._tell, verb))
        monkeypatch.setattr(supervisor, "WELL_S", 0.3)
        monkeypatch.setattr(supervisor, "REGROUP_S", 0.1)
        monkeypatch.setattr(supervisor, "POLL_S", 0.05)
        self.command = command
        pulse = Pulse(silent_s=1.0, start_s=20.0)
        self.supervisor = Supervisor(lambda number: self.command, budget, pulse)
        self.thread = threading.Thread(target=self.supervisor.run)

    def _note(self, device_id: int, health) -> None:
        self.health.append((device_id, health.state, health.code))

    def _tell(self, verb: str, device_id: int, *_code: str) -> None:
        self.told.append((verb, device_id))

    @property
    def groups(self) -> list[list[int]]:
        """What each worker finds as its cameras."""
        return [group for number in (1, 2) if (group := read_group(number))]

    def wait(self, true, seconds: float = 10) -> None:
        until = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < until, "it never came true"
            time.sleep(0.02)


@pytest.fixture
def start(monkeypatch, settings, tmp_path: Path) -> Iterator:
    settings.VAR_DIR = tmp_path
    running: list[Started] = []

    def start(command: list[str], *cameras: int, budget: Budget | None = None) -> Started:
        one = Started(monkeypatch, command, budget or Budget(first_wait_s=0.05), *cameras)
        running.append(one)
        one.thread.start()
        return one

    yield start
    for one in running:
        one.supervisor.stop()
        one.thread.join(15)


def test_each_group_has_a_process_and_stopping_ends_them(start) -> None:
    one = start(SLEEPER, 1, 2, 3, 4, 5)
    one.wait(lambda: len(one.supervisor.processes) == 2)
    running = one.supervisor.processes
    one.supervisor.stop()
    one.thread.join(15)
    assert one.groups == [[1, 2, 3, 4], [5]]
    assert not any(alive(pid) for pid in running)


def test_a_worker_that_was_killed_is_started_again(start) -> None:
    one = start(SLEEPER, 1)
    one.wait(lambda: one.supervisor.processes)
    (first,) = one.supervisor.processes
    os.kill(first, signal.SIGKILL)
    one.wait(lambda: one.supervisor.processes and one.supervisor.processes != [first])


def test_a_worker_that_ends_again_and_again_is_a_fault_of_its_cameras(start) -> None:
    budget = Budget(starts=3, window_s=60, rest_s=60, first_wait_s=0.02)
    one = start([sys.executable, "-c", "raise SystemExit(3)"], 7, 8, budget=budget)
    one.wait(lambda: len(one.health) == 2)
    assert one.health == [(7, "faulty", "worker_failed"), (8, "faulty", "worker_failed")]
    time.sleep(0.5)
    assert one.supervisor.processes == []


def test_a_new_camera_and_a_lost_one_need_no_restart(start) -> None:
    one = start(SLEEPER, 1)
    one.wait(lambda: one.supervisor.processes)
    first = one.supervisor.processes
    one.cameras.append(2)
    one.wait(lambda: one.groups == [[1, 2]])
    one.cameras.remove(1)
    one.wait(lambda: one.groups == [[2]])
    assert one.supervisor.processes == first


BEATING = """
import os, pathlib, time
path = pathlib.Path(os.environ["BEAT"])
path.parent.mkdir(parents=True, exist_ok=True)
while True:
    path.touch()
    time.sleep(0.05)
"""


def test_a_worker_that_hangs_is_killed_and_started_again(start, tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("BEAT", str(tmp_path / "run" / "cameras-1.beat"))
    one = start([sys.executable, "-c", BEATING], 7, 8)
    one.wait(lambda: one.supervisor.processes and last_beat(1))
    (first,) = one.supervisor.processes
    time.sleep(0.5)
    os.kill(first, signal.SIGSTOP)
    one.wait(lambda: one.supervisor.processes not in ([], [first]), 30)
    assert not alive(first)
    one.wait(lambda: ("camera_recovered", 8) in one.told[-2:], 30)
    failed = [told for told in one.told if told[0] == "camera_failed"]
    assert failed == [("camera_failed", 7), ("camera_failed", 8)]


def test_a_group_without_cameras_has_no_process(start) -> None:
    one = start(SLEEPER, 1)
    one.wait(lambda: one.supervisor.processes)
    one.cameras.clear()
    one.wait(lambda: one.supervisor.processes == [])
    one.cameras.append(4)
    one.wait(lambda: len(one.supervisor.processes) == 1)


def test_cameras_that_are_listened_to_share_one_process_while_there_are_any(start) -> None:
    one = start(SLEEPER)
    one.heard.extend([11, 12, 13, 14, 15, 16])
    one.wait(lambda: len(one.supervisor.processes) == 1)
    assert read_group(supervisor.EARS) == [11, 12, 13, 14, 15, 16]
    one.heard.clear()
    one.wait(lambda: one.supervisor.processes == [])


def test_a_camera_that_is_listened_to_is_not_looked_at(db) -> None:
    lane = factories.lane(factories.compound())
    Device.objects.filter(pk=lane.camera_id).update(driver="pull")
    assert (cameras_in_use(), cameras_listened_to()) == ([], [lane.camera_id])
    assert supervisor.worker_command(supervisor.EARS)[2] == "listen_cameras"


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_workers_die_with_their_supervisor(tmp_path: Path) -> None:
    """Killed, so that it can clean up nothing."""
    script = f"""
        import threading, time
        import django
        django.setup()
        from security import supervisor
        supervisor.cameras_in_use = lambda: [1]
        supervisor.cameras_listened_to = list
        one = supervisor.Supervisor(lambda group: {SLEEPER!r})
        def tell():
            while not one.processes:
                time.sleep(0.02)
            print(one.processes[0], flush=True)
        threading.Thread(target=tell, daemon=True).start()
        one.run()
    """
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "community.settings.test",
        "LINLI_VAR": str(tmp_path),
        "PYTHONPATH": str(Path(supervisor.__file__).resolve().parents[1]),
    }
    parent = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    worker = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    until = time.monotonic() + 10
    while alive(worker) and time.monotonic() < until:
        time.sleep(0.05)
    assert not alive(worker)
