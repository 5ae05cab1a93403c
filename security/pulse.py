"""Whether the workers' loops go round, as their supervisor sees it.

Judged by its own clock: a beat counts when the file changed, whatever time the file says. After a
pause of the supervisor itself (a stalled or suspended machine) nobody is blamed for the silence.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

#: A loop goes round within a second; reading plates on a busy machine takes some.
SILENT_S = 30.0
#: From the start of a process to its first round: imports, the engine, the database.
START_S = 90.0
#: A supervisor that did not look for so long cannot tell who was silent.
AWAY_S = 5.0


@dataclass
class _Seen:
    process: int
    beat: int
    since: float
    first_at: float | None = None


class Pulse:
    """Ask it often, for each worker: `is_lost(group, process, beat)`."""

    def __init__(
        self,
        silent_s: float = SILENT_S,
        start_s: float = START_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._silent_s, self._start_s, self._clock = silent_s, start_s, clock
        self._seen: dict[int, _Seen] = {}
        self._looked_at = clock()

    def look(self) -> None:
        """Begin a round of questions."""
        now = self._clock()
        if now - self._looked_at > AWAY_S:
            for seen in self._seen.values():
                seen.since = now
        self._looked_at = now

    def is_lost(self, group: int, process: int, beat: int) -> bool:
        """Whether this process has been silent for too long. `beat` changes with each of its."""
        now, seen = self._clock(), self._seen.get(group)
        if seen is None or seen.process != process:
            self._seen[group] = _Seen(process, beat, now)
            return False
        if seen.beat != beat:
            seen.beat, seen.since = beat, now
            seen.first_at = seen.first_at or now
            return False
        return now - seen.since > (self._start_s if seen.first_at is None else self._silent_s)

    def steady_s(self, group: int, process: int) -> float:
        """For how long this process has gone round, in seconds."""
        seen = self._seen.get(group)
        if seen is None or seen.process != process or seen.first_at is None:
            return 0.0
        return self._clock() - seen.first_at
