"""The embedded mode's job process: Beat and one worker around a queue in memory.

With Redis this command is not needed: `celery -A community worker` and `celery -A community beat`
do the same across machines.
"""

from __future__ import annotations

import logging
import signal
from argparse import ArgumentParser
from typing import Any

from celery.beat import EmbeddedService
from celery.worker import WorkController, state
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from community.celery import app

log = logging.getLogger("linli.jobs")
#: Seconds between two looks into the queue in memory; a second by default, which tasks would add.
LOOK_S = 0.1


class Command(BaseCommand):
    help = "Run background jobs and their timetable in one process, without Redis."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--log-level", default="WARNING")

    def handle(self, **options: Any) -> None:
        if settings.REDIS_URL:
            raise CommandError(
                _("REDIS_URL is set: start `celery -A community worker` and `beat` instead.")
            )
        run(options["log_level"])


def run(log_level: str) -> None:
    """Work until SIGTERM or SIGINT; a task in hand is finished first."""
    logging.basicConfig(level=log_level, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    app.conf.broker_transport_options = {"polling_interval": LOOK_S}
    # Celery takes over signals and the terminal only when it is started by its own command.
    app.conf.worker_hijack_root_logger = False
    beat = EmbeddedService(
        app, thread=True, scheduler_cls=import_string(_class_path(settings.CELERY_BEAT_SCHEDULER))
    )
    worker = WorkController(
        app=app, pool_cls="solo", hostname="linli", loglevel=log_level, without_gossip=True,
        without_mingle=True, without_heartbeat=True, prefetch_multiplier=4,
    )  # fmt: skip
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    beat.start()
    try:
        worker.start()
    finally:
        beat.stop()


def _class_path(path: str) -> str:
    """Celery writes ``module:Class``, Django ``module.Class``."""
    return path.replace(":", ".")


def _stop(number: int, _frame: Any) -> None:
    state.should_stop = 0
