"""Which names this installation answers to, for pages and for WebSockets alike.

A foreign site can point its own name at this machine's address (DNS rebinding) and would then be
"same origin" with it. A name that is not ours is therefore refused before anything else runs. An
address cannot be pointed anywhere, so on the embedded machine every address is answered: phones
reach it by whatever address a router or a container gives it.
"""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from ipaddress import ip_address
from typing import Any

import structlog
from django.conf import settings
from django.http.request import split_domain_port, validate_host

log = structlog.get_logger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

#: Endings that nobody can register: an office's router or mDNS gives them to this machine.
LOCAL_ENDINGS = ("", ".local", ".lan", ".home.arpa", ".internal")
POLICY_VIOLATION = 1008


def is_ours(host: str) -> bool:
    """Whether a ``Host`` header, with or without port, names this installation."""
    domain, _port = split_domain_port(host)
    if not domain:
        return False
    if not settings.OWN_HOSTS_ONLY:
        return validate_host(domain, settings.ALLOWED_HOSTS)
    return _is_address(domain) or validate_host(domain, [*own_names(), *settings.HOSTS])


@lru_cache(maxsize=1)
def own_names() -> tuple[str, ...]:
    """The names of this machine in its network."""
    name = socket.gethostname().lower()
    first = name.partition(".")[0]
    return ("localhost", name, *(f"{first}{ending}" for ending in LOCAL_ENDINGS))


def _is_address(domain: str) -> bool:
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        return False
    return True


class OwnHostsOnly:
    """Refuses requests and WebSockets that were addressed to somebody else's name."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not is_ours(_host(scope)):
            log.warning("foreign_host", kind=scope["type"])
            await (_refuse_page if scope["type"] == "http" else _refuse_socket)(receive, send)
            return
        await self.application(scope, receive, send)


def _host(scope: Scope) -> str:
    hosts = [value for name, value in scope.get("headers", ()) if name == b"host"]
    return str(hosts[0].decode("latin-1")) if len(hosts) == 1 else ""


async def _refuse_page(_receive: Receive, send: Send) -> None:
    text = b"This address is not one of Linli's. Set LINLI_HOSTS to add it.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())]
    await send({"type": "http.response.start", "status": 400, "headers": headers})
    await send({"type": "http.response.body", "body": text})


async def _refuse_socket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.close", "code": POLICY_VIOLATION})
