"""Turns at something that one thread of this process may have at a time: first come, first served.

SQLite lets one transaction write. Who finds it taken asks again after pauses of up to a tenth of
a second, and whoever comes by in between goes first: with many threads some wait for seconds, and
some in vain. Here a thread waits in a line and is woken when its turn has come.
"""

from __future__ import annotations

import os
import threading
from collections import deque


class Turns:
    """One turn at a time; a thread that gives up waiting leaves the line."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, seconds: float) -> bool:
        """Wait for a turn, at most so long; whether it came."""
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=seconds):
            return True
        with self._guard:
            if mine not in self._waiting:
                return True  # it came just now
            self._waiting.remove(mine)
        return False

    def give(self) -> None:
        """Pass the turn on to whoever waits longest."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_lines: dict[str, Turns] = {}
_guard = threading.Lock()


def of(name: str) -> Turns:
    """The line at one database file."""
    with _guard:
        return _lines.setdefault(name, Turns())


def _after_fork() -> None:
    """Threads do not survive a fork: nobody waits in the child, and nobody has a turn."""
    global _guard  # noqa: PLW0603
    _guard = threading.Lock()
    _lines.clear()


os.register_at_fork(after_in_child=_after_fork)
