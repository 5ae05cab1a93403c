"""Lists that people bring and take away: CSV and XLSX, bounded before they are unpacked.

A file from outside is a sequence of rows of plain values. Formulas never get through in either
direction: a cell read as one is a :class:`Formula`, a text written that looks like one is quoted.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import openpyxl
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community import workbooks

MOST_BYTES = 10 * 1024 * 1024
MOST_UNPACKED = 40 * 1024 * 1024
MOST_PARTS = 500  # files inside an XLSX
MOST_ROWS = 20_000
LAST_ROW = 100_000  # blank rows count too: a sheet may claim a million of them
MOST_COLUMNS = 40
MOST_TEXT = 500  # characters of a cell that are kept

# A spreadsheet program runs what starts so; a signed number is only a number.
_FORMULA = re.compile(r"^\s*(?:[=@\t\r]|[+\-](?!\d+(?:[.,]\d+)?\s*$))")


@dataclass(frozen=True)
class Formula:
    """A cell that a spreadsheet program would compute."""

    text: str


Cell = str | int | float | date | None | Formula
Row = tuple[int, list[Cell]]


def _refusal(code: str, text: Any) -> ValidationError:
    return ValidationError(text, code)


def read(file: IO[bytes]) -> Iterator[Row]:
    """Rows of the first sheet with their number (from 1), blank rows left out.

    At most ``MOST_ROWS`` rows after the first. CSV may be UTF-8, UTF-16 with a mark, or GBK.
    Raises ValidationError for what is too large, no list at all, or packed to explode.
    """
    body = file.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise _refusal("file_too_large", _("The file is over 10 MB. Split it into smaller lists."))
    if not body.strip():
        raise _refusal("file_empty", _("The file is empty."))
    if body[:4] == b"\xd0\xcf\x11\xe0":
        raise _refusal("file_old_excel", _("This is an old .xls file. Save it as .xlsx or CSV."))
    rows = _read_xlsx(body) if body[:2] == b"PK" else _read_csv(body)
    return _bounded(rows)


def _too_long() -> ValidationError:
    text = _("The list has more than 20,000 rows, or blank rows without end. Split it.")
    return _refusal("file_too_long", text)


def _bounded(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for number, cells in rows:
        if not any(cell not in (None, "") for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS + 1:
            raise _too_long()
        yield number, cells


def _read_csv(body: bytes) -> Iterator[Row]:
    text = _decode(body)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            yield reader.line_num, [_from_text(cell) for cell in cells[:MOST_COLUMNS]]
    except csv.Error as error:
        raise _refusal("file_unreadable", _("The file cannot be read as a list.")) from error


def _decode(body: bytes) -> str:
    marked = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refusal("file_unreadable", _("The file cannot be read as a list."))


def _from_text(cell: str) -> Cell:
    cell = cell[: MOST_TEXT + 1]
    return Formula(cell[:MOST_TEXT]) if _FORMULA.match(cell) else cell.strip()


def _read_xlsx(body: bytes) -> Iterator[Row]:
    broken = _refusal("file_unreadable", _("The file cannot be read as a list."))
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        raise broken from error
    # The sizes come from the directory, and unpacking stops at them: nothing was unpacked yet.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise _refusal("file_bomb", _("The file grows too large when it is unpacked."))
    try:
        yield from _sheet_rows(body)
    except ValidationError:
        raise
    except Exception as error:  # openpyxl raises whatever a crafted file makes it meet
        raise broken from error


def _sheet_rows(body: bytes) -> Iterator[Row]:
    book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        # A sheet may claim any size for itself; only what is there counts.
        sheet.reset_dimensions()
        blank: Any = None
        for number, cells in enumerate(
            sheet.iter_rows(max_row=LAST_ROW + 1, max_col=MOST_COLUMNS), start=1
        ):
            if number > LAST_ROW:
                raise _too_long()
            # Rows that the file leaves out all come as one and the same object.
            if cells is not blank:
                yield number, [_from_cell(cell) for cell in cells]
            blank = cells
    finally:
        book.close()


def _from_cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Formula(str(value)[:MOST_TEXT])
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, bool) or not isinstance(value, str | int | float | date | None):
        return str(value)[:MOST_TEXT]
    return _from_text(value) if isinstance(value, str) else value


def columns(header: Sequence[Cell], names: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Where each known column stands, by the names that people give it in any language."""
    known = {_plain(name): key for key, others in names.items() for name in (key, *others)}
    found: dict[str, int] = {}
    for place, cell in enumerate(header):
        key = known.get(_plain(cell))
        if key is not None:
            found.setdefault(key, place)
    return found


def _plain(cell: Cell) -> str:
    return re.sub(r"[\s*_（）()：:]+", "", str(cell or "")).lower()


def neutral(value: Any) -> Any:
    """A value that no spreadsheet program takes for a formula."""
    if isinstance(value, str) and _FORMULA.match(value):
        return f"'{value}"
    return "" if value is None else value


def write_csv(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """CSV in UTF-8 with a mark, so that spreadsheet programs read the Chinese; row by row."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line).writerow([neutral(value) for value in row])
        yield line.getvalue().encode()


def write_xlsx(rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """One sheet, written in flat memory."""
    return workbooks.write([neutral(value) for value in row] for row in rows)


WRITERS: dict[str, Callable[[Iterable[Sequence[Any]]], Iterator[bytes]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
}
