"""This machine's own addresses, and ports that nobody holds."""

from __future__ import annotations

import errno
import fcntl
import socket
import struct
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

SIOCGIFADDR = 0x8915
PORT_TRIES = 50


def addresses() -> list[IPv4Address | IPv6Address]:
    """Addresses of this machine except the loopback, those with the way out first."""
    return [*_ipv4(), *_ipv6()]


def _ipv4() -> list[IPv4Address]:
    outward = _outward_interface()
    names = sorted((name for _, name in socket.if_nameindex()), key=lambda one: one != outward)
    found = []
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        for name in names:
            request = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, request)
            except OSError:
                continue  # an interface without an IPv4 address
            address = IPv4Address(answer[20:24])
            if not address.is_loopback:
                found.append(address)
    return found


def _outward_interface() -> str:
    """The interface of the default route; empty where there is none."""
    try:
        rows = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    except OSError:
        return ""
    # Interface, destination, …; the default route's destination and mask are zero.
    return next((row[0] for row in rows if row[1] == row[7] == "00000000"), "")


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


def listen_from(host: str, port: int) -> tuple[int, list[socket.socket]]:
    """Listen on the first free port from ``port`` on. Raises OSError after 50 tries.

    The port is held from here on: nobody can take it before the server starts.
    """
    for candidate in range(port, min(port + PORT_TRIES, 65536)):
        try:
            return candidate, listen(host, candidate)
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
    raise OSError(errno.EADDRINUSE, f"no free port from {port} on")
