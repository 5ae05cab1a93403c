"""Lists of people, registrations and homes: see ``community.imports`` for how lists go in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from community.imports.cells import Checked
from community.imports.operations import Importer
from community.sheets import Row
from residents.models import ResidentImport, ResidentImportRow
from residents.obligations import Book
from residents.operations.imports import checking, homes_list
from residents.operations.imports.people_rows import entry, write_people, write_residencies
from residents.operations.imports.registration_rows import write_registrations

Kind = ResidentImport.Kind


def _check(batch: ResidentImport, rows: Sequence[Row]) -> Checked:
    if batch.kind == Kind.HOMES:
        return homes_list.check(batch, rows)
    return checking.check(batch, rows)


def _prepare(batch: ResidentImport, rows: list[dict[str, Any]]) -> Any:
    """Rows of homes as they are; of people, the rows read and the rules that count for them."""
    if batch.kind == Kind.HOMES:
        return rows
    return [entry(values) for values in rows], Book()


def _write(batch: ResidentImport, ready: Any) -> None:
    if batch.kind == Kind.HOMES:
        homes_list.write(batch, ready)
        return
    entries, book = ready
    write_people(batch, entries)
    write_residencies(batch, entries)
    write_registrations(batch, entries, book)


#: A row of these is many rows of many tables: a slow machine takes few of them at once.
LISTS = Importer("residents", ResidentImport, ResidentImportRow, _check, _write, 10, _prepare)
check_list = LISTS.check
start_list = LISTS.start
apply_list = LISTS.apply
apply_lists = LISTS.apply_waiting
tidy_lists = LISTS.tidy
