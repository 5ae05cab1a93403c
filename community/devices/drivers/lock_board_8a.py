"""Banks of lock boards of the 8A family on an RS485 bus behind a serial-to-TCP gateway.

Settings:

- ``host``, ``port``: the gateway's address in the building's network.
- ``boards``: the boards' addresses as set on their switches, in the order of the compartments;
  ``locks_per_board``: compartment ``n`` is lock ``(n - 1) % locks_per_board + 1`` of its board.
- ``feedback``: ``locked_short`` or ``open_short``, when a lock's two feedback wires are joined.
  The set-up page finds it out by a door that is opened.
- ``whole_board``: empty (each lock is asked), ``low_first`` or ``high_first``: one question reads
  a whole board, and in which order its status bytes come.
- ``answers_open`` (true): the board answers an order. Where it does not, the door is asked.
- ``answer_ms`` (800): so long a board has to answer, 100 to 3000.

An order is sent once. An answer that says "failed" is believed only when the door says so too.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from community.devices import lock_frames
from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.lock_frames import ORDER, QUESTION, Reply
from community.devices.options import DriverOptions
from community.devices.registry import register
from community.devices.serial_line import SerialLine

FEEDBACKS = ("locked_short", "open_short")
WHOLE_BOARD = ("", "low_first", "high_first")
#: After an answer that looks like our own order: the bus may echo, and the board speak after it.
ECHO_S = 0.2
#: A door springs open within this after its lock let it go.
SPRING_S, LOOKS = 0.3, 3
#: So many questions in one visit; then whoever waits with an order comes first.
A_VISIT, PAUSE_S = 6, 0.02
#: All doors of a bank are asked within this; those that were not stay unknown.
ALL_DOORS_S = 7.0
#: After so many questions without answer a board counts as silent.
SILENCES = 2


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See the module."""

    host: str
    port: int
    feedback: str
    boards: list[int] = field(default_factory=lambda: [1])
    locks_per_board: int = 24
    whole_board: str = ""
    answers_open: bool = True
    answer_ms: int = 800

    def _is_right(self) -> bool:
        told: Any = self  # it came from outside, whatever the types say
        numbers = (told.port, told.locks_per_board, told.answer_ms)
        return (
            isinstance(told.host, str)
            and 0 < len(told.host) <= 253
            and all(type(number) is int for number in numbers)
            and 0 < told.port < 65536
            and 1 <= told.locks_per_board <= lock_frames.MOST_LOCKS
            and 100 <= told.answer_ms <= 3000
            and told.feedback in FEEDBACKS
            and told.whole_board in WHOLE_BOARD
            and type(told.answers_open) is bool
            and self._has_boards(told.boards)
        )

    @staticmethod
    def _has_boards(boards: Any) -> bool:
        return (
            isinstance(boards, list)
            and all(type(one) is int and 1 <= one <= lock_frames.MOST_BOARDS for one in boards)
            and 0 < len(boards) == len(set(boards))
        )

    def lock_of(self, number: int) -> tuple[int, int]:
        """Board and lock of a compartment. Raises ``DeviceFault("number_invalid")``."""
        index, lock = divmod(number - 1, self.locks_per_board)
        if not 0 <= index < len(self.boards):
            raise DeviceFault("number_invalid")
        return self.boards[index], lock + 1

    def door(self, status: int) -> BarrierState:
        is_short = status == lock_frames.OPEN
        is_open = is_short == (self.feedback == "open_short")
        return BarrierState.OPEN if is_open else BarrierState.CLOSED


@register("lock_board_8a")
class LockBoard8A:
    """See the module. Meets the contract of a bank of lockers."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        own.pop("device_id", None)
        self.send_before: datetime | None = own.pop("send_before", None)
        self.options = Options.read(own)

    def open_compartment(self, *, command_id: int, number: int) -> None:
        board, lock = self.options.lock_of(number)
        frame = lock_frames.open_frame(board, lock)
        with self._line(self.send_before) as line:
            try:
                reply = self._ask(line, ORDER, frame, board, lock)
            except DeviceSilent:
                if self.options.answers_open:
                    raise
                reply = None
            if reply and self.options.door(reply.status) is BarrierState.OPEN:
                return
            # The door's word counts more than that of the board, and some boards say nothing.
            line.send_before = None
            door = self._door_soon(line, board, lock)
        if door is BarrierState.OPEN:
            return
        if door is BarrierState.CLOSED and reply:
            raise DeviceFault("lock_stuck")
        raise DeviceSilent("not_seen_open" if door is BarrierState.CLOSED else "no_answer")

    def doors(self, numbers: Iterable[int]) -> dict[int, BarrierState]:
        found = dict.fromkeys(numbers, BarrierState.UNKNOWN)
        places: dict[int, dict[int, int]] = {}
        for number in found:
            try:
                board, lock = self.options.lock_of(number)
            except DeviceFault:
                continue
            places.setdefault(board, {})[lock] = number
        end = time.monotonic() + ALL_DOORS_S
        for board, locks in places.items():
            try:
                said = self._locks(board, list(locks), end)
            except DeviceFault:
                break  # the gateway cannot be had
            found |= {locks[lock]: door for lock, door in said.items() if lock in locks}
        return found

    def health(self) -> Health:
        silent = 0
        try:
            with self._line() as line:
                for board in self.options.boards:
                    silent += self._door(line, board, 1) is BarrierState.UNKNOWN
                    if silent == SILENCES:
                        break
        except DeviceFault as fault:
            if fault.code == "busy":
                return Health("faulty", fault.code)
            return Health("offline" if fault.code == "unreachable" else "faulty", fault.code)
        if silent >= min(SILENCES, len(self.options.boards)):
            return Health("offline", "no_answer")
        return Health("faulty", "board_silent") if silent else Health("online")

    def _line(self, send_before: datetime | None = None) -> SerialLine:
        return SerialLine(self.options.host, self.options.port, send_before)

    def _ask(self, line: SerialLine, head: int, frame: bytes, board: int, lock: int) -> Reply:
        """The last word about this lock; answers about others are late ones, or noise."""

        def about(data: bytes) -> Reply | None:
            fitting = [
                reply
                for reply in lock_frames.replies(data)
                if (reply.head, reply.board, reply.lock) == (head, board, lock)
            ]
            return fitting[-1] if fitting else None

        def more(reply: Reply) -> float:
            return ECHO_S if reply.frame == frame else 0.0

        answer_s = self.options.answer_ms / 1000
        return line.ask(frame, about, answer_s=answer_s, more_s=more)

    def _door(self, line: SerialLine, board: int, lock: int) -> BarrierState:
        try:
            frame = lock_frames.lock_frame(board, lock)
            return self.options.door(self._ask(line, QUESTION, frame, board, lock).status)
        except DeviceSilent:
            return BarrierState.UNKNOWN

    def _door_soon(self, line: SerialLine, board: int, lock: int) -> BarrierState:
        """What the door says once it had the time to spring open."""
        door = BarrierState.UNKNOWN
        for _look in range(LOOKS):
            time.sleep(SPRING_S)
            door = self._door(line, board, lock)
            if door is BarrierState.OPEN:
                break
        return door

    def _locks(self, board: int, locks: list[int], end: float) -> dict[int, BarrierState]:
        """What these locks of a board say, in visits short enough for an order between them."""
        if self.options.whole_board and len(locks) > 1:
            return self._whole_board(board)
        found: dict[int, BarrierState] = {}
        silences = 0
        for start in range(0, len(locks), A_VISIT):
            with self._line() as line:
                for lock in locks[start : start + A_VISIT]:
                    found[lock] = self._door(line, board, lock)
                    unknown = found[lock] is BarrierState.UNKNOWN
                    silences = silences + 1 if unknown else 0
                    if silences == SILENCES or time.monotonic() > end:
                        return found
            time.sleep(PAUSE_S)
        return found

    def _whole_board(self, board: int) -> dict[int, BarrierState]:
        count, order = self.options.locks_per_board, self.options.whole_board

        def understood(data: bytes) -> dict[int, int] | None:
            return lock_frames.statuses(data, board, count, order)  # type: ignore[arg-type]

        with self._line() as line:
            try:
                frame = lock_frames.board_frame(board)
                said = line.ask(frame, understood, answer_s=self.options.answer_ms / 1000)
            except DeviceSilent:
                return {}
        return {lock: self.options.door(status) for lock, status in said.items()}
