"""Connections that requests take turns with: who does not need one gives it back.

Where a web process keeps a pool (``LINLI_DATABASE_POOL``), a thread that holds a connection while
it waits for a device, or for the next order, keeps a page from answering. Taking one again costs
next to nothing. Without a pool a thread's connection is its own, and making a new one costs more
than keeping it.
"""

from __future__ import annotations

from django.db import connections


def give_back() -> None:
    """Give this thread's connections back to their pool; one inside a transaction stays."""
    for one in connections.all(initialized_only=True):
        if one.settings_dict["OPTIONS"].get("pool") and not one.in_atomic_block:
            one.close()
