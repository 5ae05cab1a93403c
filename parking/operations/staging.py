"""From rows of a list to values that can be applied: every cell is checked before any is stored."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.imports import cells
from community.imports.cells import Checked, home_key
from community.models import Compound, Unit
from community.sheets import Cell, Formula, Row, columns
from parking.models import PlateKind, Vehicle
from parking.operations import rules
from residents.models import Residency

#: The columns of a list, their names on the page, and the names that people give them.
LABELS: dict[str, Any] = {
    "plate": _("Plate"),
    "home": _("Home"),
    "owner": _("Car owner"),
    "kind": _("Plate kind"),
    "colour": _("Car colour"),
    "from": _("Valid from"),
    "until": _("Valid until"),
}
NAMES: dict[str, tuple[str, ...]] = {
    "plate": ("车牌", "车牌号", "车牌号码", "number plate", "license plate", "plate number"),
    "home": ("房号", "房屋", "住址", "住户", "房间号", "unit", "room"),
    "owner": ("车主", "车主姓名", "业主", "姓名", "car owner", "owner name", "name"),
    "kind": ("类型", "车牌类型", "号牌种类", "plate kind", "type"),
    "colour": ("颜色", "车身颜色", "color", "car colour", "car color"),
    "from": ("起", "开始", "开始日期", "起始日期", "有效期起", "start", "valid from"),
    "until": ("止", "结束", "结束日期", "截止日期", "到期日", "有效期止", "end", "valid until"),
}
KINDS: dict[str, str] = {
    **{value: value for value in PlateKind.values},
    "蓝": "blue",
    "黄": "yellow",
    "绿": "green",
    "黄绿": "green_large",
    "白": "white",
    "黑": "black",
    "新能源": "green",
    "大型新能源": "green_large",
    "green and yellow": "green_large",
    "不详": "unknown",
    "种类不详": "unknown",
    "kind not known": "unknown",
}
#: Key of the kind that the plate's own characters tell; it does not touch a car on file.
KIND_IF_NEW = "kind_if_new"
#: Which field of a registration a column fills, where the names differ.
FIELDS = {"home": "unit", "from": "valid_from", "until": "valid_until"}


@dataclass
class Known:
    """What a compound has on file, read once for a whole list."""

    homes: dict[str, int] = field(default_factory=dict)
    people: dict[tuple[int | None, str], set[int]] = field(default_factory=dict)
    starts: dict[str, date] = field(default_factory=dict)


def check(compound: Compound, rows: Sequence[Row]) -> Checked:
    """Check every row of a list. Raises ValidationError when there is no column of plates."""
    places = columns(rows[0][1], NAMES) if rows else {}
    if "plate" not in places:
        raise ValidationError(
            _("The first row must name the columns, and one of them must be 车牌 or plate."),
            "no_plate_column",
        )
    known, checked, seen = _known(compound), Checked(), set[str]()
    for number, row in rows[1:]:
        given = {key: row[place] for key, place in places.items() if place < len(row)}
        values, faults = _check_row(compound, known, given)
        if values.get("plate") in seen:
            faults["plate"] = "plate_repeated"
        seen.add(values.get("plate", ""))
        checked.rows.append((number, values))
        checked.add_faults(number, faults, given)
        if checked.is_full:
            break
    return checked


def tell(found: dict[str, Any]) -> str:
    """One fault of a list as a sentence in the active language."""
    return cells.tell(found, LABELS, rules.FAULTS)


def _known(compound: Compound) -> Known:
    known = Known()
    for pk, code in Unit.objects.of(compound).values_list("pk", "code"):
        known.homes[home_key(code)] = pk
    current = Residency.objects.of(compound).current(rules.today(compound))
    for unit, name, person in current.values_list("unit_id", "person__name", "person_id"):
        for home in (unit, None):
            known.people.setdefault((home, name), set()).add(person)
    registered = Vehicle.objects.of(compound).registered()
    known.starts = dict(registered.values_list("plate", "valid_from"))
    return known


def _check_row(
    compound: Compound, known: Known, given: dict[str, Cell]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values named by the row (an empty cell names none), and a fault's code per bad column."""
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for key, cell in given.items():
        try:
            value = _read_cell(key, cell, known, values)
        except ValidationError as error:
            faults[key] = str(error.code)
            continue
        if value is not None:
            values[FIELDS.get(key, key)] = value
    whole, together = _check_together(compound, known, values)
    if "kind" in whole:
        # Worked out here, so that no time goes into it while the write lock is held.
        values["kind" if "kind" in values else KIND_IF_NEW] = whole["kind"]
    # What is wrong with a cell by itself says more than what follows from it.
    return values, together | faults


def _read_cell(key: str, cell: Cell, known: Known, values: dict[str, Any]) -> Any:
    if isinstance(cell, Formula):
        raise _fault("formula")
    text = cells.text_of(cell)
    return None if text in cells.EMPTY else _READERS[key](known, text, values)


def _check_together(
    compound: Compound, known: Known, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The row as a whole registration, or a fault's code per bad column."""
    start = known.starts.get(str(values.get("plate")))
    try:
        whole = {"valid_from": start, **values, "unit": None, "owner": None}
        return rules.clean(compound, whole), {}
    except ValidationError as error:
        columns_of = {name: key for key, name in FIELDS.items()}
        return {}, {
            columns_of.get(name, name): str(errors[0].code)
            for name, errors in error.error_dict.items()
        }


def _fault(code: str) -> ValidationError:
    return ValidationError(rules.FAULTS[code], code)


def _plate(_known: Known, text: str, _values: dict[str, Any]) -> str:
    # Checked with the other fields; here only brought to one form, so that repeats are found.
    try:
        return rules.clean_plate(text)
    except ValidationError:
        return text


def _home(known: Known, text: str, _values: dict[str, Any]) -> int:
    if home_key(text) not in known.homes:
        raise _fault("home_unknown")
    return known.homes[home_key(text)]


def _owner(known: Known, text: str, values: dict[str, Any]) -> int:
    found = known.people.get((values.get("unit"), text), set())
    if len(found) != 1:
        raise _fault("owner_ambiguous" if found else "owner_unknown")
    return next(iter(found))


def _kind(_known: Known, text: str, _values: dict[str, Any]) -> str:
    plain = re.sub(r"[色号车牌\s]+$", "", text.lower().removesuffix("plate"))
    if plain not in KINDS:
        raise _fault("kind_unknown")
    return KINDS[plain]


def _colour(_known: Known, text: str, _values: dict[str, Any]) -> str:
    return " ".join(text.split())


def _day(_known: Known, text: str, _values: dict[str, Any]) -> date:
    try:
        return cells.day_of(text)
    except ValueError as error:
        raise _fault("date_invalid") from error


_READERS: dict[str, Any] = {
    "plate": _plate,
    "home": _home,
    "owner": _owner,
    "kind": _kind,
    "colour": _colour,
    "from": _day,
    "until": _day,
}
