"""A process's own copy of the galleries: registered before it is loaded, confirmed after.

Whoever recognises faces keeps one of these, asks it for the gallery each time, and keeps no other
reference: what is replaced here is gone.
"""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Iterable
from datetime import datetime

import structlog
from django.core.exceptions import ValidationError
from django.db import DatabaseError
from django.utils import timezone

from community import living
from community.vision.faces.gallery import Gallery
from community.vision.faces.tiers import Thresholds
from residents.models import FaceGallery
from residents.operations.faces.matching import FaceHoldings, candidates, load_gallery
from residents.operations.faces.proof import confirm_gallery, leave_gallery

Stamp = tuple[int, datetime] | None
log = structlog.get_logger(__name__)

#: Without a look at the tables for so long the copies are dropped: they may be out of date.
BLIND_S = 30.0
#: Who moves in or out is taken in after this at the latest; the decision asks anew in any case.
CANDIDATES_S = 20.0


def holder_name(what: str) -> str:
    """The name under which a process of this machine holds a copy."""
    return f"{platform.node()[:40]} {what}"


class FaceHolder:
    """Galleries by compound, of one engine version. Several threads may use one."""

    def __init__(
        self,
        name: str,
        engine: str,
        *,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = timezone.now,
    ) -> None:
        self.name, self.engine = name[:80], engine
        self._process = living.identity()
        self._clock, self._now = clock, now
        self._held: dict[int, FaceHoldings] = {}
        self._stamps: dict[int, Stamp] = {}
        #: By compound, and within it by the buildings that a gate serves (none: everybody).
        self._chosen: dict[int, dict[frozenset[int], tuple[float, Gallery]]] = {}
        self._seen_at = clock()
        self._lock = threading.RLock()

    @property
    def compounds(self) -> set[int]:
        return set(self._held)

    def keep(self, compounds: Iterable[int]) -> None:
        """Hold the galleries of these compounds and of no others. Raises DatabaseError."""
        wanted = set(compounds)
        with self._lock:
            for compound_id in self.compounds - wanted:
                self._drop(compound_id)
            for compound_id in wanted - self.compounds:
                # First the word that a copy is held here, then the copy: an erasure in between
                # waits for this process.
                self._confirm(compound_id, 0)
                self._load(compound_id)

    def refresh(self) -> None:
        """Take in what has changed, and confirm it. A database that is away is waited for."""
        with self._lock:
            if not self._held:
                return
            try:
                self._refresh()
                self._seen_at = self._clock()
            except DatabaseError as error:
                log.warning("gallery_not_refreshed", why=type(error).__name__)
                if self._clock() - self._seen_at > BLIND_S:
                    self._held = {key: _nobody(self.engine) for key in self._held}
                    self._chosen.clear()

    def gallery(
        self, compound_id: int, buildings: frozenset[int] = frozenset()
    ) -> tuple[Gallery, Thresholds] | None:
        """Everybody who may use a gate of this compound that serves these buildings (none: all of
        them) now, and the thresholds; None where it is not held. Raises DatabaseError."""
        with self._lock:
            held = self._held.get(compound_id)
            if held is None:
                return None
            known = self._chosen.setdefault(compound_id, {})
            at, chosen = known.get(buildings, (0.0, None))
            if chosen is None or self._clock() - at > CANDIDATES_S:
                chosen = held.gallery.within(candidates(compound_id, self._now(), buildings))
                known[buildings] = self._clock(), chosen
            return chosen, held.thresholds

    def close(self) -> None:
        """Drop all copies and say so."""
        with self._lock:
            for compound_id in self.compounds:
                self._drop(compound_id)

    def _refresh(self) -> None:
        stamps = _stamps(self._held)
        for compound_id in list(self._held):
            if stamps.get(compound_id) != self._stamps.get(compound_id):
                self._load(compound_id)

    def _load(self, compound_id: int) -> None:
        self._stamps[compound_id] = _stamps([compound_id]).get(compound_id)
        held = load_gallery(compound_id, self.engine)
        self._held[compound_id] = held
        self._chosen.pop(compound_id, None)
        self._confirm(compound_id, held.version)
        log.info("gallery_held", compound=compound_id, version=held.version, n=len(held.gallery))

    def _confirm(self, compound_id: int, version: int) -> None:
        try:
            confirm_gallery(compound_id, self.name, version, process=self._process)
        except ValidationError:  # the compound's tables were restored from an older copy
            log.warning("gallery_version_unknown", compound=compound_id, version=version)

    def _drop(self, compound_id: int) -> None:
        self._held.pop(compound_id, None)
        self._chosen.pop(compound_id, None)
        try:
            leave_gallery(compound_id, self.name)
        except DatabaseError:
            log.warning("gallery_not_left", compound=compound_id)


def _stamps(compounds: Iterable[int]) -> dict[int, Stamp]:
    """What changes with each gallery. The time too: tables put back from a copy count anew."""
    rows = FaceGallery.objects.filter(compound__in=list(compounds))
    return {row.compound_id: (row.version, row.changed_at) for row in rows}


def _nobody(engine: str) -> FaceHoldings:
    return FaceHoldings(-1, Gallery.of(engine, []), Thresholds(0.0, 0.0))
