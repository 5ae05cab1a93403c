"""Lists of vehicles that people take away: the columns are those that an import takes in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from community.sheets import WRITERS
from parking.models import Vehicle
from parking.operations.staging import LABELS


def export(vehicles: QuerySet[Vehicle], form: str = "csv") -> Iterator[bytes]:
    """The vehicles as a file in pieces; ``form`` is "csv" or "xlsx"."""
    return WRITERS[form](_rows(vehicles))


def _rows(vehicles: QuerySet[Vehicle]) -> Iterator[tuple[Any, ...]]:
    yield tuple(str(label) for label in LABELS.values())
    for car in vehicles.select_related("unit", "owner").iterator(chunk_size=500):
        yield (
            car.plate,
            car.unit.code if car.unit else "",
            car.owner.name if car.owner else "",
            car.get_kind_display(),
            car.colour,
            car.valid_from.isoformat(),
            car.valid_until.isoformat() if car.valid_until else "",
        )
