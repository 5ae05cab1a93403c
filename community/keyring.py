"""Keys for personal data: ciphertexts name their key, blind indexes have a key of their own.

The ring is a JSON file kept apart from the data, made at first use:
``{"data": {"current": "d1", "keys": {"d1": "<base64 32 bytes>"}}, "index": {…}}``.
"""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


class KeyMissing(Exception):
    """A ciphertext names a key that the ring does not hold."""


class Unreadable(Exception):
    """A ciphertext was changed, or is none of ours."""


def _fresh(prefix: str, number: int = 1) -> tuple[str, str]:
    return f"{prefix}{number}", base64.b64encode(secrets.token_bytes(32)).decode()


def _write(path: Path, ring: dict[str, Any]) -> None:
    """Replace the file in one step, so that a power cut leaves the old ring or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(ring, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    ring = {}
    for purpose in ("data", "index"):
        name, key = _fresh(purpose[0])
        ring[purpose] = {"current": name, "keys": {name: key}}
    draft = path.with_name(f"{path.name}.new{os.getpid()}")
    _write(draft, ring)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()


class _Held:
    """One ring as it was read, with its keys made ready: lists ask for them thousands of times."""

    def __init__(self, path: str) -> None:
        self.ring: dict[str, Any] = json.loads(Path(path).read_text())
        self._raw: dict[tuple[str, str], bytes] = {}
        self._ciphers: dict[str, AESGCM] = {}

    def key(self, purpose: str, name: str) -> bytes:
        found = self._raw.get((purpose, name))
        if found is None:
            try:
                found = base64.b64decode(self.ring[purpose]["keys"][name])
            except KeyError as error:
                raise KeyMissing(name) from error
            self._raw[purpose, name] = found
        return found

    def cipher(self, name: str) -> AESGCM:
        found = self._ciphers.get(name)
        if found is None:
            found = self._ciphers[name] = AESGCM(self.key("data", name))
        return found


@lru_cache(maxsize=4)
def _load(path: str, stamp: int) -> _Held:
    return _Held(path)


def _held() -> _Held:
    path = os.fspath(settings.KEYRING_PATH)
    try:
        return _load(path, _stamp(path))
    except FileNotFoundError:
        _make(Path(path))
        return _load(path, _stamp(path))


def _stamp(path: str) -> int:
    # Asked for each value: the object around a path costs more than the question.
    return os.stat(path).st_mtime_ns  # noqa: PTH116


def ring() -> dict[str, Any]:
    """The ring as it stands on disk; a rotation by another process is seen at once."""
    return _held().ring


def add_key(purpose: str) -> str:
    """Put a fresh key on the ring and make it current; returns its name."""
    held = json.loads(json.dumps(ring()))
    number = 1 + max(int(name[1:]) for name in held[purpose]["keys"])
    name, key = _fresh(purpose[0], number)
    held[purpose]["keys"][name] = key
    held[purpose]["current"] = name
    _write(Path(settings.KEYRING_PATH), held)
    return name


def drop_key(purpose: str, name: str) -> None:
    """Take an old key off the ring, once nothing names it any more."""
    held = json.loads(json.dumps(ring()))
    if held[purpose]["current"] == name:
        raise ValueError("the current key cannot be dropped")
    held[purpose]["keys"].pop(name, None)
    _write(Path(settings.KEYRING_PATH), held)


def current(purpose: str) -> str:
    return str(ring()[purpose]["current"])


def encrypt(plain: str) -> str:
    """``<key>$<base64 nonce + AES-256-GCM>``; the key's name is authenticated too."""
    held = _held()
    name = held.ring["data"]["current"]
    nonce = secrets.token_bytes(NONCE)
    sealed = held.cipher(name).encrypt(nonce, plain.encode(), name.encode())
    return f"{name}${base64.b64encode(nonce + sealed).decode()}"


def decrypt(sealed: str) -> str:
    """Raises :class:`KeyMissing` or :class:`Unreadable`."""
    name, _, body = sealed.partition("$")
    cipher = _held().cipher(name)
    try:
        raw = base64.b64decode(body, validate=True)
        return cipher.decrypt(raw[:NONCE], raw[NONCE:], name.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(name) from error


def key_of(cipher: str) -> str:
    return cipher.partition("$")[0]


def blind_index(value: str, compound_id: int, field: str, version: str | None = None) -> str:
    """``<key>:<hmac>`` of an already normalised value: equal values meet, nothing else shows.

    Bound to compound and field, so that indexes of two compounds cannot be matched.
    """
    held = _held()
    name = version or held.ring["index"]["current"]
    message = f"{compound_id}\x00{field}\x00{value}".encode()
    return f"{name}:{hmac.digest(held.key('index', name), message, 'sha256').hex()}"


def blind_indexes(value: str, compound_id: int, field: str) -> list[str]:
    """The value under every index key held: what a search asks for during a rotation."""
    return [blind_index(value, compound_id, field, name) for name in ring()["index"]["keys"]]
