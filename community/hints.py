"""Wake-up hints between processes, over the channel layer.

A hint says "look at the ledger" and nothing else; it may be late, doubled or lost, since the
tailers look by themselves anyway. Without Redis there is nothing to send to.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable

from channels.layers import get_channel_layer
from django.conf import settings

log = logging.getLogger(__name__)
GROUP = "ledger"


class Announcer:
    """Sends hints from a thread of its own: ``async_to_sync`` from a foreign thread waits up to
    1.7 s on an idle loop, and a commit must not wait for Redis at all."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._busy = threading.Event()
        threading.Thread(target=self._loop.run_forever, name="hints", daemon=True).start()

    def announce(self, compound_ids: Iterable[int]) -> None:
        """Send one hint unless one is on its way: a burst needs no more."""
        if self._busy.is_set():
            return
        self._busy.set()
        asyncio.run_coroutine_threadsafe(self._send(), self._loop)

    async def _send(self) -> None:
        # Cleared first: what commits during the send gets a hint of its own.
        self._busy.clear()
        try:
            await asyncio.wait_for(get_channel_layer().group_send(GROUP, {"type": "hint"}), 5)
        except Exception as error:
            log.warning("no hint sent: %s", type(error).__name__)


_announcer: Announcer | None = None
_lock = threading.Lock()


def announce(compound_ids: Iterable[int]) -> None:
    """To be called after commit, from any thread of any process."""
    global _announcer  # noqa: PLW0603
    if not settings.REDIS_URL:
        return
    with _lock:
        _announcer = _announcer or Announcer()
    _announcer.announce(compound_ids)


async def listen(hint: Callable[[], None]) -> None:
    """Call ``hint`` for each hint heard, for ever; Redis may come and go."""
    if not settings.REDIS_URL:
        return
    while True:
        try:
            layer = get_channel_layer()
            channel = await layer.new_channel()
            await layer.group_add(GROUP, channel)
            while True:
                await layer.receive(channel)
                hint()
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("hints are not heard: %s", type(error).__name__)
            await asyncio.sleep(1)
