"""``manage.py import_vehicles FILE --compound CODE``: take in a list of cars, all rows or none."""

from __future__ import annotations

from typing import Any

from community.imports.command import ImportCommand
from parking.operations.imports import CARS
from parking.operations.staging import tell


class Command(ImportCommand):
    importer = CARS
    help = (
        "Check a CSV or XLSX list of vehicles and apply it, all rows or none. Interrupted, it goes "
        "on with --resume, and so do the background jobs."
    )

    def tell(self, found: dict[str, Any]) -> str:
        return tell(found)
