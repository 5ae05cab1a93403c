"""``manage.py rotate_keys``: a fresh key for personal data or its blind indexes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from community import rotation


class Command(BaseCommand):
    help = (
        "Puts a fresh key on the ring and brings every row under it. Interrupted, it goes on where "
        "it stopped when called again. Back the key ring up before and after."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--purpose", choices=["data", "index", "all"], default="all")
        parser.add_argument(
            "--drop-old", action="store_true", help="take keys off the ring that no row names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = ["data", "index"] if options["purpose"] == "all" else [options["purpose"]]
        for purpose in wanted:
            total = rotation.rotate(purpose, self._progress)
            self.stdout.write(f"{purpose}: {total} values under the new key")
            if options["drop_old"]:
                gone = rotation.drop_unused(purpose)
                self.stdout.write(f"{purpose}: dropped {', '.join(gone) or 'none'}")

    def _progress(self, label: str, count: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(f"\r{label}: {count}", ending="")
