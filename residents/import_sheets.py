"""Sheets that the office takes away to fill in: empty, explained, and one with invented people."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import openpyxl
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter
from stdnum.cn import ric

from community.demo_plan import PLANS
from community.models import Compound, Unit
from community.sheets import neutral, write_xlsx
from residents import import_columns
from residents.import_columns import LISTS

#: How wide a column of the sheet is drawn, in characters.
WIDTH, WIDE = 16, 44
SAMPLES = (
    ("许知夏", "tenant", "01", "19940712", "01", "05"),
    ("许知秋", "family", "70", "19991103", "01", "07"),
    ("江令仪", "tenant", "01", "19881225", "03", "08"),
    ("沈砚舟", "tenant", "01", "20000229", "07", "10"),
    ("周闻溪", "tenant", "01", "19760305", "01", "05"),
    ("林见山", "family", "10", "19780918", "10", "09"),
)


def empty(kind: str) -> bytes:
    """A workbook to fill in: the first sheet has the columns' names, the second explains them."""
    book = openpyxl.Workbook()
    first = book.active
    first.title = _("List to fill in")
    columns = LISTS[kind]
    first.append([str(column.label) for column in columns])
    for number, _column in enumerate(columns, 1):
        letter = get_column_letter(number)
        first.column_dimensions[letter].width = WIDTH
        # As text: a number of 18 digits would lose its last ones.
        first.column_dimensions[letter].number_format = "@"
    first.freeze_panes = "A2"
    about = book.create_sheet(_("What the columns mean"))
    for row in import_columns.sheet(kind):
        about.append([neutral(cell) for cell in row])
    for letter in "ACD":
        about.column_dimensions[letter].width = WIDE
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def has_sample(compound: Compound) -> bool:
    """Only the demo's compounds: invented people have no place among real ones."""
    return compound.code in {plan.code for plan in PLANS}


def sample(compound: Compound) -> bytes:
    """A list to try with: invented people for homes of the compound, ready to be taken in."""
    return b"".join(write_xlsx(_sample_rows(compound)))


def _sample_rows(compound: Compound) -> Iterator[list[Any]]:
    columns = LISTS["people"]
    yield [str(column.label) for column in columns]
    homes = list(Unit.objects.of(compound).order_by("-code")[: len(SAMPLES)])
    home = None
    for number, (values, unit) in enumerate(zip(SAMPLES, homes, strict=False)):
        # Who is no head of a household lives with the one before.
        home = unit if values[2] == "01" or home is None else home
        said = _said(number, values, home.code)
        yield [said.get(column.key, "") for column in columns]


def _said(number: int, values: tuple[str, ...], home: str) -> dict[str, str]:
    name, kind, relation, born, reason, occupation = values
    today = timezone.localdate()
    # 410000 is a province, no place of registration: the number belongs to nobody.
    document = f"410000{born}{number + 71:02d}1"
    document += str(ric.calc_check_digit(f"{document}0"))
    said = {"home": home, "name": name, "phone": f"199000{number:05d}", "document": document}
    said |= {"from": (today - timedelta(days=1)).isoformat(), "ethnicity": "汉"}
    said |= {"hukou_address": "河南省远山市河口镇 3 组", "workplace": "青禾食品厂"}
    codes = {"kind": kind, "relation": relation, "document_kind": "resident_id"}
    codes |= {"reason": reason, "occupation": occupation}
    return said | {key: _word(key, code) for key, code in codes.items()}


def _word(key: str, code: str) -> str:
    column = next(one for one in LISTS["people"] if one.key == key)
    return str(dict(column.choices)[code])
