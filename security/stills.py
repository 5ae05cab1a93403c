"""The newest frame of each lane, for the guard's page: one small file, replaced in one step.

While somebody watches a lane they leave a mark beside it, and the camera's worker replaces the file
more often; the mark fades by itself.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings

from community.models import Lane
from security.sources.stills import frame_path, replace_file

#: Older than this, in seconds, a still is no longer live.
FRESH_S = 6.0
#: A mark older than this, in seconds, wants nothing any more.
WANTED_S = 5.0


def path_of(lane_id: int) -> Path:
    return Path(settings.VAR_DIR) / "stills" / f"{int(lane_id)}.jpg"


def keep(lane_id: int, jpeg: bytes) -> None:
    """Put a lane's newest still in place. Raises OSError."""
    replace_file(path_of(lane_id), jpeg)


def want(lane_id: int) -> None:
    """Somebody watches this lane now. A full disk costs only the smoothness."""
    mark = path_of(lane_id).with_suffix(".wanted")
    try:
        mark.parent.mkdir(parents=True, exist_ok=True)
        mark.touch()
    except OSError:
        return


def is_wanted(lane_id: int) -> bool:
    try:
        return time.time() - path_of(lane_id).with_suffix(".wanted").stat().st_mtime < WANTED_S
    except OSError:
        return False


def newest(lane: Lane, after: int = -1) -> tuple[int, bytes] | None:
    """The lane's live still and its mark, which grows with each one; None where there is none.

    With ``after``, a still that was seen before comes without its bytes. A phone's own frame serves
    where nobody keeps a still.
    """
    for path in (path_of(lane.pk), frame_path(lane.camera_id or 0)):
        try:
            state = path.stat()
            if time.time() - state.st_mtime < FRESH_S:
                seen = state.st_mtime_ns == after
                return state.st_mtime_ns, b"" if seen else path.read_bytes()
        except FileNotFoundError:
            continue
    return None


def fresh(lane: Lane) -> bytes | None:
    """The lane's still while it is live."""
    found = newest(lane)
    return found[1] if found else None
