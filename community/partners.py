"""Partners outside that are spoken with apart: a bounded number of threads, never two with one.

One that is slow or silent keeps its own thread busy and holds up nobody else. Between processes a
lease in the partner's row says who speaks with it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable

import structlog
from django.conf import settings
from django.db import connections

log = structlog.get_logger(__name__)


class Partners:
    """``serve`` speaks with one partner, named by its key, for as long as its turn is."""

    def __init__(self, name: str, threads: int, serve: Callable[[int], None]) -> None:
        self.name, self.threads, self.serve = name, threads, serve
        self._begin()
        # Threads do not survive a fork; what they carried is due again when its lease ends.
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._busy: set[int] = set()

    def go(self, choose: Callable[[int, Collection[int]], Iterable[int]]) -> int:
        """Serve whoever ``choose(most, busy)`` names; how many. Returns at once.

        In tests (``DEVICE_DELIVERY`` "inline") each is served before it returns.
        """
        with self._lock:
            free = self.threads - len(self._busy)
            chosen = list(choose(free, self._busy)) if free > 0 else []
            self._busy.update(chosen)
        for key in chosen:
            if settings.DEVICE_DELIVERY == "inline":
                self._serve(key)
            else:
                name = f"{self.name}-{key}"
                threading.Thread(target=self._work, args=(key,), daemon=True, name=name).start()
        return len(chosen)

    def is_idle(self) -> bool:
        """Whether this process serves nobody now."""
        with self._lock:
            return not self._busy

    def _work(self, key: int) -> None:
        try:
            self._serve(key)
        except Exception:
            # Nothing is lost: what was not written down is due again.
            log.exception("round_failed", partner=self.name, key=key)
        finally:
            connections.close_all()

    def _serve(self, key: int) -> None:
        try:
            self.serve(key)
        finally:
            with self._lock:
                self._busy.discard(key)
