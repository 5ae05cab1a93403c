"""Loads the demo compound; what is in place already stays as it is."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community import demo, terminal


class Command(BaseCommand):
    help = "Load the invented demo compound into an empty installation, or complete it."

    def handle(self, **_options: Any) -> None:
        began = time.monotonic()
        try:
            parts = demo.load()
        except demo.DemoRefused as error:
            raise CommandError(str(error)) from error
        if not parts:
            self.stdout.write(_("The demo compound is in place; nothing was changed."))
            return
        self.stdout.write(_("Loaded in %(s).1f s.") % {"s": time.monotonic() - began})
        self.stdout.write("\n".join(terminal.users()))
