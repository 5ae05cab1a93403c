"""Digest as the one who asks for it: a VIID device proves at ``Register`` who it is.

A nonce says when it was given and to which address, signed: nothing has to be remembered.
"""

from __future__ import annotations

import hashlib
import hmac
import time
from urllib.parse import urlsplit
from urllib.request import parse_http_list, parse_keqv_list

from django.conf import settings

REALM = "linli"
GOOD_S = 60
LONGEST = 2000


def challenge(address: str) -> str:
    """The ``WWW-Authenticate`` header for whoever asks from this address."""
    nonce = _nonce(str(int(time.time())), address)
    return f'Digest realm="{REALM}", qop="auth", algorithm=MD5, nonce="{nonce}"'


def claimed(header: str) -> dict[str, str]:
    """The fields of an ``Authorization`` header; none where it is no digest."""
    scheme, _, rest = header[:LONGEST].partition(" ")
    if scheme.lower() != "digest":
        return {}
    try:
        found = parse_keqv_list(parse_http_list(rest))
    except (ValueError, IndexError):
        return {}
    return {name.lower(): value for name, value in found.items()}


def is_proved(
    fields: dict[str, str], *, password: str, method: str, path: str, address: str
) -> bool:
    """Whether whoever answered our challenge knows the password."""
    nonce = fields.get("nonce", "")
    if not _is_ours(nonce, address) or urlsplit(fields.get("uri", "")).path != path:
        return False
    if fields.get("algorithm", "MD5").upper() != "MD5" or fields.get("realm") != REALM:
        return False
    first = _md5(f"{fields.get('username', '')}:{REALM}:{password}")
    last = _md5(f"{method}:{fields['uri']}")
    middle = nonce
    if fields.get("qop"):
        middle = ":".join((nonce, fields.get("nc", ""), fields.get("cnonce", ""), fields["qop"]))
    wanted = _md5(f"{first}:{middle}:{last}")
    return hmac.compare_digest(wanted.encode(), fields.get("response", "").lower().encode())


def _nonce(stamp: str, address: str) -> str:
    signed = hmac.new(settings.SECRET_KEY.encode(), f"viid|{stamp}|{address}".encode(), "sha256")
    return f"{stamp}.{signed.hexdigest()[:32]}"


def _is_ours(nonce: str, address: str) -> bool:
    stamp = nonce.partition(".")[0]
    if not stamp.isdecimal() or not 0 <= time.time() - int(stamp) <= GOOD_S:
        return False
    return hmac.compare_digest(nonce.encode(), _nonce(stamp, address).encode())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
