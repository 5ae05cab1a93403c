"""What a worker remembers of the car before the arm, so that a restart is no second passage."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from django.conf import settings
from django.utils import timezone

from community.vision.plates import Box
from security.sources.stills import replace_file

log = structlog.get_logger(__name__)

#: A car seen longer ago has probably left meanwhile.
FRESH = timedelta(seconds=60)


@dataclass(frozen=True)
class Standing:
    """A car whose sighting fired, and whether its reading was taken (`told`) since."""

    plate: str
    box: Box
    started_at: str
    number: int
    told: bool
    seen_at: str

    @property
    def start(self) -> datetime:
        return datetime.fromisoformat(self.started_at)


def _path(lane_id: int) -> Path:
    return Path(settings.VAR_DIR) / "cameras" / f"lane-{int(lane_id)}.json"


def remember(lane_id: int, standing: Standing) -> None:
    """Keep it for a restart; a full disk costs only that."""
    try:
        replace_file(_path(lane_id), json.dumps(asdict(standing)).encode())
    except OSError:
        log.warning("not_remembered", lane=lane_id)


def forget(lane_id: int) -> None:
    """The lane is free."""
    _path(lane_id).unlink(missing_ok=True)


def recall(lane_id: int) -> Standing | None:
    """The car that stood before this lane's arm a moment ago, if any."""
    try:
        kept = Standing(**json.loads(_path(lane_id).read_bytes()))
        seen_at = datetime.fromisoformat(kept.seen_at)
        box = tuple(int(value) for value in kept.box)
        fresh = timezone.now() - seen_at < FRESH and len(box) == 4
    except (OSError, ValueError, TypeError):
        return None
    return kept if fresh else None
