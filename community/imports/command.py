"""``manage.py import_…``: take in a list from the command line, all rows or none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.imports.operations import Importer
from community.models import Compound

BAR = 40


class ImportCommand(BaseCommand):
    """A subclass names its importer, and says what a fault means."""

    importer: Importer
    requires_system_checks: list[str] = []  # of pages and cameras, not needed here

    def tell(self, found: dict[str, Any]) -> str:
        raise NotImplementedError

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="CSV or XLSX")
        parser.add_argument("--compound", required=True, help="code of the compound")
        parser.add_argument("--check", action="store_true", help="only check, apply nothing")
        parser.add_argument("--resume", action="store_true", help="go on with released lists")

    def handle(self, **options: Any) -> None:
        compound = Compound.objects.filter(code=options["compound"]).first()
        if compound is None:
            raise CommandError(_("There is no compound with this code."))
        if bool(options["file"]) == options["resume"]:
            raise CommandError(_("Give a file, or --resume."))
        if options["resume"]:
            batches = list(self.importer.batches.objects.of(compound).filter(state="applying"))
        else:
            batches = [self._check(options["file"], compound, self.values(options))]
        for batch in [] if options["check"] else batches:
            done = self.importer.apply(batch.pk, progress=self._progress)
            text = ngettext("%(count)s row applied.", "%(count)s rows applied.", done.rows)
            self.stdout.write(text % {"count": done.applied})

    def values(self, options: dict[str, Any]) -> dict[str, Any]:
        """What else the options say of the list."""
        return {}

    def _check(self, path: Path, compound: Compound, values: dict[str, Any]) -> Any:
        try:
            with path.open("rb") as file:
                batch = self.importer.check(file, name=path.name, compound=compound, **values)
        except OSError as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        if batch.faults:
            lines = [self.tell(one) for one in batch.faults]
            raise CommandError("\n".join([*lines, _("Nothing was changed.")]))
        text = ngettext("%(count)s row is in order.", "%(count)s rows are in order.", batch.rows)
        self.stdout.write(text % {"count": batch.rows})
        return batch

    def _progress(self, batch: Any) -> None:
        if not self.stderr.isatty():
            return
        full = BAR * batch.applied // max(batch.rows, 1)
        end = "\n" if batch.applied >= batch.rows else ""
        bar = "█" * full + "·" * (BAR - full)
        self.stderr.write(f"\r{bar} {batch.applied}/{batch.rows}", ending=end)
