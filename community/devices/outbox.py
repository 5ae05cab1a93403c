"""Orders that wait until a device asks for them, for devices that we cannot call.

A camera behind NAT takes its order from our answer. One folder, ``VAR_DIR/outbox/<device>``, is
shared by all processes of this machine; a letter is one small file in it. Taking a letter is a
rename, which succeeds for exactly one of all who try, whoever else takes or withdraws it:

``<command>.waiting`` → ``.taken`` (it stands in an answer) → ``.heard`` (the answer to a car went
out) or ``.asked`` (the answer to a question went out) → ``.known`` (it asked again: it has it) or
``.doubted`` (it sent the same car again: our answer may be lost). ``.waiting`` → ``.back``:
withdrawn, never to be sent.
"""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings

STATES = ("waiting", "taken", "heard", "asked", "known", "doubted", "back")
NAME = re.compile(r"^(\d+)\.([a-z]+)$")
#: What nobody looks at any more.
OLD_S = 600.0


@dataclass(frozen=True)
class Letter:
    """One order in an answer. ``output``: ``answer`` (the camera's own way to open) or ``io``.

    ``value`` is 2 for a pulse of ``pulse_ms``, 1 to hold the contact closed, 0 to let it go.
    ``expires``: seconds since 1970; a letter is not handed out after it.
    """

    command_id: int
    action: str
    expires: float
    output: str = "answer"
    io: int = 0
    value: int = 2
    pulse_ms: int = 0


def folder(device_id: int) -> Path:
    return Path(settings.VAR_DIR) / "outbox" / str(int(device_id))


def post(device_id: int, letter: Letter) -> None:
    """Lay a letter out for the device. Raises FileExistsError for a command that has one."""
    box = folder(device_id)
    box.mkdir(parents=True, exist_ok=True)
    _forget_old(box)
    if state_of(device_id, letter.command_id):
        raise FileExistsError(letter.command_id)
    draft = box / uuid4().hex
    draft.write_text(json.dumps(asdict(letter)))
    draft.rename(box / f"{letter.command_id}.waiting")


def take(device_id: int, command_id: int | None = None) -> Letter | None:
    """The oldest letter that waits (or the one of this command), now ours alone to hand out."""
    for number in _in(device_id, "waiting"):
        if command_id is not None and number != command_id:
            continue
        letter = _read(device_id, number)
        if letter is None or letter.expires <= time.time():
            continue
        if _move(device_id, number, "waiting", "taken"):
            return letter
    return None


def withdraw(device_id: int, command_id: int) -> bool:
    """Take a letter back; False where a device has it already."""
    return _move(device_id, command_id, "waiting", "back")


def heard(device_id: int, command_id: int) -> None:
    """The answer to a car went out with this letter."""
    _move(device_id, command_id, "taken", "heard")


def hand_out(device_id: int) -> Letter | None:
    """The device asks for orders: that tells that it has the last one; and here is the next."""
    note_asked(device_id)
    for number in _in(device_id, "asked"):
        _move(device_id, number, "asked", "known")
    letter = take(device_id)
    if letter is not None:
        _move(device_id, letter.command_id, "taken", "asked")
    return letter


def doubt(device_id: int, command_id: int) -> None:
    """The camera sent the car again, as if it had not heard our answer."""
    for state in ("taken", "heard"):
        _move(device_id, command_id, state, "doubted")


def state_of(device_id: int, command_id: int) -> str:
    """One of STATES; empty for no letter."""
    box = folder(device_id)
    # From the first state to the last: a letter that moves meanwhile is met further on.
    return next((state for state in STATES if (box / f"{command_id}.{state}").exists()), "")


def note_asked(device_id: int) -> None:
    """The camera was heard just now."""
    _note(device_id, "asked", "")


def asked_at(device_id: int) -> float:
    """When the camera was last heard, in seconds since 1970; 0 for never."""
    try:
        return (folder(device_id) / "asked").stat().st_mtime
    except FileNotFoundError:
        return 0.0


def note_input(device_id: int, number: int, is_on: bool) -> None:
    """What the camera last said of one of its contacts."""
    _note(device_id, f"input{number}", "1" if is_on else "0")


def input_of(device_id: int, number: int) -> bool | None:
    """Whether a contact was closed when the camera last spoke of it."""
    try:
        return (folder(device_id) / f"input{number}").read_text() == "1"
    except FileNotFoundError:
        return None


def seconds(moment: datetime | None, at_most_s: float) -> float:
    """When to give up, in seconds since 1970: at ``moment``, and not later than in so many s."""
    end = time.time() + at_most_s
    return min(end, moment.timestamp()) if moment else end


def _in(device_id: int, state: str) -> list[int]:
    """The commands whose letters are in a state, oldest first."""
    try:
        found = [NAME.match(path.name) for path in folder(device_id).iterdir()]
    except FileNotFoundError:
        return []
    return sorted(int(name[1]) for name in found if name and name[2] == state)


def _read(device_id: int, number: int) -> Letter | None:
    try:
        text = (folder(device_id) / f"{number}.waiting").read_text()
        return Letter(**json.loads(text))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _move(device_id: int, number: int, before: str, after: str) -> bool:
    box = folder(device_id)
    try:
        (box / f"{number}.{before}").rename(box / f"{number}.{after}")
    except FileNotFoundError:
        return False
    return True


def _note(device_id: int, name: str, text: str) -> None:
    box = folder(device_id)
    box.mkdir(parents=True, exist_ok=True)
    draft = box / uuid4().hex
    draft.write_text(text)
    draft.replace(box / name)


def _forget_old(box: Path) -> None:
    before = time.time() - OLD_S
    for path in box.iterdir():
        with suppress(FileNotFoundError):
            if not path.name.startswith(("asked", "input")) and path.stat().st_mtime < before:
                path.unlink()
