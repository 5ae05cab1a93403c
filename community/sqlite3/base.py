"""Django's SQLite, whose transactions wait in line within this process (ADR 65).

Every transaction here is a writer (``BEGIN IMMEDIATE``); single questions outside of transactions
do not wait. Other processes are asked for the lock by one thread of ours at a time, every few
milliseconds: SQLite's own pauses grow to a tenth of a second, in which the lock lies idle.
"""

from __future__ import annotations

import sqlite3
import time
import weakref
from functools import lru_cache
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from community.sqlite3 import idle, turns

#: As long as SQLite itself would wait.
WAIT_S = 20.0
#: Between two looks at a lock that another process has.
FIRST_LOOK_S, LAST_LOOK_S = 0.0005, 0.004
#: Longer statements are those of many rows at once, hardly ever the same twice.
LONG = 4_000


class Cursor(base.SQLiteCursorWrapper):
    """Django's own, which writes a statement in SQLite's words once, not each time it is run."""

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
            return super().get_new_connection(conn_params)
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
            self._begin(wait, end)
        except BaseException:
            self._give_turn()
            raise

    def _begin(self, wait: float, end: float) -> None:
        """Ask for SQLite's lock until ``end``; raises OperationalError when it does not come."""
        pause = FIRST_LOOK_S
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            while True:
                try:
                    super()._start_transaction_under_autocommit()  # type: ignore[misc]
                except OperationalError as error:
                    if not _is_busy(error) or time.monotonic() > end:
                        raise
                else:
                    return
                time.sleep(pause)
                pause = min(2 * pause, LAST_LOOK_S)
        finally:
            # Whatever writes without a transaction waits as SQLite does.
            self.connection.execute(f"PRAGMA busy_timeout = {round(wait * 1000)}")

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


def _is_busy(error: OperationalError) -> bool:
    """Whether another process has the lock."""
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
