"""Django's PostgreSQL, whose connections stay open for whoever asks next (ADR 113).

A request gives its connection back at its end. Opening one means a new process in the server, a
handshake and a password: more than most pages ask. Some that nobody uses are kept, by the process
and not by its threads: those wait for doors and would each hold one.
"""

from __future__ import annotations

import atexit
import os
import select
import threading
import time
from contextlib import suppress
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import IsolationLevel
from psycopg import Error
from psycopg.pq import TransactionStatus

#: More than this many are closed: the server has places for a hundred, for all processes.
MOST = 8
#: One that nobody used for so long is closed: something on the way may have forgotten it.
OLD_S = 300.0

_idle: dict[str, list[tuple[Any, float]]] = {}
_guard = threading.Lock()


class DatabaseWrapper(base.DatabaseWrapper):
    connection: Any
    #: Which server, database, account and options: only the very same are taken.
    _door = ""

    def get_new_connection(self, conn_params: Any) -> Any:
        self._door = repr(sorted(self.settings_dict["OPTIONS"].items())) + repr(
            [self.settings_dict[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")]
        )
        kept = None if self.settings_dict["OPTIONS"].get("isolation_level") else take(self._door)
        if kept is None:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return kept

    def _close(self) -> Any:
        if self.connection is not None and keep(self._door, self.connection):
            return None
        return super()._close()  # type: ignore[misc]


def take(door: str) -> Any:
    """An open connection; None where there is none. Those that the server has left are closed."""
    while True:
        with _guard:
            rows = _idle.get(door)
            if not rows:
                return None
            raw, since = rows.pop()
        if time.monotonic() - since < OLD_S and not _has_news(raw):
            return raw
        _drop(raw)


def keep(door: str, raw: Any) -> bool:
    """Keep a connection for the next one; whether it is kept, else the caller closes it."""
    try:
        status = raw.info.transaction_status
    except Error:
        return False
    if not door or raw.closed or raw.broken or status is not TransactionStatus.IDLE:
        return False
    with _guard:
        rows = _idle.setdefault(door, [])
        if len(rows) >= MOST:
            return False
        rows.append((raw, time.monotonic()))
    return True


def close_all() -> None:
    """Before a fork: no connection may be carried into another process."""
    with _guard:
        rows = [row for one in _idle.values() for row in one]
        _idle.clear()
    for raw, _since in rows:
        _drop(raw)


def _has_news(raw: Any) -> bool:
    """Whether the server said something unasked: as a rule, that it went."""
    try:
        poll = select.poll()
        poll.register(raw.fileno(), select.POLLIN)
        return bool(poll.poll(0))
    except (Error, OSError, ValueError):
        return True


def _drop(raw: Any) -> None:
    with suppress(Error, OSError):
        raw.close()


def _after_fork() -> None:
    global _guard  # noqa: PLW0603
    _guard = threading.Lock()


atexit.register(close_all)
os.register_at_fork(before=close_all, after_in_child=_after_fork)
