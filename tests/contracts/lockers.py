"""The banks that the contract of lockers is shown on: what drives each, and makes it misbehave."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from community.devices import mqtt_line
from community.devices.base import LockerBank
from community.devices.drivers import simulated_locker
from community.devices.drivers.lock_board_8a import LockBoard8A
from community.devices.drivers.mqtt_locker import MqttLocker
from community.devices.drivers.simulated_locker import SimulatedLocker
from tests.community.devices.lock_board import LockBoards
from tests.community.devices.locker_controller import Controller

_numbers = itertools.count(1)


class Subject(Protocol):
    """A bank of 16 compartments, all shut."""

    name: str
    settings: dict[str, Any]

    def driver(self, **settings: Any) -> LockerBank: ...

    def openings(self) -> list[int]:
        """The compartment of every time that a lock let go, oldest first."""

    def shut(self, number: int) -> None: ...

    def lie(self, number: int, said: str) -> None: ...

    def make(self, mode: str) -> None:
        """jam, vanish, drop (act without an answer), late (answer too late), deaf."""


@dataclass
class SimulatedSubject:
    device_id: int
    name: str = "simulated_locker"

    def __post_init__(self) -> None:
        self.settings: dict[str, Any] = {"shut_after_ms": 0}
        self.behaviour: dict[str, Any] = {}

    def driver(self, **settings: Any) -> LockerBank:
        return SimulatedLocker({"device_id": self.device_id, **self.settings, **settings}, {})

    def openings(self) -> list[int]:
        return [number for _command, number in simulated_locker.openings(self.device_id)]

    def shut(self, number: int) -> None:
        simulated_locker.shut(self.device_id, number)

    def lie(self, number: int, said: str) -> None:
        self._behave(lie={str(number): said})

    def make(self, mode: str) -> None:
        behaviour: dict[str, dict[str, Any]] = {
            "jam": {"jam": list(range(1, 17))},
            "vanish": {"vanish": True},
            "drop": {"drop_answer": True},
            "late": {"latency_ms": 500, "timeout_ms": 300},
            "deaf": {"deaf": True},
            "obey": {},
        }
        self._behave(**behaviour[mode])

    def _behave(self, **behaviour: Any) -> None:
        simulated_locker.behave(self.device_id, **behaviour)


@dataclass
class BoardsSubject:
    boards: LockBoards
    name: str = "lock_board_8a"

    def __post_init__(self) -> None:
        self.settings: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.boards.port,
            "boards": list(self.boards.boards),
            "locks_per_board": self.boards.locks,
            "feedback": "locked_short" if self.boards.locked_short else "open_short",
            "answer_ms": 250,
        }

    def driver(self, **settings: Any) -> LockerBank:
        return LockBoard8A({"device_id": 7, "send_before": None, **self.settings, **settings}, {})

    def openings(self) -> list[int]:
        return [self._number(board, lock) for board, lock in self.boards.opened]

    def shut(self, number: int) -> None:
        self.boards.shut(*self.place(number))

    def lie(self, number: int, said: str) -> None:
        self.boards.lies[self.place(number)] = said == "open"

    def make(self, mode: str) -> None:
        if mode == "vanish":
            self.boards.vanish()
        self.boards.mode, self.boards.delay_s = mode, 0.5

    def place(self, number: int) -> tuple[int, int]:
        index, lock = divmod(number - 1, self.boards.locks)
        return self.boards.boards[index], lock + 1

    def _number(self, board: int, lock: int) -> int:
        return self.boards.boards.index(board) * self.boards.locks + lock


@dataclass
class MqttSubject:
    bank: Controller
    name: str = "mqtt_locker"

    def __post_init__(self) -> None:
        self.settings: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.bank.port,
            "prefix": self.bank.prefix,
            "timeout_s": 1.0,
        }

    def driver(self, **settings: Any) -> LockerBank:
        return MqttLocker({"device_id": 7, "send_before": None, **self.settings, **settings}, {})

    def openings(self) -> list[int]:
        return [number for _command, number in self.bank.opened]

    def shut(self, number: int) -> None:
        self.bank.shut(number)

    def lie(self, number: int, said: str) -> None:
        self.bank.lies[number] = said

    def make(self, mode: str) -> None:
        if mode == "vanish":
            self.bank.vanish()
            wait_for(lambda: self.driver().health().state == "offline")
        self.bank.mode, self.bank.delay_s = mode, 1.3


def wait_for(is_so: Any, seconds: float = 15) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.02)


@contextmanager
def subject_of(name: str, broker_port: Any) -> Iterator[Subject]:
    """``broker_port()`` gives the port of a broker; only MQTT wants one."""
    if name == "simulated":
        yield SimulatedSubject(9000 + next(_numbers))
    elif name == "mqtt":
        with Controller(broker_port(), f"lockers/bank{next(_numbers)}", count=16) as bank:
            yield MqttSubject(bank)
            mqtt_line.hang_up()
    else:
        with LockBoards(locked_short=name == "8a_locked_short") as boards:
            yield BoardsSubject(boards)
