"""The web process's own eyes for faces at tablets: engine and galleries, held while they are used.

What one request sees of a person is forgotten with it: any web process may take the next one.
"""

from __future__ import annotations

import atexit
import os
import threading
import time

import cv2
import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from community.vision.engines import EngineUnavailable
from community.vision.faces.contract import FaceEngine
from community.vision.faces.gallery import Gallery
from community.vision.faces.tiers import Thresholds
from residents import face_engine
from residents.face_holder import FaceHolder, holder_name
from residents.models import FaceTemplate
from security.models import FaceRule

log = structlog.get_logger(__name__)

#: Nobody looked into a tablet for so long: the copy is dropped until somebody does.
IDLE_S = 600.0
#: How often a copy is compared with the tables meanwhile; 0: with each face only.
REFRESH_S: float = getattr(settings, "FACE_REFRESH_S", 2.0)


class Eyes:
    """One for each process; several threads may use it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._holder: FaceHolder | None = None
        self._used_at = 0.0
        self._keeper: threading.Thread | None = None

    def engine(self) -> FaceEngine | None:
        """The engine; None where it cannot run here (a line in the log)."""
        try:
            return face_engine.engine()
        except EngineUnavailable as error:
            log.warning("face_engine_unavailable", why=str(error))
            return None

    def gallery(
        self, compound_id: int, engine: FaceEngine, buildings: frozenset[int] = frozenset()
    ) -> tuple[Gallery, Thresholds] | None:
        """Who may use a gate that serves these buildings (none: all), as of now.

        Raises DatabaseError.
        """
        with self._lock:
            self._used_at = time.monotonic()
            if self._holder is None:
                self._holder = FaceHolder(holder_name(f"web {os.getpid()}"), engine.version)
                if REFRESH_S:
                    atexit.register(self.close)
            if compound_id not in self._holder.compounds:
                self._holder.keep({*self._holder.compounds, compound_id})
            else:
                self._holder.refresh()
            self._begin_to_keep()
            return self._holder.gallery(compound_id, buildings)

    def close(self) -> None:
        """Drop the copy and say so, as this process ends."""
        with self._lock:
            holder, self._holder = self._holder, None
            if holder is not None:
                holder.close()

    def forget(self) -> None:
        """Drop the copy without a word; for tests, whose tables come and go."""
        with self._lock:
            self._holder = None

    def _begin_to_keep(self) -> None:
        """While nobody looks, an erasure must not wait for the next one who does."""
        if REFRESH_S and (self._keeper is None or not self._keeper.is_alive()):
            self._keeper = threading.Thread(target=self._keep, name="galleries", daemon=True)
            self._keeper.start()

    def _keep(self) -> None:
        while True:
            time.sleep(REFRESH_S)
            close_old_connections()
            with self._lock:
                if self._holder is None:
                    break
                if time.monotonic() - self._used_at > IDLE_S:
                    self._holder.close()
                    self._holder = None
                    break
                self._holder.refresh()
        connections.close_all()


EYES = Eyes()


def warm_up() -> None:
    """Load the engine before a face comes, where a gate takes faces and anybody has one."""
    try:
        rules = FaceRule.objects.filter(is_on=True).values("compound")
        wanted = FaceTemplate.objects.filter(compound__in=rules).exists()
    except DatabaseError:
        return
    if wanted:
        cv2.setNumThreads(1)
        EYES.engine()
