"""A list of people, checked whole: each row by itself, against the others, against the files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import keyring
from community.imports.cells import Checked, home_key
from community.models import Unit
from community.sheets import Row, columns
from residents import import_columns
from residents.models import Registration, Residency, ResidentImport
from residents.operations.imports import finding, reading
from residents.operations.imports.reading import Line
from residents.querysets import LIVE

#: Rows that are compared with the files in one go.
AT_ONCE = 400
Period = tuple[date, date]


def places_of(kind: str, rows: Sequence[Row]) -> dict[str, int]:
    """Where each column stands. Raises ValidationError where a needed one is not there."""
    places = columns(rows[0][1], import_columns.names(kind)) if rows else {}
    lacking = [column for column in import_columns.needed(kind) if column.key not in places]
    if lacking:
        text = _("The first row must name the columns, and %(columns)s is missing there.")
        said = {"columns": "、".join(str(column.label) for column in lacking)}
        raise ValidationError(text, "no_needed_column", said)
    return places


def check(batch: ResidentImport, rows: Sequence[Row]) -> Checked:
    """Check every row; ``batch.fresh`` and ``batch.known`` count the people."""
    places, checked = places_of("people", rows), Checked()
    codes = Unit.objects.of(batch.compound_id).values_list("code", "pk")
    homes = {home_key(code): pk for code, pk in codes}
    register = _Register()
    lines: list[Line] = []
    for number, cells in rows[1:]:
        given = {key: cells[place] for key, place in places.items() if place < len(cells)}
        line = reading.read(number, given, homes)
        register.enter(line)
        lines.append(line)
    waiting = iter(line for line in lines if line.unit is not None)
    while some := list(islice(waiting, AT_ONCE)):
        _compare(batch.compound_id, some)
    for line in lines:
        checked.rows.append((line.number, line.values))
        checked.add_faults(line.number, line.faults, line.given)
        _point(checked, line)
        if checked.is_full:
            break
    batch.fresh = len({line.who for line in lines if line.file is None})
    batch.known = len({line.file for line in lines} - {None})
    return checked


def _point(checked: Checked, line: Line) -> None:
    """The desk may look at the other file and merge; the fault itself says nothing of it."""
    if line.other is not None:
        for found in checked.faults[-len(line.faults) :]:
            if found["column"] == "document":
                found["person"] = line.other


class _Register:
    """Who stood in which row of this list, and for which days."""

    def __init__(self) -> None:
        self.people: dict[tuple[str, ...], Line] = {}
        self.periods: dict[tuple[int, int | None, str], list[Period]] = {}

    def enter(self, line: Line) -> None:
        line.who = line.number
        row = line.values
        if not line.person.get("name"):
            return
        for key in finding.keys(row):
            known = self.people.setdefault(key, line)
            if known is line:
                continue
            if key[0] == "document" and known.person["name"] != line.person["name"]:
                line.faults.setdefault("document", "document_repeated")
            elif not _differ(known, line):
                line.who = known.who
        self._enter_period(line)

    def _enter_period(self, line: Line) -> None:
        kept = self.periods.setdefault((line.who, line.unit, line.residency["kind"]), [])
        period = _period(line)
        if period in kept:
            line.faults.setdefault("name", "row_repeated")
        elif any(_meet(period, other) for other in kept):
            line.faults.setdefault("from", "residency_overlaps")
        kept.append(period)


def _differ(one: Line, other: Line) -> bool:
    """Two documents are two people, whatever their name."""
    numbers = {line.person.get("document") for line in (one, other)} - {None, ""}
    return len(numbers) > 1


def _period(line: Line) -> Period:
    residency = line.residency
    started = residency["started_on"] or timezone.localdate()
    return started, residency["ended_on"] or date.max


def _meet(one: Period, other: Period) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _compare(compound: int, lines: list[Line]) -> None:
    found = finding.find(compound, [line.values for line in lines])
    for line, one in zip(lines, found, strict=True):
        if one.same is not None and one.same.name != line.person.get("name"):
            line.faults.setdefault("document", "document_on_file")
            line.other = one.same.pk
        elif one.file is None and one.alike:
            line.faults.setdefault("name", "person_ambiguous")
        line.file = one.file.pk if one.file else None
    _compare_residencies(lines)
    _compare_registrations(compound, [line for line in lines if line.form])


def _compare_residencies(lines: list[Line]) -> None:
    held: dict[tuple[int, int, str], list[Residency]] = {}
    people = {line.file for line in lines} - {None}
    for row in Residency.objects.filter(person__in=people).order_by("started_on", "pk"):
        held.setdefault((row.person_id, row.unit_id, row.kind), []).append(row)
    for line in lines:
        if line.file is None or line.unit is None:
            continue
        rows = held.get((line.file, line.unit, line.residency["kind"]), [])
        if same_residency(rows, line.residency) is None and any(
            _meet(_period(line), (row.started_on, row.ended_on or date.max)) for row in rows
        ):
            line.faults.setdefault("from", "residency_overlaps")


def same_residency(rows: list[Residency], wanted: dict[str, Any]) -> Residency | None:
    """The residency on file that a row speaks of: from the same day on, or the current one."""
    started, today = wanted["started_on"], timezone.localdate()
    for row in rows:
        current = row.started_on <= today and (row.ended_on is None or row.ended_on >= today)
        if row.started_on == started or (started is None and current):
            return row
    return None


def _compare_registrations(compound: int, lines: list[Line]) -> None:
    """A form that somebody is still filling in is decided on first."""
    open_ = {(row.unit_id, key) for row in _under_way(compound, lines) for key in _keys(row)}
    for line in lines:
        indexes = _indexes(compound, line)
        if any((line.unit, key) in open_ for key in (line.file, *indexes) if key):
            line.faults.setdefault("name", "form_under_way")


def _indexes(compound: int, line: Line) -> list[str]:
    number = line.person.get("document")
    return keyring.blind_indexes(number, compound, "document") if number else []


def _keys(row: Registration) -> Iterator[Any]:
    yield from (key for key in (row.person_id, row.document_index) if key)


def _under_way(compound: int, lines: list[Line]) -> list[Registration]:
    numbers = [index for line in lines for index in _indexes(compound, line)]
    files = [line.file for line in lines if line.file]
    rows = Registration.objects.exclude(state__in=[*LIVE, "ended"]).order_by()
    rows = rows.only("unit", "person", "document_index")
    # Two questions, each answered by an index: of one with "or" every registration is looked at.
    by_number = rows.of(compound).filter(document_index__in=numbers)
    return [*rows.filter(person__in=files), *by_number]
