"""Boards of the 8A family on their bus: turns, silence, wiring, addresses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from community.devices import serial_line
from community.devices.base import BarrierState, DeviceFault, DeviceSilent
from community.devices.drivers.lock_board_8a import SILENCES, LockBoard8A
from tests.community.devices.lock_board import LockBoards
from tests.servers.process import Process, python_command

pytestmark = pytest.mark.pure
OPEN, CLOSED, UNKNOWN = BarrierState.OPEN, BarrierState.CLOSED, BarrierState.UNKNOWN


@pytest.fixture
def boards() -> Iterator[LockBoards]:
    with LockBoards() as found:
        yield found


def driver(gateway: LockBoards, **settings: Any) -> LockBoard8A:
    own = {
        "host": "127.0.0.1", "port": gateway.port, "boards": [1, 2], "locks_per_board": 8,
        "feedback": "locked_short", "answer_ms": 200,
    }  # fmt: skip
    return LockBoard8A({"device_id": 1, **own, **settings}, {})


def test_the_bytes_of_an_order(boards):
    driver(boards).open_compartment(command_id=1, number=10)
    assert [frame.hex() for frame in boards.frames] == ["8a0202119b"]


def test_one_visit_at_a_time_whoever_asks(boards):
    boards.bus_s = 0.01
    threads = [
        threading.Thread(target=lambda: driver(boards).doors(range(1, 9))) for _one in range(4)
    ]
    threads += [
        threading.Thread(
            target=driver(boards).open_compartment, kwargs={"command_id": n, "number": n}
        )
        for n in (3, 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (boards.most_at_once, sorted(boards.opened)) == (1, [(1, 3), (1, 4)])
    assert boards.visits > 6


def test_a_turn_is_taken_across_processes(boards, settings, tmp_path, monkeypatch):
    """Another process is at the gateway, and stands still there."""
    holder = (
        "import django, time; django.setup()\n"
        "from community.devices.serial_line import SerialLine\n"
        "from django.conf import settings; settings.DEVICE_LOOPBACK = True\n"
        f"with SerialLine('127.0.0.1', {boards.port}): print('held', flush=True); time.sleep(60)"
    )
    process = Process(
        python_command("-c", holder), tmp_path / "log", {"LINLI_VAR": str(settings.VAR_DIR)}
    )
    process.wait_until(lambda: "held" in process.log)
    monkeypatch.setattr(serial_line, "TURN_S", 0.2)
    with pytest.raises(DeviceFault, match="busy"):
        driver(boards).open_compartment(command_id=1, number=1)
    assert driver(boards).health().code == "busy"
    assert boards.frames == []
    process.kill()  # and with it its lock is gone
    driver(boards).open_compartment(command_id=2, number=1)
    assert boards.opened == [(1, 1)]


def test_an_answer_that_came_too_late_is_nobodys(boards):
    """The yes to an order that timed out must not be taken for the next order's."""
    boards.mode, boards.delay_s = "late", 0.35
    with pytest.raises(DeviceSilent):
        driver(boards).open_compartment(command_id=1, number=5)
    boards.mode = "drop"
    with pytest.raises(DeviceSilent):
        driver(boards).open_compartment(command_id=2, number=5)
    assert boards.opened == [(1, 5), (1, 5)]


def test_boards_that_do_not_answer_orders_are_asked_by_their_doors(boards):
    boards.mode = "mute"
    with pytest.raises(DeviceSilent, match="no_answer"):
        driver(boards).open_compartment(command_id=1, number=5)
    driver(boards, answers_open=False).open_compartment(command_id=2, number=6)
    boards.lies[(1, 7)] = False
    with pytest.raises(DeviceSilent, match="not_seen_open"):
        driver(boards, answers_open=False).open_compartment(command_id=3, number=7)
    assert boards.opened == [(1, 5), (1, 6), (1, 7)]


def test_a_board_without_power_leaves_the_others_readable(boards):
    boards.dark.add(1)
    start = time.monotonic()
    found = driver(boards).doors(range(1, 17))
    assert {number for number, door in found.items() if door is UNKNOWN} == set(range(1, 9))
    # Given up after two questions, not asked for each of its locks.
    assert sum(frame[1] == 1 for frame in boards.frames) == SILENCES
    assert time.monotonic() - start < 6
    assert driver(boards).health().code == "board_silent"
    boards.dark.add(2)
    assert driver(boards).health().state == "offline"


@pytest.mark.parametrize("high_first", [False, True])
@pytest.mark.parametrize("locked_short", [False, True])
def test_a_whole_board_by_one_question(high_first, locked_short):
    with LockBoards(
        boards=(3,), locks=24, high_first=high_first, locked_short=locked_short
    ) as boards:
        boards.standing = {(3, 2), (3, 17), (3, 24)}
        found = driver(
            boards, boards=[3], locks_per_board=24,
            whole_board="high_first" if high_first else "low_first",
            feedback="locked_short" if locked_short else "open_short",
        ).doors(range(1, 25))  # fmt: skip
        assert {number for number, door in found.items() if door is OPEN} == {2, 17, 24}
        assert len(boards.frames) == 1


def test_a_gateway_that_hangs_up_in_the_middle_is_silence(boards):
    boards.mode = "vanish"
    with pytest.raises(DeviceSilent):
        driver(boards).open_compartment(command_id=1, number=5)
    assert boards.opened == [(1, 5)]


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "::1", "localhost"])
def test_no_address_of_this_host_or_of_a_cloud(boards, settings, host):
    settings.DEVICE_LOOPBACK = False
    with pytest.raises(DeviceFault, match="address_refused"):
        driver(boards, host=host).open_compartment(command_id=1, number=5)
    assert driver(boards, host=host).health().code == "address_refused"
    assert boards.frames == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"feedback": "no"}, {"boards": []}, {"boards": [1, 1]}, {"boards": [0]}, {"boards": "1"},
        {"locks_per_board": 65}, {"locks_per_board": True}, {"answer_ms": 50}, {"host": ""},
        {"whole_board": "both"}, {"answers_open": 1}, {"baud": 9600},
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(boards, wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(boards, **wrong)
