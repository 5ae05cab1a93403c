"""The newest still of each lane, for the guard's page: one small file, replaced in one step."""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from community.models import Lane
from security.sources.stills import frame_path, replace_file

#: Older than this, in seconds, a still is no longer live.
FRESH_S = 6.0


def path_of(lane_id: int) -> Path:
    return Path(settings.VAR_DIR) / "stills" / f"{int(lane_id)}.jpg"


def keep(lane_id: int, jpeg: bytes) -> None:
    """Put a lane's newest still in place. Raises OSError."""
    replace_file(path_of(lane_id), jpeg)


def fresh(lane: Lane) -> bytes | None:
    """The lane's still while it is live; a phone's own frame serves where nobody keeps one."""
    for path in (path_of(lane.pk), frame_path(lane.camera_id or 0)):
        try:
            if time.time() - path.stat().st_mtime < FRESH_S:
                return path.read_bytes()
        except FileNotFoundError:
            continue
    return None
