"""The embedded web server: HTTP and HTTPS in one process, on one event loop, with one feed hub."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from community import network, tls

log = logging.getLogger("linli.web")
#: Seconds between two looks at whether this machine's addresses or the certificate's end changed.
TLS_LOOK_S = 600.0
#: Seconds that running requests get when the server stops.
GRACE_S = 2


class Server(uvicorn.Server):
    """A server beside another one: signals are handled once, outside."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def options() -> dict[str, Any]:
    """What both servers have in common."""
    return {
        "loop": "uvloop",
        "http": "httptools",
        "ws": "websockets-sansio",
        # Feed messages are small and many: compressing each costs more than it saves on a LAN.
        "ws_per_message_deflate": False,
        "ws_max_size": 64 * 1024,
        "lifespan": "off",
        # Nothing stands in front, so nobody else may say who the client is.
        "proxy_headers": False,
        "server_header": False,
        "access_log": False,
        "log_level": "warning",
        "timeout_keep_alive": 30,
        "timeout_graceful_shutdown": GRACE_S,
    }


def authority(folder: Path) -> tls.Authority:
    """The local authority, its certificate valid for the addresses this machine has now."""
    made, issued = tls.ensure(folder, network.addresses(), socket.gethostname())
    if issued:
        log.info("issued a certificate for this machine")
    return made


async def serve(
    application: Any,
    plain: Sequence[socket.socket],
    secure: Sequence[socket.socket],
    tls_folder: Path,
) -> None:
    """Serve HTTP and HTTPS on listening sockets until SIGTERM or SIGINT."""
    servers = [(Server(uvicorn.Config(application, **options())), list(plain))]
    renewal: asyncio.Task[None] | None = None
    if secure:
        files = authority(tls_folder)
        config = uvicorn.Config(
            application,
            ssl_certfile=str(files.certificate),
            ssl_keyfile=str(files.key),
            **options(),
        )
        servers.append((Server(config), list(secure)))
        renewal = asyncio.create_task(_keep_valid(config, tls_folder))
    _stop_on_signals([server for server, _ in servers])
    try:
        await asyncio.gather(*(server.serve(sockets) for server, sockets in servers))
    finally:
        if renewal:
            renewal.cancel()


def _stop_on_signals(servers: list[Server]) -> None:
    def stop() -> None:
        for server in servers:
            # A second signal does not wait for running requests.
            server.force_exit = server.should_exit
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)


async def _keep_valid(config: uvicorn.Config, folder: Path) -> None:
    """New connections get the new certificate; open ones stay as they are."""
    while True:
        await asyncio.sleep(TLS_LOOK_S)
        try:
            files, issued = await asyncio.to_thread(
                tls.ensure, folder, network.addresses(), socket.gethostname()
            )
            if issued and config.ssl:
                config.ssl.load_cert_chain(files.certificate, files.key)
        except OSError:
            log.exception("the certificate could not be renewed; trying again later")
