"""Files that only their row can open: sealed with a key of their own, which the row keeps sealed.

Rotating the data key re-seals rows and touches no file; a row that is gone leaves bytes that nobody
can open.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE = 12


def seal(folder: str, compound_id: int, body: bytes) -> tuple[str, str]:
    """Write a sealed file; its name below the media folder and its key, in base64."""
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE)
    name = f"{folder}/{compound_id}/{secrets.token_hex(16)}.sealed"
    target = _path(name)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    # The name is authenticated too: files cannot be exchanged for one another.
    draft.write_bytes(nonce + AESGCM(key).encrypt(nonce, body, name.encode()))
    draft.replace(target)
    return name, base64.b64encode(key).decode()


def unseal(name: str, key: str) -> bytes | None:
    """What the file holds; None where it is missing."""
    try:
        body = _path(name).read_bytes()
    except FileNotFoundError:
        return None
    return AESGCM(base64.b64decode(key)).decrypt(body[:NONCE], body[NONCE:], name.encode())


def drop(name: str) -> None:
    """The file is gone; a second time changes nothing."""
    if name:
        _path(name).unlink(missing_ok=True)


def drop_all(names: Iterable[str]) -> None:
    for name in names:
        drop(name)


def _path(name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / name
