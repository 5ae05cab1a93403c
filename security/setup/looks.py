"""Looks through cameras: each in a process of its own, started here, told by two small files."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from security.sources.stills import replace_file

#: The longest that a look may take, in seconds: for a picture, and for a plate.
LOOK_S, READ_S = 15, 40
#: Looks of this process at the same time; each may take a processor.
MOST = 3
#: Looks older than this are swept away with their pictures.
KEPT_S = 3600
TOKEN = re.compile(r"^[0-9a-f]{24}$")
_lock = threading.Lock()
_running: dict[str, subprocess.Popen[bytes]] = {}


class Busy(Exception):
    """Too many looks are under way."""


@dataclass(frozen=True)
class Look:
    """How a look stands: `waits`, or ended with a `code` (empty where a picture was seen)."""

    token: str
    waits: bool
    code: str = ""
    width: int = 0
    height: int = 0
    read: dict[str, Any] | None = None


def _root() -> Path:
    return Path(settings.VAR_DIR) / "setup"


def _folder(lane_id: int, token: str) -> Path:
    if not TOKEN.match(token):
        raise LookupError(token)
    return _root() / f"{int(lane_id)}-{token}"


def start(
    lane_id: int,
    *,
    driver: str,
    options: dict[str, Any],
    credentials: dict[str, Any],
    key: int = 0,
    roi: list[float] | None = None,
) -> str:
    """Begin a look for a lane; the token to ask with. Raises Busy.

    Secrets go through a pipe: never on a command line, in the environment or in a file.
    """
    token, seconds = secrets.token_hex(12), READ_S if roi else LOOK_S
    folder = _folder(lane_id, token)
    asked = {
        "driver": driver,
        "settings": options,
        "credentials": credentials,
        "key": key,
        "roi": roi,
        "seconds": seconds,
    }
    sweep()
    with _lock:
        _reap()
        if len(_running) >= MOST:
            raise Busy
        folder.mkdir(parents=True, mode=0o700)
        replace_file(folder / "until", str(time.time() + seconds + 2).encode())
        _running[token] = process = _spawn(folder)
    assert process.stdin is not None  # noqa: S101 - for the type checker
    try:
        process.stdin.write(json.dumps(asked).encode())
        process.stdin.close()
    except BrokenPipeError:
        pass  # it ended at once: no result comes, and the page says so
    return token


def _spawn(folder: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "security.sources.look", str(folder)]
    return subprocess.Popen(  # noqa: S603
        command,
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "LINLI_VAR": str(settings.VAR_DIR),
            "LINLI_CAMERA_FOLDER": str(settings.CAMERA_FOLDER),
            "LINLI_DEVICE_LOOPBACK": str(settings.DEVICE_LOOPBACK),
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def find(lane_id: int, token: str) -> Look:
    """How a look stands. Raises LookupError for one that never was or was swept away."""
    folder = _folder(lane_id, token)
    with _lock:
        died = _reap(token)
    try:
        told = json.loads((folder / "result.json").read_bytes())
        return Look(token, waits=False, **told)
    except (FileNotFoundError, ValueError, TypeError):
        pass
    try:
        until = float((folder / "until").read_bytes())
    except (FileNotFoundError, ValueError) as error:
        raise LookupError(token) from error
    # Another web process may have started it: then only its time tells.
    over = died or time.time() > until
    return Look(token, waits=not over, code="no_answer" if over else "")


def picture(lane_id: int, token: str) -> bytes | None:
    """The JPEG that was seen. Raises LookupError for what is no token."""
    try:
        return (_folder(lane_id, token) / "picture.jpg").read_bytes()
    except FileNotFoundError:
        return None


def _reap(token: str = "") -> bool:
    """Take leave of processes that ended; whether this look's did so before now."""
    died = token in _running and _running[token].poll() is not None
    for key in [key for key, process in _running.items() if process.poll() is not None]:
        del _running[key]
    return died


def sweep() -> int:
    """Erase the pictures of looks of more than an hour ago; how many looks."""
    root, before, swept = _root(), time.time() - KEPT_S, 0
    for folder in root.glob("*-*") if root.is_dir() else ():
        if folder.is_dir() and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            swept += 1
    return swept
