"""The embedded mode's web process."""

from __future__ import annotations

import asyncio
import socket
from argparse import ArgumentParser
from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from community import network, web_server


class Command(BaseCommand):
    help = "Serve the pages and the live feed over HTTP and HTTPS, in one process."
    requires_system_checks: list[str] = []  # `run` has started; a page must not wait for checks

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="*", help="address to listen on; * for all")
        parser.add_argument("--http-port", type=int, default=settings.HTTP_PORT)
        parser.add_argument("--https-port", type=int, default=settings.HTTPS_PORT)
        parser.add_argument("--no-https", action="store_true", help="HTTP only")
        for name in ("--http-sockets", "--https-sockets"):
            # `run` holds the ports, so that nobody takes them while this process starts anew.
            parser.add_argument(name, type=int, nargs="+", metavar="FD", help="inherited sockets")

    def handle(self, **options: Any) -> None:
        # Pages name these ports: the one that helps phones trust this machine.
        settings.HTTP_PORT, settings.HTTPS_PORT = options["http_port"], options["https_port"]
        application = import_string(settings.ASGI_APPLICATION)
        try:
            plain, secure = _sockets(options)
        except OSError as error:
            message = _("The web server cannot listen: %(error)s") % {"error": error}
            raise CommandError(message) from error
        serving = web_server.serve(application, plain, secure, settings.VAR_DIR / "tls")
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serving)


def _sockets(options: dict[str, Any]) -> tuple[list[socket.socket], list[socket.socket]]:
    """Sockets for HTTP and HTTPS: inherited, or opened here. Raises OSError for a taken port."""
    if options["http_sockets"]:
        inherited = (options["http_sockets"], options["https_sockets"] or [])
        plain, secure = ([socket.socket(fileno=one) for one in files] for files in inherited)
        return plain, secure
    host = options["host"]
    plain = network.listen(host, options["http_port"])
    return plain, [] if options["no_https"] else network.listen(host, options["https_port"])
