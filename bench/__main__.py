"""``python -m bench NAME [--data DIR] [--production] [--people N] [--json]``: measure, print.

A benchmark is a file ``bench/NAME.py`` with ``run(options) -> dict``. With ``--json`` the last line
on standard output is one JSON object; without it, a table.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks there are: the files beside this one that define ``run``."""
    files = (path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    return sorted(path.stem for path in files if "\ndef run(" in path.read_text(encoding="utf-8"))


def parser() -> argparse.ArgumentParser:
    line = argparse.ArgumentParser(prog="python -m bench", description=__doc__.splitlines()[0])
    line.add_argument("name", metavar="NAME", choices=names(), help=", ".join(names()))
    line.add_argument("--data", type=Path, help="folder of pictures or other input")
    line.add_argument(
        "--production",
        action="store_true",
        help="feed, parcels: on PostgreSQL, Redis, two web processes",
    )
    line.add_argument("--people", type=int, help="residents, parcels: fewer people, to try")
    line.add_argument("--json", action="store_true", help="end with one JSON object")
    return line


def table(figures: dict[str, Any]) -> str:
    """The figures, one to a line, lists and tables of tables below their name."""
    width = max((len(name) for name in figures), default=0)
    lines = []
    for name, value in figures.items():
        if isinstance(value, list | tuple):
            lines.append(f"{name}:")
            lines += [f"    {entry}" for entry in value]
        else:
            lines.append(f"{name:<{width}}  {_shown(value)}")
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    if options.data is not None and not options.data.is_dir():
        print(f"bench: {options.data} is not a folder", file=sys.stderr)
        return 2
    # As the settings have it for all processes, before the library of numbers is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    figures = import_module(f"bench.{options.name}").run(options)
    print(json.dumps(figures, ensure_ascii=False) if options.json else table(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
