"""Who has registered: the standard proves a device once, later it only says its number.

So a number counts from the address that it registered from, for the devices whose name and
password it proved, until it is silent for five minutes. Files, not rows: a keep-alive each
half minute must not cost the gate a commit.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

from django.conf import settings

NUMBER = re.compile(r"[0-9]{20}")
SILENT_S = 300.0


def begin(number: str, address: str, devices: Iterable[int]) -> bool:
    """Note a registration; False for what is no number of the standard."""
    path = _path(number)
    if path is None:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.parent / uuid4().hex
    draft.write_text(json.dumps({"address": address, "devices": list(devices)}))
    draft.replace(path)
    return True


def find(number: str, address: str) -> list[int] | None:
    """The devices that this number may speak for; None where it has to register first."""
    path = _path(number)
    if path is None:
        return None
    try:
        known = json.loads(path.read_text())
        is_late = time.time() - path.stat().st_mtime > SILENT_S
        if is_late or known["address"] != address:
            return None
        path.touch()
        return [int(key) for key in known["devices"]]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def of_device(device_id: int) -> tuple[str, float] | None:
    """The address that last registered for a device, and how many seconds it has been silent."""
    found: list[tuple[float, str]] = []
    for path in (Path(settings.VAR_DIR) / "viid").glob("[0-9]*"):
        with suppress(OSError, ValueError, KeyError, TypeError):
            known = json.loads(path.read_text())
            if device_id in known["devices"]:
                found.append((time.time() - path.stat().st_mtime, str(known["address"])))
    silent_s, address = min(found, default=(0.0, ""))
    return (address, silent_s) if found else None


def end(number: str) -> None:
    path = _path(number)
    if path is not None:
        with suppress(OSError):
            path.unlink()


def _path(number: str) -> Path | None:
    if not NUMBER.fullmatch(number):
        return None
    return Path(settings.VAR_DIR) / "viid" / number
