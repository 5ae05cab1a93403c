"""Listen to cameras that tell us by a connection of ours, or over MQTT."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from community.forked import name_process
from security.listening.worker import Worker
from security.worker.beat import Beat


class Command(BaseCommand):
    help = (
        "Listens to cameras and recorders that cannot push: their event streams, and MQTT. "
        "Started by `watch_cameras --all` while there are such; by hand with --device to look."
    )

    requires_system_checks: list[str] = []  # started anew by the supervisor of cameras

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--device", type=int, nargs="+", metavar="ID", help="these only")
        parser.add_argument("--group", type=int, metavar="N", help="whose pulse to mark")

    def handle(self, *args: Any, **options: Any) -> None:
        group = options["group"]
        if group is not None:
            name_process("linli-ears")
        worker = Worker(options["device"], **({"beat": Beat(group)} if group is not None else {}))
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: worker.stop())
        worker.run()
