"""Lists of vehicles: what checks their rows, and what a batch of them writes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import models

from community import events
from community.imports.cells import Checked
from community.imports.operations import Importer
from community.models import Compound, Unit
from community.sheets import Row
from parking.models import Vehicle, VehicleImport, VehicleImportRow
from parking.operations import rules, staging
from parking.operations.staging import KIND_IF_NEW
from residents.models import Person

DATES = ("valid_from", "valid_until")


def _check(batch: VehicleImport, rows: Sequence[Row]) -> Checked:
    return staging.check(batch.compound, rows)


def _write(batch: VehicleImport, rows: list[dict[str, Any]]) -> None:
    rows = [_stored(row) for row in rows]
    for model, key in ((Unit, "unit_id"), (Person, "owner_id")):
        _drop_gone(model, key, rows)
    current = Vehicle.objects.of(batch.compound).registered().select_for_update(of=("self",))
    known = {car.plate: car for car in current.filter(plate__in=[row["plate"] for row in rows])}
    fresh = [_fresh(batch.compound, row) for row in rows if row["plate"] not in known]
    changed = {
        row["plate"]: _change(known[row["plate"]], row) for row in rows if row["plate"] in known
    }
    Vehicle.objects.bulk_create(fresh)
    moved = [known[plate] for plate, fields in changed.items() if fields]
    if moved:
        Vehicle.objects.bulk_update(moved, ["kind", "colour", "unit", "owner", *DATES])
    for car in fresh:
        _record_car("parking.vehicle_registered", batch, car, unit=car.unit_id)
    for car in moved:
        _record_car("parking.vehicle_changed", batch, car, fields=changed[car.plate])


def _stored(row: dict[str, Any]) -> dict[str, Any]:
    """Staged values as the columns of the table take them."""
    values = {f"{key}_id" if key in ("unit", "owner") else key: value for key, value in row.items()}
    for key in DATES:
        if key in values:
            values[key] = date.fromisoformat(values[key])
    return values


def _drop_gone(model: type[models.Model], key: str, rows: list[dict[str, Any]]) -> None:
    """A person whose file was erased since the check is no owner any more."""
    named = {row[key] for row in rows if row.get(key)}
    gone = named - set(model._default_manager.filter(pk__in=named).values_list("pk", flat=True))
    for row in rows:
        if row.get(key) in gone:
            del row[key]


def _fresh(compound: Compound, row: dict[str, Any]) -> Vehicle:
    values = {"valid_from": rules.today(compound), "kind": row.get(KIND_IF_NEW)} | row
    values.pop(KIND_IF_NEW, None)
    return Vehicle(compound=compound, **values)


def _change(car: Vehicle, row: dict[str, Any]) -> list[str]:
    row = {name: value for name, value in row.items() if name != KIND_IF_NEW}
    fields = [name for name, value in row.items() if getattr(car, name) != value]
    for name in fields:
        setattr(car, name, row[name])
    if car.valid_until is not None and car.valid_until < car.valid_from:
        # Somebody moved the first day since the check: the list's last day stands.
        car.valid_from = car.valid_until
    return [name.removesuffix("_id") for name in fields]


def _record_car(kind: str, batch: VehicleImport, car: Vehicle, **facts: Any) -> None:
    facts |= {"batch": batch.pk, "vehicle": car.pk}
    events.record(kind, compound=batch.compound_id, actor=batch.created_by, **facts)


CARS = Importer("parking", VehicleImport, VehicleImportRow, _check, _write)
check_import = CARS.check
start_import = CARS.start
apply_import = CARS.apply
apply_waiting = CARS.apply_waiting
tidy_imports = CARS.tidy
