"""This machine's own addresses, and ports that nobody holds."""

from __future__ import annotations

import fcntl
import socket
import struct
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

SIOCGIFADDR = 0x8915
# An address of the documentation range: asked for a route only, nothing is sent.
FAR_AWAY = ("192.0.2.1", 9)
PORT_TRIES = 50


def addresses() -> list[IPv4Address | IPv6Address]:
    """Addresses of this machine except the loopback, the one with the way out first."""
    first = _outward()
    found: list[IPv4Address | IPv6Address] = [first] if first else []
    found += [address for address in _ipv4() if address not in found]
    return found + _ipv6()


def _outward() -> IPv4Address | None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        try:
            probe.connect(FAR_AWAY)
            address = IPv4Address(probe.getsockname()[0])
        except OSError:
            return None
    return None if address.is_loopback or address.is_unspecified else address


def _ipv4() -> list[IPv4Address]:
    found = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        for _index, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, request)
            except OSError:
                continue  # an interface without an IPv4 address
            address = IPv4Address(answer[20:24])
            if not address.is_loopback:
                found.append(address)
    return found


def _ipv6() -> list[IPv6Address]:
    """Addresses that reach beyond the link; a link-local one needs a zone, which browsers lack."""
    try:
        lines = Path("/proc/net/if_inet6").read_text().splitlines()
    except OSError:
        return []
    found = [ip_address(bytes.fromhex(line.split()[0])) for line in lines]
    return [
        one
        for one in found
        if isinstance(one, IPv6Address) and not (one.is_loopback or one.is_link_local)
    ]


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets on a port: on every address (IPv4 and IPv6) for ``*``, else on one host.

    Two sockets instead of a dual-stack one, so that IPv4 clients keep their plain address.
    Raises OSError when somebody else holds the port.
    """
    hosts = ["0.0.0.0", "::"] if host == "*" else [host]  # noqa: S104 - phones come from outside
    opened: list[socket.socket] = []
    try:
        for one in hosts:
            family = socket.AF_INET6 if ":" in one else socket.AF_INET
            if one == "::" and not _has_ipv6():
                continue
            opened.append(socket.create_server((one, port), family=family, backlog=512))
    except OSError:
        for one_socket in opened:
            one_socket.close()
        raise
    return opened


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def is_free(host: str, port: int) -> bool:
    try:
        opened = listen(host, port)
    except OSError:
        return False
    for one in opened:
        one.close()
    return True


def next_free(host: str, port: int, taken: int | None = None) -> int:
    """The first free port from ``port`` on, other than ``taken``. Raises OSError after 50 tries."""
    for candidate in range(port, min(port + PORT_TRIES, 65536)):
        if candidate != taken and is_free(host, candidate):
            return candidate
    raise OSError(f"no free port from {port} on")
