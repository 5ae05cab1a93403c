"""Lists of homes with their standard addresses: buildings come about with their first home."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from community.imports import cells
from community.imports.cells import Checked, home_key
from community.models import Building, Unit
from community.sheets import Cell, Formula, Row
from residents import import_columns, rules
from residents.models import ResidentImport, StandardAddress
from residents.operations.homes import NEEDED
from residents.operations.imports.checking import places_of
from residents.operations.imports.people_rows import days, record
from residents.operations.imports.reading import BadCell

#: What of a row belongs to the address; the rest of it is the home itself.
PARTS = ("province", "city", "district", "street", "number", "place")
SHORT = {"building": 10, "entrance": 10, "room": 10, "code": 32, "address_code": 40}
SHORT |= dict.fromkeys(("province", "city", "district"), 40)
DAY = frozenset(column.key for column in import_columns.HOMES if column.is_day)


def check(batch: ResidentImport, rows: Sequence[Row]) -> Checked:
    """Check every row of a list of homes."""
    places, checked = places_of("homes", rows), Checked()
    units = Unit.objects.of(batch.compound_id).values_list("code", flat=True)
    here = {home_key(code) for code in units}
    coded = StandardAddress.objects.of(batch.compound_id).exclude(code="")
    codes = {code: home_key(home) for code, home in coded.values_list("code", "unit__code")}
    seen: set[str] = set()
    for number, row in rows[1:]:
        given = {key: row[place] for key, place in places.items() if place < len(row)}
        values, faults = _read(given)
        key, coded_as = home_key(values.get("code", "")), values.get("address_code")
        if key and key in seen:
            faults.setdefault("room", "home_repeated")
        if coded_as and codes.setdefault(coded_as, key) != key:
            faults.setdefault("address_code", "address_code_taken")
        seen.add(key)
        checked.rows.append((number, values))
        checked.add_faults(number, faults, given)
        if checked.is_full:
            break
    batch.known = len(seen & here)
    batch.fresh = len(seen - here)
    return checked


def _read(given: Mapping[str, Cell]) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    faults: dict[str, str] = {}
    for key, cell in given.items():
        try:
            value = _cell(key, cell)
        except BadCell as error:
            faults[key] = str(error)
            continue
        if value not in (None, ""):
            values[key] = value
    for key in ("building", "room"):
        if key not in values:
            faults.setdefault(key, "missing")
    return _whole(values, faults)


def _cell(key: str, cell: Cell) -> Any:
    """The value of a cell, None for an empty one. Raises BadCell."""
    if isinstance(cell, Formula):
        raise BadCell("formula")
    if key in DAY and isinstance(cell, date):
        return cell
    text = cells.text_of(cell)
    if text in cells.EMPTY:
        return None
    try:
        return _value(key, text)
    except ValidationError as error:
        raise BadCell("text_invalid") from error
    except ValueError as error:
        raise BadCell("floor_invalid" if key == "floor" else "date_invalid") from error


def _value(key: str, text: str) -> Any:
    if key in DAY:
        return cells.day_of(text)
    if key == "floor":
        return int(text.removesuffix("层").removesuffix("F"))
    return rules.clean_line(key, text, SHORT.get(key, 60))


def _whole(values: dict[str, Any], faults: dict[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    for key, words in {"building": "号楼幢栋座", "entrance": "单元", "room": "室号"}.items():
        if key in values:
            values[key] = values[key].rstrip(words) or values[key]
    if faults:
        return values, faults
    if "code" not in values:
        parts = (values["building"], values.get("entrance", ""), values["room"])
        values["code"] = "-".join(part for part in parts if part)
    values["code"] = home_key(values["code"]) or values["code"]
    if "floor" not in values:
        room = values["room"]
        values["floor"] = int(room[:-2]) if room.isdecimal() and len(room) > 2 else 1
    if not -10 <= values["floor"] <= 150:
        faults["floor"] = "floor_invalid"
    if any(part in values for part in (*PARTS, "address_code")):
        lacking = NEEDED - set(values)
        faults |= dict.fromkeys(sorted(lacking), "missing")
    return values, faults


def write(batch: ResidentImport, rows: list[dict[str, Any]]) -> None:
    """Buildings, homes and addresses of some rows; a home on file keeps its code."""
    rows = [days(row) for row in rows]
    buildings = _buildings(batch, rows)
    known = {home_key(unit.code): unit for unit in _known(batch, rows)}
    fresh = [
        Unit(
            compound_id=batch.compound_id,
            building=buildings[row["building"]],
            entrance=row.get("entrance", ""),
            floor=row["floor"],
            room=row["room"],
            code=row["code"],
        )
        for row in rows
        if home_key(row["code"]) not in known
    ]
    Unit.objects.bulk_create(fresh)
    for unit in fresh:
        known[home_key(unit.code)] = unit
        record(
            "place.changed", batch, table="community.unit", row=unit.pk, created=True,
        )  # fmt: skip
    _addresses(batch, [(known[home_key(row["code"])], row) for row in rows])


def _known(batch: ResidentImport, rows: list[dict[str, Any]]) -> Any:
    """Homes on file with these codes, as they were written here or there."""
    units = Unit.objects.of(batch.compound_id)
    codes = {row["code"] for row in rows}
    blocks = {row["building"] for row in rows}
    return [
        unit
        for unit in units.filter(building__code__in=blocks) | units.filter(code__in=codes)
        if home_key(unit.code) in {home_key(code) for code in codes}
    ]


def _buildings(batch: ResidentImport, rows: list[dict[str, Any]]) -> dict[str, Building]:
    here = Building.objects.of(batch.compound_id)
    found = {row.code: row for row in here.filter(code__in={row["building"] for row in rows})}
    for row in rows:
        if row["building"] not in found:
            made = Building.objects.create(
                compound_id=batch.compound_id, code=row["building"], floors=max(row["floor"], 1)
            )
            found[made.code] = made
            record(
                "place.changed", batch, table="community.building", row=made.pk, created=True,
            )  # fmt: skip
    return found


def _addresses(batch: ResidentImport, pairs: list[tuple[Unit, dict[str, Any]]]) -> None:
    wanted = [(unit, row) for unit, row in pairs if any(part in row for part in PARTS)]
    on_file = StandardAddress.objects.filter(unit__in=[unit for unit, _row in wanted])
    known = {row.unit_id: row for row in on_file.select_for_update(of=("self",))}
    fresh, changed = [], []
    for unit, row in wanted:
        address = known.get(unit.pk)
        values = _address(row)
        if address is None:
            fresh.append(StandardAddress(compound_id=batch.compound_id, unit=unit, **values))
        elif any(getattr(address, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(address, name, value)
            changed.append(address)
    StandardAddress.objects.bulk_create(fresh)
    if changed:
        names = ["code", "checked_on", "building", "entrance", "floor", "room", *PARTS]
        StandardAddress.objects.bulk_update(changed, names)
    for address in [*fresh, *changed]:
        record("residents.address_set", batch, unit=address.unit_id)


def _address(row: dict[str, Any]) -> dict[str, Any]:
    values = {part: row[part] for part in PARTS if part in row}
    values |= {"building": row["building"], "room": row["room"], "floor": str(row["floor"])}
    values |= {name: row[key] for name, key in (("code", "address_code"),) if key in row}
    return values | {name: row[name] for name in ("entrance", "checked_on") if name in row}
