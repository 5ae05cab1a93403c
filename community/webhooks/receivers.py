"""Which addresses a receiver may have: public ones, and what the installation itself lists.

The connection goes to the very address that was looked at here, so that a name which answers
differently the second time gains nothing.
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.devices import addresses
from community.devices.addresses import METADATA, THIS_NETWORK, Address, hidden
from community.devices.base import DeviceFault

URL_MAX = 400


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a receiver, each of them allowed.

    Raises ``DeviceFault``: ``unreachable``, or ``address_refused`` when any of them may not be had.
    """
    found = addresses.look_up(host, port)
    if not all(is_allowed(ip_address(each), host) for each in found):
        raise DeviceFault("address_refused")
    return found


def is_allowed(address: Address, host: str) -> bool:
    """Public addresses, and those of listed hosts; a link's own and metadata services never."""
    if inner := hidden(address):
        return is_allowed(inner, host)
    if address.is_loopback:
        return _is_listed(address, host)
    never = address.is_link_local or address.is_multicast or address.is_unspecified
    if never or address.is_reserved or address in THIS_NETWORK or address in METADATA:
        return False
    return address.is_global or _is_listed(address, host)


def _is_listed(address: Address, host: str) -> bool:
    """``LINLI_WEBHOOK_HOSTS`` holds names, addresses and networks."""
    for entry in settings.WEBHOOK_INTERNAL_HOSTS:
        if entry.lower() == host.lower().strip("[]"):
            return True
        try:
            if address in ip_network(entry, strict=False):
                return True
        except ValueError:
            continue  # a name
    return False


def check_url(url: str) -> str:
    """The address in the form it is kept in. Raises ValidationError under ``url``.

    A name is not looked up here: that is done for each connection, where it counts.
    """
    url, host = check_form(url)
    _check_literal(host)
    return url


def check_form(url: str) -> tuple[str, str]:
    """The address without blanks around it, and its host, whichever that is.

    Raises ValidationError under ``url``.
    """
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _fault(_("This is no address. Write it like https://example.com/linli.")) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise _fault(_("Only addresses that begin with https:// or http:// can be told."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _fault(_("Leave names, passwords and # out of the address."))
    if len(url) > URL_MAX or not url.isascii() or not url.isprintable() or " " in url:
        raise _fault(_("Write the address in ASCII letters, without blanks, 400 at most."))
    return url, parts.hostname


def _check_literal(host: str) -> None:
    try:
        address = ip_address(host)
    except ValueError:
        return
    if not is_allowed(address, host):
        text = _("This address lies inside the network. Ask who runs Linli to list it first.")
        raise _fault(text)


def _fault(text: object) -> ValidationError:
    return ValidationError({"url": ValidationError(str(text), "url_refused")})
