"""Open connections to a database file that nobody uses just now, for whoever asks next.

Each request has a thread of its own, and with it a connection of its own. Opening one means
reading the whole schema again: three to four milliseconds of the processor, more than most pages
need for all their questions.
"""

from __future__ import annotations

import atexit
import os
import sqlite3
import threading
from contextlib import suppress
from pathlib import Path

#: More than this many are closed; each holds some hundred kilobytes, and its page cache.
MOST = 32

_idle: dict[str, list[tuple[sqlite3.Connection, tuple[int, int]]]] = {}
_guard = threading.Lock()


def take(name: str) -> sqlite3.Connection | None:
    """An open connection to this very file; None where there is none."""
    while True:
        with _guard:
            rows = _idle.get(name)
            if not rows:
                return None
            raw, file = rows.pop()
        if file == _file(name):
            return raw
        raw.close()  # another file has this name now, as after a restore


def keep(name: str, raw: sqlite3.Connection) -> bool:
    """Keep a connection for the next one; whether it is kept, else the caller closes it."""
    if raw.in_transaction or (file := _file(name)) == (0, 0):
        return False
    with _guard:
        rows = _idle.setdefault(name, [])
        if len(rows) >= MOST:
            return False
        rows.append((raw, file))
    return True


def close_all() -> None:
    """Close them; before a fork, since no connection may be carried into another process."""
    with _guard:
        rows = [row for one in _idle.values() for row in one]
        _idle.clear()
    for raw, _file_of in rows:
        with suppress(sqlite3.Error):
            raw.close()


def _file(name: str) -> tuple[int, int]:
    try:
        found = Path(name).stat()
    except OSError:
        return 0, 0
    return found.st_dev, found.st_ino


def _after_fork() -> None:
    global _guard  # noqa: PLW0603
    _guard = threading.Lock()


# Whoever closes last writes the journal back into the file.
atexit.register(close_all)
os.register_at_fork(before=close_all, after_in_child=_after_fork)
