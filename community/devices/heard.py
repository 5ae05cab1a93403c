"""The last pushes of each device as they came, for whoever looks for a fault: a day, no secrets.

Files below ``VAR_DIR/heard/<device>``, not rows: a heartbeat must not cost the gate a commit.
Passwords, names and pictures are taken out before anything is written.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from django.conf import settings

from community.devices.push.parts import split
from community.devices.push.text import decode

log = structlog.get_logger(__name__)
#: Pushes kept for each device, and of each so many characters.
KEPT = 40
LONGEST = 3000
DAY_S = 24 * 3600.0
#: Codes of what a device says all the time; only the last of each is kept.
STEADY = ("heartbeat", "poll")
NUMBERED = "[0-9]*.json"
_LONG = re.compile(r"[A-Za-z0-9+/=_%.\\-]{160,}")
_HIDDEN = (
    r"[\w-]*(?:pass_?w(?:or)?d|passwd|pwd|user_?name|token|secret|auth\w*|api_?key|cookie|session"
    r"|employee_?name|person_?name|id_?(?:card|number)|\bname|phone)[\w-]*"
)
_HIDING = (
    (re.compile(rf'("{_HIDDEN}"\s*:\s*)("(?:[^"\\]|\\.)*"|[^\s,}}\]]+)', re.I), r'\1"***"'),
    (re.compile(rf"(<(?:\w+:)?({_HIDDEN})>)[^<]*", re.I), r"\1***"),
    (re.compile(rf"(^|[&?\s])({_HIDDEN}=)[^&\s]*", re.I), r"\1\2***"),
)


@dataclass(frozen=True)
class Heard:
    """One push. ``code``: what came of it; ``said``: its text, cut and cleared; ``size`` bytes.

    ``peer`` is the address that it came from. ``is_test``: we made it ourselves.
    """

    at: float
    kind: str
    rest: str
    what: str
    code: str
    size: int
    said: str
    peer: str = ""
    is_test: bool = False


def keep(device_id: int, heard: Heard, data: bytes, content_type: str) -> None:
    """Note a push and its cleared body; never raises: a full disk must not keep a car waiting."""
    try:
        heard = replace(heard, said=cleared(data, content_type))
        box = _box(device_id)
        box.mkdir(parents=True, exist_ok=True)
        draft = box / f".{uuid4().hex}"
        draft.write_text(json.dumps(asdict(heard), ensure_ascii=False), "utf-8")
        if heard.code in STEADY:
            # They come every few seconds: the last one is enough, and cars stay a day.
            draft.replace(box / f"{heard.code}.json")
            return
        draft.rename(box / f"{time.time_ns():020d}.json")
        for old in sorted(box.glob(NUMBERED))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        log.warning("push_not_noted", device=device_id, errno=error.errno)


def last(device_id: int, most: int = KEPT) -> list[Heard]:
    """What a device said during the last day, newest first."""
    found = []
    box = _box(device_id)
    paths = sorted(box.glob(NUMBERED), reverse=True)[:most]
    for path in [*paths, *(box / f"{code}.json" for code in STEADY)]:
        with suppress(OSError, ValueError, TypeError):
            found.append(Heard(**json.loads(path.read_text("utf-8"))))
    since = time.time() - DAY_S
    lately = [one for one in found if one.at >= since]
    return sorted(lately, key=lambda one: one.at, reverse=True)[:most]


def forget_old() -> int:
    """Erase what is older than a day; how many."""
    gone, before = 0, time.time() - DAY_S
    for path in (Path(settings.VAR_DIR) / "heard").glob("*/*"):
        with suppress(FileNotFoundError):
            if path.is_file() and path.name != "alive" and path.stat().st_mtime < before:
                path.unlink()
                gone += 1
    return gone


def note_alive(device_id: int) -> None:
    """The device said that it is alive, which it does whether cars come or not."""
    with suppress(OSError):
        box = _box(device_id)
        box.mkdir(parents=True, exist_ok=True)
        (box / "alive").touch()


def alive_at(device_id: int) -> float:
    """When it last said so, in seconds since 1970; 0 for never."""
    try:
        return (_box(device_id) / "alive").stat().st_mtime
    except FileNotFoundError:
        return 0.0


def cleared(data: bytes, content_type: str) -> str:
    """A body as text to read: no pictures, no passwords, no names; at most LONGEST characters."""
    lines = []
    for part in split(data, content_type):
        title = f"[{part.name or part.kind}: {part.kind}, {len(part.data)} B]\n"
        is_text = part.kind in ("xml", "json") or (part.kind == "other" and not part.name)
        lines.append((title if part.name else "") + (_readable(part.data) if is_text else ""))
    return "\n".join(lines)[:LONGEST]


def _readable(data: bytes) -> str:
    text = _LONG.sub(_length, _without_pictures(decode(data)))[: 4 * LONGEST]
    for shape, instead in _HIDING:
        text = shape.sub(instead, text)
    return "".join(sign if sign.isprintable() or sign in "\r\n\t" else "�" for sign in text)


def _without_pictures(text: str) -> str:
    """The same with the longest strings and fields cut out: looking closer at them takes long."""
    for sign in ('"', "&"):
        if len(text) > 4 * LONGEST:
            pieces = text.split(sign)
            text = sign.join(one if len(one) < LONGEST else f"<{len(one)}>" for one in pieces)
    return text


def _length(found: Any) -> str:
    return f"<{len(found[0])}>"


def _box(device_id: int) -> Path:
    return Path(settings.VAR_DIR) / "heard" / str(int(device_id))
