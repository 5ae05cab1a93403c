"""Few requests of a process compute at a time; the others wait in the order in which they came.

One thread holds the interpreter. Each further one that wants it wakes two hundred times a second
to ask for it, and whoever comes back from a statement waits for it behind all of them: twenty
requests at once cost several times the processor of twenty one after the other, and none is done
earlier for it. A request sits down before it computes. Whoever waits for a door or a device stands
up meanwhile; and where all seats are taken for long, as by pages that wait for silent devices, the
next one goes on without.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from community.sqlite3.turns import Turns

#: Requests that compute at a time: one, and those that wait for the disk or the database.
SEATS = 4
#: So long nobody waits for a seat who could go on without, in seconds.
PATIENCE_S = 0.5


class _Here(threading.local):
    sits = False
    stood_s = 0.0


_seats = Turns(SEATS)
_here = _Here()


@contextmanager
def seated() -> Iterator[None]:
    """For a request, around all that it does in its thread."""
    _sit()
    try:
        yield
    finally:
        _stand()


@contextmanager
def standing() -> Iterator[None]:
    """Around a pause of a request; not inside a transaction, for which others wait."""
    sat, since = _stand(), time.monotonic()
    try:
        yield
    finally:
        _here.stood_s += time.monotonic() - since
        if sat:
            _sit()


def stood_s() -> float:
    """Seconds for which this thread has stood so far."""
    return _here.stood_s


def _sit() -> None:
    _here.sits = _seats.take(PATIENCE_S)


def _stand() -> bool:
    sat, _here.sits = _here.sits, False
    if sat:
        _seats.give()
    return sat


def _after_fork() -> None:
    """Threads do not survive a fork, nor do their seats."""
    global _seats  # noqa: PLW0603
    _seats = Turns(SEATS)
    _here.sits = False


os.register_at_fork(after_in_child=_after_fork)
