"""The operator's account, made once, by whoever holds the code that the terminal printed.

Only a hash of the code lies on the disk, beside the keys. Ten wrong codes void it; each start of
an installation without users makes a new one.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password

from community import events
from community.models import User

LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH, TRIES = 10, 10


class CodeRefused(Exception):
    """The code does not count: `wrong`, or `void` after too many wrong ones or where none is."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class AlreadyStarted(Exception):
    """There is a user already: they sign in, and the operator adds others."""


def is_needed() -> bool:
    """Whether nobody can sign in here yet."""
    return not User.objects.exists()


def issue_code() -> str:
    """A fresh code, shown this once; the one before counts no more."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    with _kept() as file:
        _write(file, {"digest": _digest(code), "left": TRIES})
    return f"{code[:5]}-{code[5:]}"


def create_operator(code: str, *, username: str, password: str, name: str, language: str) -> User:
    """The first sign-in, with every right. The code is spent with it.

    Raises CodeRefused, AlreadyStarted, ValidationError (user name, password). Two who come at once
    wait for one another: the second is told that somebody was quicker.
    """
    with _kept() as file:
        if not is_needed():
            raise AlreadyStarted
        _check(file, code)
        user = User(username=username, name=name, language=language, is_superuser=True)
        validate_password(password, user)
        user.set_password(password)
        with events.writing():
            user.full_clean(exclude=["password"])
            user.save()
        _write(file, {})
    return user


def _path() -> Path:
    return Path(settings.VAR_DIR) / "keys" / "first-start"


@contextmanager
def _kept() -> Iterator[IO[str]]:
    """The code's file, held by one process at a time."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    with path.open("r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _check(file: IO[str], code: str) -> None:
    kept = _read(file)
    left = int(kept.get("left", 0))
    if left < 1:
        raise CodeRefused("void")
    # Counted before the comparison: who breaks off in between has still used a try.
    _write(file, kept | {"left": left - 1})
    text = "".join(code.split()).replace("-", "").lower()
    if not hmac.compare_digest(_digest(text), str(kept["digest"])):
        raise CodeRefused("wrong" if left > 1 else "void")
    _write(file, kept)


def _digest(code: str) -> str:
    return sha256(f"linli first start {code}".encode()).hexdigest()


def _read(file: IO[str]) -> dict[str, Any]:
    file.seek(0)
    try:
        kept: dict[str, Any] = json.loads(file.read())
    except ValueError:
        return {}
    return kept


def _write(file: IO[str], kept: dict[str, Any]) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(kept))
    file.flush()
