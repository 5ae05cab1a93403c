"""Print the code with which an empty installation's first account is made."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from community.first_start import operations


class Command(BaseCommand):
    help = "Prints a fresh code for /first-start/, where the first account is made."

    def handle(self, *args: Any, **options: Any) -> None:
        if not operations.is_needed():
            raise CommandError(_("There are users here already. The operator adds others."))
        self.stdout.write(operations.issue_code())
