"""Django's SQLite, whose transactions wait in line within this process (ADR 65).

Every transaction here is a writer (``BEGIN IMMEDIATE``); single questions outside of transactions
do not wait. Other processes are asked for the lock by one thread of ours at a time, every few
milliseconds: SQLite's own pauses grow to a tenth of a second, in which the lock lies idle.
"""

from __future__ import annotations

import sqlite3
import time
import weakref
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from community.sqlite3 import idle, turns

#: As long as SQLite itself would wait.
WAIT_S = 20.0
#: Between two looks at a lock that another process has.
FIRST_LOOK_S, LAST_LOOK_S = 0.0005, 0.004
#: A transaction waits by itself: for its turn, then for the lock.
BEGINS = ("BEGIN", "BEGIN IMMEDIATE")
#: Longer statements are those of many rows at once, hardly ever the same twice.
LONG = 4_000


class Cursor(base.SQLiteCursorWrapper):
    """Django's own, which writes a statement in SQLite's words once, and waits as we do."""

    def execute(self, query: str, params: Any = None) -> Any:
        return self._patiently(super().execute, query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        return self._patiently(super().executemany, query, list(param_list))

    def _patiently(self, run: Callable[..., Any], *given: Any) -> Any:
        """Run what found another process's lock again, if no transaction of ours asked for it."""
        try:
            return run(*given)
        except sqlite3.OperationalError as error:
            if not _is_busy(error) or self.connection.in_transaction or given[0] in BEGINS:
                raise
        return _when_free(partial(run, *given), time.monotonic() + WAIT_S)

    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        if param_names is not None or len(query) > LONG:
            return str(super().convert_query(query, param_names=param_names))
        return _in_its_words(query)


@lru_cache(maxsize=1024)
def _in_its_words(query: str) -> str:
    return str(base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%"))


class DatabaseWrapper(base.DatabaseWrapper):
    """Raises OperationalError, as SQLite does, for a turn that did not come in time."""

    connection: Any
    _turn: Any = None

    @property
    def _file(self) -> str:
        """The path of the database; empty for one in memory."""
        return "" if self.is_in_memory_db() else str(self.settings_dict["NAME"])

    def get_new_connection(self, conn_params: Any) -> Any:
        kept = idle.take(self._file) if self._file else None
        if kept is None:
            raw = super().get_new_connection(conn_params)
            # Whoever finds another process's lock looks again as we do, not as SQLite would.
            raw.execute("PRAGMA busy_timeout = 0")
            return raw
        # Said again, it would throw away every statement that the connection has prepared.
        if kept.execute("PRAGMA foreign_keys").fetchone() != (1,):
            kept.execute("PRAGMA foreign_keys = ON")  # a migration may have left it off
        return kept

    def create_cursor(self, name: Any = None) -> Any:
        return self.connection.cursor(factory=Cursor)

    def _start_transaction_under_autocommit(self) -> None:
        wait = float(self.settings_dict["OPTIONS"].get("timeout", WAIT_S))
        end = time.monotonic() + wait
        if self._file:
            line = turns.of(self._file)
            if not line.take(wait):
                raise OperationalError("database is locked: too many writers wait")
            # A connection that is dropped without a word gives its turn back as well.
            self._turn = weakref.finalize(self, line.give)
            self._turn.atexit = False
        try:
            begin = super()._start_transaction_under_autocommit  # type: ignore[misc]
            _when_free(begin, end)
        except BaseException:
            self._give_turn()
            raise

    def _commit(self) -> Any:
        done = super()._commit()  # type: ignore[misc]
        self._give_turn()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _close(self) -> Any:
        try:
            if self.connection and self._file and idle.keep(self._file, self.connection):
                return None
            return super()._close()  # type: ignore[misc]
        finally:
            self._give_turn()

    def _give_turn(self) -> None:
        turn, self._turn = self._turn, None
        if turn is not None:
            turn()


def _when_free(run: Callable[[], Any], end: float) -> Any:
    """Run it until no other process has SQLite's lock; raises OperationalError after ``end``."""
    pause = FIRST_LOOK_S
    while True:
        try:
            return run()
        except (OperationalError, sqlite3.OperationalError) as error:
            if not _is_busy(error) or time.monotonic() > end:
                raise
        time.sleep(pause)
        pause = min(2 * pause, LAST_LOOK_S)


def _is_busy(error: Exception) -> bool:
    """Whether another process has the lock."""
    told = error if isinstance(error, sqlite3.Error) else error.__cause__
    return getattr(told, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
