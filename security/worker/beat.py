"""A worker's pulse and its list of cameras: two small files between it and its supervisor.

The worker touches one file at each pass of its loop; the supervisor writes the other when the
office adds or takes away cameras, so that a running worker takes them in without a restart.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from pathlib import Path

import structlog
from django.conf import settings

from security.sources.stills import replace_file

log = structlog.get_logger(__name__)

#: At most this often the file is touched.
EVERY_S = 1.0


def _path(group: int, ending: str) -> Path:
    return Path(settings.VAR_DIR) / "run" / f"cameras-{int(group)}.{ending}"


def write_group(group: int, device_ids: Iterable[int]) -> None:
    """Say which cameras the group has now. Raises OSError."""
    replace_file(_path(group, "json"), json.dumps(list(device_ids)).encode())


def read_group(group: int) -> list[int]:
    """The group's cameras; none where nobody has said. Raises OSError."""
    try:
        return [int(key) for key in json.loads(_path(group, "json").read_bytes())]
    except (FileNotFoundError, ValueError, TypeError):
        return []


def last_beat(group: int) -> int:
    """A number that changes with every beat; 0 before the first."""
    try:
        return _path(group, "beat").stat().st_mtime_ns
    except OSError:
        return 0


class Beat:
    """Marks that the worker's loop goes round. A full disk stops nobody from watching."""

    def __init__(self, group: int) -> None:
        self._path = _path(group, "beat")
        self._due = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + EVERY_S
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch()
        except OSError as error:
            log.warning("beat_not_marked", error=error.strerror)
