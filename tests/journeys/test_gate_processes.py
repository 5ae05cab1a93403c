"""Real processes at one gate: together, killed, started again. One car, one opening, no gap."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from community.devices import operations as devices
from community.devices import simulated
from community.handling import run_due
from community.models import Command, Compound, Event, Lane
from security.models import Alert, Passage, Reading
from tests.community import factories
from tests.security.gates import OTHER, PLATE, drive_up, gate, vehicle
from tests.servers.linli import LinliServer
from tests.servers.process import Process, python_command

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]
Start = Callable[..., Process]
PROCESSES, LANES, CARS = 4, 5, 40


@pytest.fixture
def environment(
    shared_environment: dict[str, str], settings: Any, tmp_path: Path
) -> dict[str, str]:
    """What runs beside the test uses its database, its keys, and a folder of its own."""
    settings.VAR_DIR = tmp_path
    return {
        **shared_environment,
        "DJANGO_SETTINGS_MODULE": "community.settings.embedded",
        "LINLI_VAR": str(tmp_path),
        "LINLI_KEYRING": str(settings.KEYRING_PATH),
        "LINLI_SECRET_KEY": settings.SECRET_KEY,
    }


@pytest.fixture
def start(environment: dict[str, str], tmp_path: Path) -> Iterator[Start]:
    started: list[Process] = []

    def run(*arguments: object) -> Process:
        command = python_command("-m", "tests.journeys.gate_child", *map(str, arguments))
        started.append(Process(command, tmp_path / f"child-{len(started)}.log", environment))
        return started[-1]

    yield run
    for process in started:
        process.kill() if process.is_running else None


def wait_for(is_so: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def openings(lane: Lane) -> int:
    return len(simulated.openings(lane.barrier_id or 0))


def has_no_gap(compound: Compound) -> bool:
    numbers = Event.objects.filter(compound=compound).order_by("sequence")
    listed = list(numbers.values_list("sequence", flat=True))
    return listed == list(range(1, len(listed) + 1))


def all_told(compound: Compound) -> bool:
    """Each passage and each command has its line."""
    rows = list(Event.objects.filter(compound=compound).values_list("kind", "payload"))
    decided = {payload["passage"] for kind, payload in rows if kind == "gate.passage_decided"}
    ordered = {payload["command"] for kind, payload in rows if kind == "device.command_ordered"}
    return decided == set(Passage.objects.values_list("pk", flat=True)) and ordered == set(
        Command.objects.values_list("pk", flat=True)
    )


def push_together(start: Start, tmp_path: Path, lanes: list[Lane], keys: list[str]) -> None:
    go, ids = tmp_path / "go", ",".join(str(lane.pk) for lane in lanes)
    pushing = [start("push", ids, PLATE, key, go) for key in keys]
    wait_for(lambda: len(list(tmp_path.glob("go.*"))) == len(keys))
    go.touch()
    for process in pushing:
        assert process.popen.wait(60) == 0, process.log


@pytest.mark.parametrize("same_key", [False, True], ids=["different devices' ids", "one id"])
def test_one_car_pushed_by_several_processes_opens_once(
    start: Start, tmp_path: Path, same_key: bool
) -> None:
    first = gate()
    lanes = [first, *(factories.lane(first.compound) for _ in range(LANES - 1))]
    keys = ["k" if same_key else f"k{number}" for number in range(PROCESSES)]
    push_together(start, tmp_path, lanes, keys)
    assert [openings(lane) for lane in lanes] == [1] * LANES
    assert Passage.objects.count() == Command.objects.count() == LANES
    assert Reading.objects.count() == LANES * len(set(keys))
    assert has_no_gap(first.compound)
    assert all_told(first.compound)


def test_two_guards_at_two_desks_press_at_once_and_the_barrier_opens_once(
    start: Start, tmp_path: Path
) -> None:
    lane = gate()
    waiting, go = drive_up(lane, OTHER), tmp_path / "go"
    guards = [factories.user("guard", at=lane.compound) for _ in range(2)]
    pressing = [start("press_open", waiting.pk, guard.pk, go) for guard in guards]
    wait_for(lambda: len(list(tmp_path.glob("go.*"))) == len(guards))
    go.touch()
    ends = sorted(process.popen.wait(60) for process in pressing)
    assert ends == [0, 3], [process.log for process in pressing]
    waiting.refresh_from_db()
    assert waiting.decided_by in guards
    assert openings(lane) == Command.objects.count() == 1


def test_a_worker_killed_in_mid_passage_opens_once_and_the_guard_is_told(
    start: Start, tmp_path: Path
) -> None:
    lane = gate()
    simulated.behave(lane.barrier_id or 0, latency_ms=60_000, timeout_ms=60_000, open_ms=600_000)
    go = tmp_path / "go"
    go.touch()
    worker = start("push", lane.pk, PLATE, "seen", go)
    wait_for(lambda: openings(lane) == 1)
    worker.kill()
    simulated.behave(lane.barrier_id or 0, open_ms=600_000)
    # Started again, it sees the car that still stands there: the same reading, and a new one.
    for key in ("seen", "again"):
        assert start("push", lane.pk, PLATE, key, go).popen.wait(60) == 0
    assert devices.sweep(timezone.now() + timedelta(seconds=16)) == 1
    devices.drain()
    while run_due():
        pass
    passage = Passage.objects.get()
    assert (passage.command.state, passage.command.code) == ("unknown", "interrupted")
    assert (passage.state, passage.code) == ("waiting", "barrier_unknown")
    assert Alert.objects.get().kind == "command_unknown"
    assert openings(lane) == 1
    assert has_no_gap(lane.compound)


def test_a_worker_killed_before_it_tells_the_barrier_opens_once(start: Start) -> None:
    lane = gate()
    assert start("die_after_commit", lane.pk, PLATE, "seen").popen.wait(60) == -9
    assert openings(lane) == 0
    assert Passage.objects.get().state == "opened"
    for _ in range(2):
        devices.sweep(timezone.now() + timedelta(seconds=1))
        devices.drain()
    assert openings(lane) == 1
    assert Command.objects.get().state == "done"


class Camera(threading.Thread):
    """Posts its cars one after the other; what was not answered is sent again, as devices do."""

    def __init__(self, server: LinliServer, token: str, plates: list[str]) -> None:
        super().__init__(daemon=True)
        self.server, self.token, self.plates = server, token, plates
        self.answers: dict[str, dict[str, Any]] = {}
        self.repeats = 0

    def run(self) -> None:
        for plate in self.plates:
            while plate not in self.answers:
                try:
                    self.answers[plate] = self.post(plate)
                except (OSError, http.client.HTTPException):
                    self.repeats += 1
                    time.sleep(0.05)

    def post(self, plate: str) -> dict[str, Any]:
        body = {"id": plate, "plate": plate, "confidence": 0.97, "realtime": True}
        headers = {"Authorization": f"Device {self.token}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
        try:
            connection.request("POST", "/api/v1/readings/", json.dumps(body), headers)
            answer = connection.getresponse()
            told: dict[str, Any] = json.loads(answer.read())
            assert answer.status in (200, 201), told
            return told
        finally:
            connection.close()


def test_a_web_process_killed_under_load_loses_nothing_and_opens_nothing_twice(
    environment: dict[str, str], start_linli: Callable[..., LinliServer]
) -> None:
    first = gate()
    lanes = [first, factories.lane(first.compound), factories.lane(first.compound)]
    server = start_linli(**environment)
    cameras = []
    for number, lane in enumerate(lanes):
        plates = [f"皖B{number}{car:04d}" for car in range(CARS)]
        for plate in plates:
            vehicle(first.compound, plate)
        cameras.append(Camera(server, devices.issue_token(lane.camera, None), plates))
    for camera in cameras:
        camera.start()
    for share in (0.25, 0.6):
        wait_for(lambda share=share: Reading.objects.count() > share * CARS * len(lanes))
        server.kill()
        server.start_again()
    for camera in cameras:
        camera.join(90)
    server.stop()
    devices.sweep(timezone.now() + timedelta(seconds=16))
    devices.drain()
    check_after_kill(first.compound, lanes, cameras)


def check_after_kill(compound: Compound, lanes: list[Lane], cameras: list[Camera]) -> None:
    assert sum(camera.repeats for camera in cameras) > 0, "nothing was cut off: no proof"
    assert [len(camera.answers) for camera in cameras] == [CARS] * len(lanes)
    assert Reading.objects.count() == Passage.objects.count() == CARS * len(lanes)
    opened = Counter(
        deed.command_id for lane in lanes for deed in simulated.openings(lane.barrier_id or 0)
    )
    assert set(opened.values()) == {1}
    ended = dict(Command.objects.values_list("pk", "state"))
    assert set(ended.values()) <= {"done", "unknown", "failed"}
    # What was not done may have opened or not; what is done did open, once.
    assert {pk for pk, state in ended.items() if state == "done"} <= set(opened)
    assert has_no_gap(compound)
    assert all_told(compound)
