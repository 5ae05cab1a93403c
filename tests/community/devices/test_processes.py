"""Real processes at the same command: killed, stalled, side by side. Never two openings."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from community.devices import operations, simulated
from community.models import Command, Device, Event
from tests.community.devices.test_commands import pending, state, told
from tests.servers.process import Process, python_command

Start = Callable[..., Process]


@pytest.fixture
def start(shared_environment: dict[str, str], settings: Any, tmp_path: Path) -> Iterator[Start]:
    """`start("deliver", 5, go)` runs that function of `child` on this test's database."""
    environment = shared_environment | {
        "LINLI_VAR": str(settings.VAR_DIR),
        "LINLI_KEYRING": str(settings.KEYRING_PATH),
    }
    started: list[Process] = []

    def run(*arguments: object) -> Process:
        log = tmp_path / f"child-{len(started)}.log"
        command = python_command("-m", "tests.community.devices.child", *map(str, arguments))
        started.append(Process(command, log, environment))
        return started[-1]

    yield run
    for process in started:
        process.kill() if process.is_running else None


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def together(start: Start, tmp_path: Path, count: int, *arguments: object) -> None:
    """Run the same in several processes, which begin at the same moment."""
    go = tmp_path / "go"
    processes = [start(*arguments, go) for _ in range(count)]
    wait_for(lambda: len(list(tmp_path.glob("go.*"))) == count)
    go.touch()
    for process in processes:
        assert process.popen.wait(60) == 0, process.log


def ended_by(process: Process, number: int) -> bool:
    return process.popen.wait(30) == -number


def test_processes_delivering_the_same_commands_open_once_each(
    barrier: Device, start: Start, tmp_path: Path
) -> None:
    commands = [pending(barrier) for _ in range(20)]
    ids = [command.pk for command in commands]
    together(start, tmp_path, 3, "deliver", ",".join(map(str, ids)))
    assert sorted(deed.command_id for deed in simulated.openings(barrier.pk)) == ids
    assert told(barrier.compound) == ["command_done"] * 20
    assert {state(command) for command in commands} == {("done", "")}


def test_processes_ordering_the_same_keys_open_once_each(
    barrier: Device, start: Start, tmp_path: Path
) -> None:
    together(start, tmp_path, 3, "order", barrier.pk)
    ids = sorted(Command.objects.values_list("pk", flat=True))
    assert len(ids) == 20
    assert sorted(deed.command_id for deed in simulated.openings(barrier.pk)) == ids
    assert told(barrier.compound).count("command_ordered") == 20


def test_killed_while_the_device_acts_is_unknown_and_not_sent_again(
    barrier: Device, start: Start, tmp_path: Path
) -> None:
    simulated.behave(barrier.pk, latency_ms=60_000, timeout_ms=60_000, open_ms=600_000)
    command = pending(barrier)
    go = tmp_path / "go"
    go.touch()
    process = start("deliver", command.pk, go)
    wait_for(lambda: len(simulated.openings(barrier.pk)) == 1)
    process.kill()
    assert state(command) == ("sending", "")
    assert operations.sweep() == 0
    assert operations.sweep(timezone.now() + timedelta(seconds=16)) == 1
    assert state(command) == ("unknown", "interrupted")
    assert told(barrier.compound) == ["command_unknown"]
    assert Event.objects.get().payload["position"] == "open"
    assert len(simulated.openings(barrier.pk)) == 1


def test_killed_before_anything_was_sent_is_unknown_too(barrier: Device, start: Start) -> None:
    command = pending(barrier)
    assert ended_by(start("signal_before_send", signal.SIGKILL, command.pk), signal.SIGKILL)
    assert state(command) == ("sending", "")
    operations.sweep(timezone.now() + timedelta(seconds=16))
    assert state(command) == ("unknown", "interrupted")
    assert Event.objects.get().payload["position"] == "closed"
    assert simulated.deeds(barrier.pk) == []


def test_two_sweepers_tell_once(barrier: Device, start: Start, tmp_path: Path) -> None:
    sent = timezone.now()
    for _ in range(10):
        pending(barrier, state="sending", sent_at=sent)
    together(start, tmp_path, 2, "sweep", 16)
    assert told(barrier.compound) == ["command_unknown"] * 10


def test_killed_between_commit_and_delivery_is_delivered_by_the_sweeper(
    barrier: Device, start: Start
) -> None:
    assert ended_by(start("die_after_commit", barrier.pk), signal.SIGKILL)
    assert simulated.deeds(barrier.pk) == []
    assert operations.sweep(timezone.now() + timedelta(seconds=1)) == 1
    assert len(simulated.openings(barrier.pk)) == 1
    assert told(barrier.compound) == ["command_ordered", "command_done"]


def test_a_process_that_stood_still_past_the_expiry_sends_nothing(
    barrier: Device, start: Start
) -> None:
    command = pending(barrier)
    process = start("signal_before_send", signal.SIGSTOP, command.pk)
    wait_for(lambda: state(command)[0] == "sending")
    operations.sweep(timezone.now() + timedelta(seconds=16))
    wait_for(lambda: timezone.now() > command.expires_at)
    process.resume()
    assert process.popen.wait(30) == 0
    assert simulated.deeds(barrier.pk) == []
    assert state(command) == ("unknown", "interrupted")
    assert told(barrier.compound) == ["command_unknown"]


def test_a_process_that_ends_waits_for_its_last_command(barrier: Device, start: Start) -> None:
    simulated.behave(barrier.pk, latency_ms=500)
    assert start("order_and_end", barrier.pk).popen.wait(30) == 0
    assert told(barrier.compound) == ["command_ordered", "command_done"]
