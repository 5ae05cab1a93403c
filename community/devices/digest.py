"""HTTP digest authentication (RFC 7616, and 2069 without qop), one challenge, one answer.

Its own small module because the usual clients answer a challenge by sending the request again,
and a command to a barrier is sent once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.request import parse_http_list, parse_keqv_list

from community.devices.base import DeviceFault

HASHES: dict[str, Callable[[bytes], str]] = {
    "MD5": lambda data: hashlib.md5(data, usedforsecurity=False).hexdigest(),
    "SHA-256": lambda data: hashlib.sha256(data).hexdigest(),
}


@dataclass(frozen=True)
class Challenge:
    realm: str
    nonce: str
    opaque: str | None
    algorithm: str
    qop: str
    stale: bool = False


def parse(headers: Iterable[str]) -> Challenge:
    """The first digest challenge that we can answer, of the ``WWW-Authenticate`` headers.

    Raises ``DeviceFault("challenge_not_understood")``.
    """
    for header in headers:
        scheme, _, rest = header.partition(" ")
        if scheme.lower() == "digest" and (challenge := _read(rest)):
            return challenge
    raise DeviceFault("challenge_not_understood")


def _read(text: str) -> Challenge | None:
    try:
        fields = {
            name.lower(): value for name, value in parse_keqv_list(parse_http_list(text)).items()
        }
        algorithm = fields.get("algorithm", "MD5").upper()
        offered = [name.strip() for name in fields.get("qop", "").split(",") if name.strip()]
        if algorithm.removesuffix("-SESS") not in HASHES or (offered and "auth" not in offered):
            return None
        return Challenge(
            fields["realm"],
            fields["nonce"],
            fields.get("opaque"),
            algorithm,
            "auth" if offered else "",
            fields.get("stale", "").lower() == "true",
        )
    except (KeyError, ValueError, IndexError):
        return None


def answer(
    challenge: Challenge,
    *,
    username: str,
    password: str,
    method: str,
    target: str,
    cnonce: str | None = None,
) -> str:
    """The ``Authorization`` header for one request; ``target`` is path and query as sent."""
    digest = HASHES[challenge.algorithm.removesuffix("-SESS")]
    cnonce = cnonce or secrets.token_hex(8)
    first = f"{username}:{challenge.realm}:{password}"
    secret = digest(first.encode())
    if challenge.algorithm.endswith("-SESS"):
        secret = digest(f"{secret}:{challenge.nonce}:{cnonce}".encode())
    what = digest(f"{method}:{target}".encode())
    middle = f"{challenge.nonce}:00000001:{cnonce}:auth" if challenge.qop else challenge.nonce
    fields = {
        "username": f'"{_quoted(username)}"',
        "realm": f'"{challenge.realm}"',
        "nonce": f'"{challenge.nonce}"',
        "uri": f'"{target}"',
        "response": f'"{digest(f"{secret}:{middle}:{what}".encode())}"',
        "algorithm": challenge.algorithm,
    }
    if challenge.opaque is not None:
        fields["opaque"] = f'"{challenge.opaque}"'
    if challenge.qop:
        fields |= {"qop": "auth", "nc": "00000001", "cnonce": f'"{cnonce}"'}
    return "Digest " + ", ".join(f"{name}={value}" for name, value in fields.items())


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
