"""The embedded mode's web process."""

from __future__ import annotations

import asyncio
from argparse import ArgumentParser
from typing import Any

import uvloop
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from community import web_server


class Command(BaseCommand):
    help = "Serve the pages and the live feed over HTTP and HTTPS, in one process."
    requires_system_checks: list[str] = []  # `run` has started; a page must not wait for checks

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="*", help="address to listen on; * for all")
        parser.add_argument("--http-port", type=int, default=settings.HTTP_PORT)
        parser.add_argument("--https-port", type=int, default=settings.HTTPS_PORT)
        parser.add_argument("--no-https", action="store_true", help="HTTP only")

    def handle(self, **options: Any) -> None:
        # Pages name these ports: the one that helps phones trust this machine.
        settings.HTTP_PORT, settings.HTTPS_PORT = options["http_port"], options["https_port"]
        application = import_string(settings.ASGI_APPLICATION)
        https_port = None if options["no_https"] else options["https_port"]
        serving = web_server.serve(
            application,
            options["host"],
            options["http_port"],
            https_port,
            settings.VAR_DIR / "tls",
        )
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(serving)
        except OSError as error:
            message = _("The web server cannot listen: %(error)s") % {"error": error}
            raise CommandError(message) from error
