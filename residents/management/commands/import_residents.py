"""``manage.py import_residents FILE --compound CODE``: people and registrations, or homes."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from community.imports.command import ImportCommand
from residents.import_sentences import tell
from residents.models import ResidentImport
from residents.operations.imports import LISTS


class Command(ImportCommand):
    importer = LISTS
    help = (
        "Check a CSV or XLSX list of people and registrations, or of homes, and apply it, all rows "
        "or none. Interrupted, it goes on with --resume, and so do the background jobs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--kind", choices=ResidentImport.Kind.values, default="people", help="what it holds"
        )

    def values(self, options: dict[str, Any]) -> dict[str, Any]:
        return {"kind": options["kind"]}

    def tell(self, found: dict[str, Any]) -> str:
        return tell(found)
