"""Where pictures may come from: streams of a network, and films below one folder of this host.

Never a cloud's metadata, and nothing on this very machine unless `DEVICE_LOOPBACK` allows it.
"""

from __future__ import annotations

import ipaddress
import socket
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from django.conf import settings

from community.devices.addresses import is_allowed
from security.sources.base import SourceFault

LONGEST_PATH = 500

SCHEMES = {"rtsp": 554, "rtsps": 322}
#: Films that come with the program.
DEMO_CLIPS = Path(__file__).resolve().parent.parent / "demo_clips"


def allowed_path(typed: object) -> str:
    """What a film or folder is stored as: `demo/…`, or a place below `settings.CAMERA_FOLDER`.

    Raises SourceFault `refused_path` for any other place, wherever links lead.
    """
    text = str(typed).strip()
    if not text or "\0" in text or len(text) > LONGEST_PATH:
        raise SourceFault("refused_path")
    given, folder = Path(text), Path(settings.CAMERA_FOLDER).resolve()
    try:
        if given.parts[:1] == ("demo",):
            found = DEMO_CLIPS.joinpath(*given.parts[1:]).resolve()
            return _below(found, DEMO_CLIPS, text)
        found = (folder / given).resolve()
    except (OSError, RuntimeError) as error:
        raise SourceFault("refused_path") from error
    return _below(found, folder, str(found))


def _below(found: Path, folder: Path, stored: str) -> str:
    if not found.is_relative_to(folder):
        raise SourceFault("refused_path")
    return stored


def _refused(address: str) -> bool:
    return not is_allowed(ipaddress.ip_address(address.partition("%")[0]))


def _resolved(host: str, port: int) -> str:
    """The address to connect to: checked once and used, so that a second answer cannot differ."""
    addresses = _addresses(host, port)
    if not addresses or any(_refused(address) for address in addresses):
        raise SourceFault("refused_address")
    return addresses[0]


def _addresses(host: str, port: int) -> list[str]:
    try:
        return [str(ipaddress.ip_address(host))]
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SourceFault("unreachable") from error
    return [str(entry[4][0]) for entry in found]


def _split(url: object) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(str(url).strip())
        host, port = parts.hostname, parts.port or SCHEMES[parts.scheme.lower()]
    except (ValueError, KeyError) as error:
        raise SourceFault("refused_address") from error
    if not host or any(character.isspace() for character in str(url).strip()):
        raise SourceFault("refused_address")
    return parts, host, port


def stream_address(url: object, credentials: dict[str, Any]) -> str:
    """The address to open, credentials inside: for memory only, never for a log.

    Raises SourceFault `refused_address` (not RTSP, or a place no camera lives) or `unreachable`
    (the name has no address).
    """
    parts, host, port = _split(url)
    address = _resolved(host, port)
    # A certificate names the host, so an encrypted stream keeps it.
    shown = host if parts.scheme.lower() == "rtsps" else address
    netloc = f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"
    user = credentials.get("username") or parts.username
    secret = credentials.get("password") or parts.password
    if user:
        known = quote(str(user), safe="") + (f":{quote(str(secret), safe='')}" if secret else "")
        netloc = f"{known}@{netloc}"
    return urlunsplit((parts.scheme.lower(), netloc, parts.path, parts.query, ""))
