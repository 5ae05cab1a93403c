"""Which addresses a device may have: the building's network, never this host's own services.

A name is resolved once, and the connection goes to the very address that was looked at.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings

from community.devices.base import DeviceFault

Address = IPv4Address | IPv6Address

#: Where clouds serve credentials to whoever asks, outside the link-local range.
METADATA = frozenset(
    map(ip_address, ("100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"))
)
THIS_NETWORK = ip_network("0.0.0.0/8")
NAT64 = ip_network("64:ff9b::/96")


def is_allowed(address: Address) -> bool:
    """Private addresses are: relays live there. IPv4 hidden inside IPv6 is looked at as such."""
    if inner := hidden(address):
        return is_allowed(inner)
    if address.is_loopback:
        return bool(settings.DEVICE_LOOPBACK)
    refused = address.is_link_local or address.is_multicast or address.is_unspecified
    return not (refused or address.is_reserved or address in THIS_NETWORK or address in METADATA)


def hidden(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address only wraps."""
    if not isinstance(address, IPv6Address):
        return None
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, each of them allowed.

    Raises ``DeviceFault``: ``unreachable`` when the name is not known, ``address_refused`` when
    any of its addresses is none a device may have.
    """
    addresses = look_up(host, port)
    if not all(is_allowed(ip_address(address)) for address in addresses):
        raise DeviceFault("address_refused")
    return addresses


def look_up(host: str, port: int) -> list[str]:
    """All addresses of a host, whatever they are. Raises ``DeviceFault("unreachable")``."""
    try:
        return [str(ip_address(host))]
    except ValueError:
        pass  # a name, or a number that only the resolver reads as an address
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise DeviceFault("unreachable") from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
