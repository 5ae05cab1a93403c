"""Recognition is rationed: a few processors serve the pages and the jobs as well."""

from __future__ import annotations

import time
from collections.abc import Callable


class Ration:
    """So many per second in the long run, with a store for a moment when several cars come."""

    def __init__(
        self,
        per_second: float = 3.0,
        store: float = 6.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._rate, self._store, self._clock = per_second, store, clock
        self._left, self._at = store, clock()

    def take(self, urgent: bool = True) -> bool:
        """Whether one may be used now; half of the store is kept for what is urgent."""
        now = self._clock()
        self._left = min(self._store, self._left + (now - self._at) * self._rate)
        self._at = now
        if self._left < (1 if urgent else max(1, self._store / 2)):
            return False
        self._left -= 1
        return True
