"""A row of a list of people, read by itself: what it says, and what is wrong in which column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from community.imports import cells
from community.sheets import Cell, Formula
from residents import import_columns, registration_form
from residents.import_columns import ONLY_REGISTERED
from residents.models import Registration
from residents.operations import people, transitions

_PERSON = "name name_latin document_kind document phone sex birth_date ethnicity nationality"
PERSON = _PERSON.split()
#: What a form is called in the list, where the names differ.
COLUMN_OF = {"moved_in_on": "from", "ended_on": "until"}
#: How numbers of 18 characters begin, and which card that is.
CARDS = {"8": ("hong_kong", "hong_kong", "taiwan"), "9": ("foreigner",)}


class BadCell(Exception):
    """Its text is the code of a fault."""


@dataclass
class Line:
    """A row: ``values`` are what will be written, ``faults`` a code per column."""

    number: int
    given: Mapping[str, Cell]
    unit: int | None = None
    person: dict[str, Any] = field(default_factory=dict)
    residency: dict[str, Any] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    #: The file of this person, and the row in which they stand first.
    file: int | None = None
    who: int = 0
    #: A file that a fault speaks of.
    other: int | None = None

    @property
    def values(self) -> dict[str, Any]:
        kept = ("unit", "person", "residency", "form", "file", "who")
        return {name: getattr(self, name) for name in kept}


def read(number: int, given: Mapping[str, Cell], homes: Mapping[str, int]) -> Line:
    """One row; nothing of what is on file is asked but the homes."""
    line, said = Line(number, given), {}
    for key, cell in given.items():
        try:
            value = _cell(key, cell, homes)
        except BadCell as error:
            line.faults[key] = str(error)
            continue
        if value is not None:
            said[key] = value
    for key in ("home", "name", "kind"):
        if key not in said and key not in line.faults:
            line.faults[key] = f"{key}_missing"
    line.unit = said.get("home")
    _person(line, said)
    _residency(line, said)
    if said.keys() & ONLY_REGISTERED:
        _form(line, said)
    return line


def _cell(key: str, cell: Cell, homes: Mapping[str, int]) -> Any:
    """The value of a cell, None for an empty one. Raises BadCell."""
    if isinstance(cell, Formula):
        raise BadCell("formula")
    column = BY_KEY[key]
    if isinstance(cell, date) and column.is_day:
        return cell
    text = cells.text_of(cell)
    if text in cells.EMPTY:
        return None
    if key == "home":
        return _known(homes, cells.home_key(text), "home_unknown")
    if key == "ethnicity":
        return _known(import_columns.ethnicities(), import_columns.plain(text), "word_unknown")
    if column.words is not None:
        return _known(
            import_columns.words("people", key), import_columns.plain(text), _unknown(key)
        )
    return _day(text) if column.is_day else text


BY_KEY = {column.key: column for column in import_columns.LISTS["people"]}


def _unknown(key: str) -> str:
    return "kind_unknown" if key == "kind" else "word_unknown"


def _known(table: Mapping[str, Any], key: str, code: str) -> Any:
    if key not in table:
        raise BadCell(code)
    return table[key]


def _day(text: str) -> date:
    try:
        return cells.day_of(text)
    except ValueError as error:
        raise BadCell("date_invalid") from error


def _note(line: Line, error: ValidationError) -> None:
    """What is wrong with a cell by itself says more than what follows from it."""
    for name, errors in error.error_dict.items():
        line.faults.setdefault(COLUMN_OF.get(name, name), str(errors[0].code))


def _person(line: Line, said: dict[str, Any]) -> None:
    given = {name: said[name] for name in PERSON if name in said}
    if "document" in given:
        given["document"] = str(given["document"])
        given.setdefault("document_kind", _card(given["document"]))
    else:
        given.pop("document_kind", None)
    try:
        line.person = people.clean(given)
    except ValidationError as error:
        _note(line, error)


def _card(number: str) -> str:
    """The kind that a number of 18 characters says by itself; others have to be named."""
    if len(number) != 18:
        return ""
    if number[0] in CARDS:
        kinds = CARDS[number[0]]
        return kinds[int(number[1]) - 1] if number[1:2] in "123" and len(kinds) > 1 else kinds[0]
    return "resident_id"


def _residency(line: Line, said: dict[str, Any]) -> None:
    started = said.get("from")
    line.residency = {
        "kind": said.get("kind", ""),
        "started_on": started,
        "ended_on": said.get("until"),
        "relation": said.get("relation", ""),
    }
    ended = line.residency["ended_on"]
    if isinstance(ended, date) and ended < (started or timezone.localdate()):
        line.faults.setdefault("until", "ends_before_start")


def _form(line: Line, said: dict[str, Any]) -> None:
    """The row as a whole registration, with what it lacks."""
    row = Registration(origin=Registration.Origin.DESK, on_behalf=True, compound_id=0)
    given = {**line.person, "relation": said.get("relation", ""), "moved_in_on": said.get("from")}
    own = (key for key in ONLY_REGISTERED if key in said and key in registration_form.FIELDS)
    given |= {key: _answer(key, said[key]) for key in own}
    try:
        line.form = registration_form.clean_form(given, row)
    except ValidationError as error:
        _note(line, error)
        return
    for name, value in line.form.items():
        setattr(row, name, value)
    for name in registration_form.missing(row):
        # Of a person whose cells are bad, those say enough.
        if line.person or name not in PERSON:
            line.faults.setdefault(COLUMN_OF.get(name, name), "missing")
    line.form |= {"registered_on": said.get("registered_on")}
    line.form |= {"police_number": str(said.get("police_number", ""))[:40]}
    _when(line)


def _answer(key: str, value: Any) -> Any:
    return value == "1" if key == "social_insurance" else value


def _when(line: Line) -> None:
    """Registered when: not in the future, and known for a stay that is over."""
    today = timezone.localdate()
    registered, ended = line.form["registered_on"], line.residency["ended_on"]
    if registered is not None and registered > today:
        line.faults.setdefault("registered_on", "date_ahead")
    if ended is not None and ended < today and registered is None:
        line.faults.setdefault("registered_on", "registration_over")


def filled(row: Registration, form: dict[str, Any]) -> Registration:
    """The form's values on a row, with the blind indexes of its numbers."""
    fields = {name: form[name] for name in registration_form.FIELDS if name in form}
    transitions.fill(row, fields | {"hukou_province": form.get("hukou_province", "")})
    return row
