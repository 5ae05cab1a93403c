"""Reads the plates in pictures, folders and videos; JSON lines or a table."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.vision import batch
from community.vision.engines import DEFAULT_ENGINE, ENGINES, EngineUnavailable, load

MESSAGES = {
    "missing": gettext_lazy("There is no such file."),
    "unreadable": gettext_lazy("The file cannot be read."),
    "not_a_video": gettext_lazy("The video cannot be opened."),
    "too_large": gettext_lazy("The file is larger than 12 MB."),
    "too_many_pixels": gettext_lazy("The picture has more than 40 million pixels."),
    "not_a_picture": gettext_lazy("The file is no JPEG, PNG, WebP, HEIC or BMP picture."),
    "truncated": gettext_lazy("The picture is cut off or damaged."),
}
BAR = 24


class Progress:
    """A bar on standard error, only where that is a terminal."""

    def __init__(self, stream: Any, total: int) -> None:
        self._stream, self._total, self._done = stream, total, 0
        self._shown = bool(getattr(stream, "isatty", bool)()) and total > 1

    def step(self, name: str) -> None:
        """One file is done, `name` comes next."""
        if self._shown:
            full = BAR * self._done // self._total
            bar = "█" * full + "·" * (BAR - full)
            self._stream.write(f"\r{bar} {self._done}/{self._total} {name[:40]:<40}")
            self._stream.flush()
        self._done += 1

    def end(self) -> None:
        """Take the bar off the screen."""
        if self._shown:
            self._stream.write("\r" + " " * (BAR + 60) + "\r")
            self._stream.flush()


class Command(BaseCommand):
    help = "Read the plates in pictures, folders and videos."
    requires_system_checks: list[str] = []  # nothing of the installation is touched

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--json", action="store_true", help="one JSON object per picture")
        parser.add_argument("--engine", default=DEFAULT_ENGINE, choices=sorted(ENGINES))
        parser.add_argument("--threads", type=int, default=2, help="threads of the engine")

    def handle(self, *, paths: list[Path], json: bool, **options: Any) -> None:
        try:
            engine = load(options["engine"], threads=max(1, options["threads"]))
        except EngineUnavailable as error:
            raise CommandError(str(error)) from error
        files = batch.sources(paths)
        if not files:
            raise CommandError(_("There is no picture or video there."))
        progress = Progress(sys.stderr, len(files))
        failed = 0
        for file in files:
            progress.step(file.path.name)
            for record in batch.read_source(engine, file):
                if "error" in record:
                    failed += 1
                    record["message"] = str(MESSAGES[record["error"]])
                progress.end()
                self.stdout.write(_line(record) if json else _row(record))
        progress.end()
        if failed:
            sys.exit(1)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _row(record: dict[str, Any]) -> str:
    name = record["file"]
    if "at_s" in record:
        name += f" {record['at_s']:.1f} s"
    if "error" in record:
        return f"{name}  {record['message']}"
    plates = [
        f"{plate['text']} ({plate['colour']}, {plate['confidence']:.0%})"
        for plate in record["plates"]
    ]
    return f"{name}  {'  '.join(plates) or _('no plate')}  {record['ms']:.0f} ms"
