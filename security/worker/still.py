"""The newest picture of a lane, for whoever looks at it."""

from __future__ import annotations

import time

import structlog

from security import stills
from security.pipeline import jpeg
from security.sources import Frame

log = structlog.get_logger(__name__)

STILL_S, STILL_WIDTH, STILL_QUALITY = 1.0, 640, 68
#: While somebody watches the lane; and how often the mark that says so is looked for.
WATCHED_S, LOOK_S = 0.1, 0.5


class StillKeeper:
    """Keeps one lane's still fresh: often while it is watched, else each second."""

    def __init__(self, lane_id: int) -> None:
        self._lane_id = lane_id
        self._still_at = self._look_at = 0.0
        self._watched = False

    def keep(self, frame: Frame) -> None:
        now = time.monotonic()
        if now >= self._look_at:
            self._look_at = now + LOOK_S
            self._watched = stills.is_wanted(self._lane_id)
        every = WATCHED_S if self._watched else STILL_S
        # Counted from the last still, so that a mark left meanwhile counts at once.
        if now < self._still_at + every:
            return
        self._still_at = now
        try:
            stills.keep(self._lane_id, jpeg(frame.image, STILL_WIDTH, STILL_QUALITY))
        except OSError:
            log.warning("still_not_kept", lane=self._lane_id)
