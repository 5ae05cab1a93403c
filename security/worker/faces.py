"""What a worker's process needs to know faces by: the engine, loaded once, and its galleries."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import cv2
import structlog
from django.db import DatabaseError

from community.models import Lane
from community.vision import engines
from community.vision.faces.contract import FaceEngine
from community.vision.faces.gallery import Gallery
from community.vision.faces.tiers import Thresholds
from residents import face_engine
from residents.face_holder import FaceHolder, holder_name

log = structlog.get_logger(__name__)
Load = Callable[[], FaceEngine | None]


def load_face_engine() -> FaceEngine | None:
    """The engine that the settings name; None, and a line in the log, where it cannot run here."""
    cv2.setNumThreads(1)
    try:
        return face_engine.engine()
    except engines.EngineUnavailable as error:
        log.warning("face_engine_unavailable", why=str(error))
        return None


@dataclass(frozen=True)
class GateRule:
    """What a lane's gate asks beside a face."""

    asks_task: bool
    asks_second: bool
    #: Whose residents it is for; none: everybody's.
    buildings: frozenset[int] = frozenset()


class Faces:
    """The process's engine, its galleries, and the rules of the lanes that it watches."""

    def __init__(self, name: str, load: Load = load_face_engine) -> None:
        self._name, self._load = holder_name(name), load
        self._tried = False
        self.engine: FaceEngine | None = None
        self._holder: FaceHolder | None = None
        self._rules: dict[int, GateRule] = {}

    @property
    def failed(self) -> bool:
        """Faces are wanted here, and there is no engine for them."""
        return self._tried and self.engine is None

    def rule(self, lane_id: int) -> GateRule | None:
        """None while faces do not count at the lane's gate."""
        return self._rules.get(lane_id)

    def follow(self, lanes: Iterable[Lane]) -> None:
        """Bring engine, galleries and rules in line with these lanes (gate and rule with them).

        The engine is loaded before the first frame of a lane that needs it. Raises DatabaseError.
        """
        wanted = [(lane, rule) for lane in lanes if (rule := _rule(lane)) is not None]
        if wanted and not self._tried:
            self._tried, self.engine = True, self._load()
        if self.engine is not None:
            self._holder = self._holder or FaceHolder(self._name, self.engine.version)
            self._holder.keep({lane.compound_id for lane, _ in wanted})
            self._holder.refresh()
        self._rules = {lane.pk: rule for lane, rule in wanted}

    def gallery(
        self, compound_id: int, buildings: frozenset[int] = frozenset()
    ) -> tuple[Gallery, Thresholds] | None:
        """Who may use a gate that serves these buildings now; None: nobody can be recognised."""
        if self._holder is None:
            return None
        try:
            return self._holder.gallery(compound_id, buildings)
        except DatabaseError as error:
            log.warning("candidates_not_read", why=type(error).__name__)
            return None

    def close(self) -> None:
        """Drop the galleries and say so."""
        if self._holder is not None:
            self._holder.close()


def _rule(lane: Lane) -> GateRule | None:
    rule = getattr(lane.gate, "face_rule", None)
    if rule is None or not rule.is_on:
        return None
    served = frozenset(one.pk for one in rule.buildings.all())
    return GateRule(rule.asks_task, rule.asks_second, served)
