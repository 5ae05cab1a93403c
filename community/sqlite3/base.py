"""Django's SQLite, whose transactions wait in line within this process (ADR 65).

Every transaction here is a writer (``BEGIN IMMEDIATE``); single questions outside of transactions
do not wait. Other processes are met by SQLite's own waiting, one thread of ours at a time.
"""

from __future__ import annotations

import weakref
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

from community.sqlite3 import idle, turns

#: As long as SQLite itself would wait.
WAIT_S = 20.0


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
        kept.execute("PRAGMA foreign_keys = ON")  # a migration may have left it off
        return kept

    def _start_transaction_under_autocommit(self) -> None:
        if self._file:
            line = turns.of(self._file)
            if not line.take(float(self.settings_dict["OPTIONS"].get("timeout", WAIT_S))):
                raise OperationalError("database is locked: too many writers wait")
            # A connection that is dropped without a word gives its turn back as well.
            self._turn = weakref.finalize(self, line.give)
            self._turn.atexit = False
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
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
