"""Which addresses a camera may have: streams of a network, never files or a cloud's metadata."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from security.sources.base import SourceFault

SCHEMES = {"rtsp": 554, "rtsps": 322}
#: Metadata services that are not link-local: AWS over IPv6, Alibaba Cloud.
METADATA = frozenset(map(ipaddress.ip_address, ("fd00:ec2::254", "100.100.100.200")))


def _refused(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    ip = getattr(ip, "ipv4_mapped", None) or ip
    return ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip in METADATA


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
