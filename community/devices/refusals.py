"""How often a device refused our password: after two times we ask no more, or it locks us out.

Makers lock an account, or our address, for half an hour after five or seven wrong passwords. The
count is one small file a device, ``VAR_DIR/refusals/<device>``, shared by all processes; a new
password, or the end of that half hour, begins anew.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.crypto import salted_hmac

MOST = 2
HELD_S = 30 * 60.0


def fingerprint(access: dict[str, Any]) -> str:
    """Of a user name and a password, so that the file tells neither."""
    text = json.dumps(access, sort_keys=True, default=str)
    return salted_hmac("linli.refusals", text).hexdigest()


def are_enough(device_id: int, access: dict[str, Any]) -> bool:
    """Whether these credentials were refused so often that they must rest now."""
    return _count(device_id, fingerprint(access)) >= MOST


def note(device_id: int, access: dict[str, Any]) -> None:
    """These credentials were refused just now."""
    mark = fingerprint(access)
    told = {"access": mark, "times": _count(device_id, mark) + 1, "at": time.time()}
    path = _path(device_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid4().hex}")
    draft.write_text(json.dumps(told))
    draft.replace(path)


def forget(device_id: int) -> None:
    """The device took a password."""
    _path(device_id).unlink(missing_ok=True)


def _count(device_id: int, mark: str) -> int:
    try:
        told = json.loads(_path(device_id).read_text())
        is_same = told["access"] == mark and time.time() - told["at"] < HELD_S
        return int(told["times"]) if is_same else 0
    except (FileNotFoundError, ValueError, TypeError, KeyError):
        return 0


def _path(device_id: int) -> Path:
    return Path(settings.VAR_DIR) / "refusals" / str(int(device_id))
