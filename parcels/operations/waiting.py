"""A page waits for its door here, so that it need not ask every second over the network.

The answer comes when the door opened or was shut, or after a few seconds without news. Meanwhile
the request holds no connection to the database: of 200 people at open doors none may take one.
"""

from __future__ import annotations

import threading
import time

from django.db import connection

from community.devices.base import BarrierState
from community.logging import note_waiting
from community.models import User
from parcels.models import Parcel
from parcels.operations.doors import door_of, look
from parcels.operations.moves import State

#: A request is held so long at most: a server that stops waits for it.
HELD_S = 10.0
#: How often a door is asked meanwhile.
ASK_S = 1.0
#: So many requests of a process are held at once; more are answered at once, as without waiting.
MOST = 160

_places = threading.BoundedSemaphore(MOST)


def state_as_shown(parcel: Parcel, seen: str, *, actor: User | None = None) -> dict[str, object]:
    """As a page is told it; ``held_ms`` of the answer's time went by waiting for the door."""
    row, slept = await_as_shown(parcel, seen, actor=actor)
    told = {"state": row.state, "seen_open": row.seen_open}
    return told | ({"held_ms": round(slept * 1000)} if slept else {})


def await_as_shown(parcel: Parcel, seen: str, *, actor: User | None = None) -> tuple[Parcel, float]:
    """The parcel once it is no longer as the page shows it, or after ``HELD_S``; and seconds slept.

    ``seen``: what the page shows of its door, ``"1"`` for open, ``"0"``; else it is told at once.
    ``parcel`` was just read, with its compartment, bank, device and command. Not inside a
    transaction.
    """
    row = look(parcel, is_fresh=True, actor=actor)
    if not _is_shown(row, seen) or not _places.acquire(blocking=False):
        return row, 0.0
    slept = 0.0
    try:
        while _is_shown(row, seen) and slept < HELD_S:
            if not connection.in_atomic_block:
                connection.close()
            time.sleep(ASK_S)
            slept += ASK_S
            # An open door that is known to be open needs no table.
            if not (row.seen_open and door_of(row) is BarrierState.OPEN):
                row = look(row, actor=actor)
    finally:
        _places.release()
        note_waiting(slept)
    return row, slept


def _is_shown(row: Parcel, seen: str) -> bool:
    under_way = row.state in (State.OPENING, State.TAKING)
    return under_way and seen == ("1" if row.seen_open else "0")
