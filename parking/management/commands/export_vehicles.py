"""``manage.py export_vehicles --compound CODE [FILE]``: the registered cars as CSV or XLSX."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from community.models import Compound
from parking.lists import export
from parking.models import Vehicle


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # of pages and cameras, not needed here
    help = "Write the registered vehicles as a list that import_vehicles takes in again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, nargs="?", help="CSV or XLSX; standard output if none"
        )
        parser.add_argument("--compound", required=True, help="code of the compound")

    def handle(self, **options: Any) -> None:
        compound = Compound.objects.filter(code=options["compound"]).first()
        if compound is None:
            raise CommandError(_("There is no compound with this code."))
        path: Path | None = options["file"]
        form = path.suffix.lower().lstrip(".") if path else "csv"
        if form not in ("csv", "xlsx"):
            raise CommandError(_("The name of the file must end in .csv or .xlsx."))
        pieces = export(Vehicle.objects.of(compound).registered().order_by("plate"), form)
        if path is None:
            sys.stdout.buffer.writelines(pieces)
            return
        with path.open("wb") as file:
            file.writelines(pieces)
