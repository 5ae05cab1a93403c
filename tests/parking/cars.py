"""Cars and lists of cars, for tests. All plates and names are invented."""

from __future__ import annotations

import io
import random
from datetime import date
from typing import Any

import openpyxl

from community.models import Compound
from community.vision import grammar
from parking import operations
from parking.models import Vehicle, VehicleImport

PLATE, OTHER = "皖A52M78", "皖A90C31"
#: Every code that a value of the grammar can show: ordinary, new energy small and large, training.
PLATES = ("皖A52M78", "皖AD12345", "皖A12345D", "皖A123A学", "粤ZA123港", "WJ皖01234")


def car(compound: Compound, plate: str = PLATE, **values: Any) -> Vehicle:
    """A car registered through the operation, valid since 2024 unless said otherwise."""
    values.setdefault("valid_from", date(2024, 1, 1))
    return operations.register_vehicle(compound=compound, plate=plate, **values)


def plates(count: int, seed: int = 7) -> list[str]:
    """Different ordinary plates."""
    rng = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found["皖Z" + "".join(rng.choices(grammar.SERIAL, k=5))] = None
    return list(found)


def csv_of(*lines: str, encoding: str = "utf-8") -> io.BytesIO:
    return io.BytesIO("\r\n".join(lines).encode(encoding))


def xlsx_of(*rows: tuple[Any, ...]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def check(compound: Compound, file: io.BytesIO, **values: Any) -> VehicleImport:
    return operations.check_import(file, name="cars.csv", compound=compound, **values)


def faults(batch: VehicleImport) -> list[tuple[int, str, str]]:
    return [(one["row"], one["column"], one["code"]) for one in batch.faults]
