"""What stands in the cells of a list, and how a bad one is told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext

from community.sheets import Cell, Formula

#: More faults than this are no help: the list is looked at again when these are put right.
MOST_FAULTS = 500
#: What people write into a cell to say that there is nothing.
EMPTY = {"", "-", "—", "/", "无"}
_DATE = re.compile(r"(\d{4})[-/.年]?(\d{1,2})[-/.月]?(\d{1,2})日?(?:[ T].*)?")


@dataclass
class Checked:
    """``rows`` are (number, values to apply), ``faults`` as ListImport keeps them."""

    rows: list[tuple[int, dict[str, Any]]] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)

    def add_faults(self, number: int, codes: Mapping[str, str], given: Mapping[str, Cell]) -> None:
        """Note the bad cells of a row: a fault's code per column."""
        self.faults += [
            {"row": number, "column": key, "code": code, "value": shown(given.get(key))}
            for key, code in codes.items()
        ]

    @property
    def is_full(self) -> bool:
        return len(self.faults) >= MOST_FAULTS


def text_of(cell: Cell) -> str:
    """The cell as somebody would have typed it."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell if cell is not None else "").strip()


def shown(cell: Cell) -> str:
    """Enough of a cell to find it again."""
    return (cell.text if isinstance(cell, Formula) else text_of(cell))[:40]


def day_of(text: str) -> date:
    """2026-05-01, 2026/5/1, 2026年5月1日 or 20260501. Raises ValueError."""
    found = _DATE.fullmatch(text)
    return date(*map(int, found.groups())) if found else date.fromisoformat(text)


def home_key(text: str) -> str:
    """3-2-1202, 3栋2单元1202室 and 3#2-1202 name the same home."""
    return "-".join(re.findall(r"[0-9A-Za-z]+", text)).upper()


def tell(found: Mapping[str, Any], labels: Mapping[str, Any], faults: Mapping[str, Any]) -> str:
    """One fault of a list as a sentence in the active language."""
    if found["value"]:
        text = gettext("Row %(row)s, %(column)s “%(value)s”: %(fault)s")
    else:
        text = gettext("Row %(row)s, %(column)s: %(fault)s")
    return text % {
        "row": found["row"],
        "column": labels[found["column"]],
        "value": found["value"],
        "fault": faults[found["code"]],
    }
