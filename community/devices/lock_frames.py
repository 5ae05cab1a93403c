"""Frames of the lock boards whose orders begin with 8A: five bytes, XOR over the first four.

    order    8A board lock 11 xor      answer  8A board lock status xor
    question 80 board lock 33 xor      answer  80 board lock status xor
    question 80 board 00 33 xor        answer  80 board s1 … sn 33 xor, one bit for each lock

A status is 00 or 11. Which of them is an open door depends on the wiring of the feedback
("short when locked" or "short when open"). Pure: bytes in, dataclasses out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import xor
from typing import Literal

ORDER, QUESTION = 0x8A, 0x80
OPEN, ASK = 0x11, 0x33
LENGTH = 5
STATUSES = (0x00, 0x11)
#: Buses of this family take up to 99 boards; no board has more locks than this.
MOST_BOARDS, MOST_LOCKS = 99, 64
#: The status bytes of a whole board, at most.
LONGEST = 16

Order = Literal["low_first", "high_first"]


@dataclass(frozen=True)
class Reply:
    """An answer about one lock. ``status`` is 0x00 or 0x11."""

    head: int
    board: int
    lock: int
    status: int

    @property
    def frame(self) -> bytes:
        return _sealed(self.head, self.board, self.lock, self.status)


def checksum(data: bytes) -> int:
    return reduce(xor, data, 0)


def open_frame(board: int, lock: int) -> bytes:
    """The order to open one lock. Raises ValueError for lock 0, which would open every door."""
    _check(board, lock)
    return _sealed(ORDER, board, lock, OPEN)


def lock_frame(board: int, lock: int) -> bytes:
    """The question how one lock is. Raises ValueError."""
    _check(board, lock)
    return _sealed(QUESTION, board, lock, ASK)


def board_frame(board: int) -> bytes:
    """The question how all locks of a board are; here, and only here, the lock is 0."""
    _check(board, 1)
    return _sealed(QUESTION, board, 0, ASK)


def replies(data: bytes) -> Iterator[Reply]:
    """Every answer in what came, whatever lies before, between and behind."""
    start = 0
    while start + LENGTH <= len(data):
        frame = data[start : start + LENGTH]
        if frame[0] in (ORDER, QUESTION) and frame[3] in STATUSES and not checksum(frame):
            yield Reply(*frame[:4])
            start += LENGTH
        else:
            start += 1


def statuses(data: bytes, board: int, locks: int, order: Order) -> dict[int, int] | None:
    """The status of locks 1 … ``locks`` out of a whole board's answer; None while there is none.

    Boards send more status bytes than they have locks, and in either order.
    """
    needed = -(-locks // 8)
    for start in range(len(data)):
        if data[start : start + 2] != bytes((QUESTION, board)):
            continue
        for count in range(needed, LONGEST + 1):
            end = start + 2 + count + 2
            frame = data[start:end]
            if end <= len(data) and frame[-2] == ASK and not checksum(frame):
                return _bits(frame[2:-2], locks, order)
    return None


def _bits(said: bytes, locks: int, order: Order) -> dict[int, int]:
    rows = said if order == "low_first" else said[::-1]
    return {
        lock: 0x11 if rows[(lock - 1) // 8] >> (lock - 1) % 8 & 1 else 0x00
        for lock in range(1, locks + 1)
    }


def _check(board: int, lock: int) -> None:
    if not 1 <= board <= MOST_BOARDS or not 1 <= lock <= MOST_LOCKS:
        raise ValueError(f"no such lock: board {board}, lock {lock}")


def _sealed(*data: int) -> bytes:
    return bytes((*data, checksum(bytes(data))))
