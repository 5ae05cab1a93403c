"""Lists of vehicles as people see them: what goes out, and what a list would bring in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext

from community.models import Unit
from community.sheets import WRITERS
from parking.models import PlateKind, Vehicle, VehicleImport
from parking.operations.staging import FIELDS, KIND_IF_NEW, LABELS
from residents.models import Person


def export(vehicles: QuerySet[Vehicle], form: str = "csv") -> Iterator[bytes]:
    """The vehicles as a file in pieces; ``form`` is "csv" or "xlsx".

    The columns are those that an import takes in.
    """
    return WRITERS[form](importable(vehicles))


def importable(vehicles: QuerySet[Vehicle]) -> Iterator[tuple[Any, ...]]:
    """The head and a row for each vehicle, in the columns that an import takes in."""
    yield tuple(str(label) for label in LABELS.values())
    for car in vehicles.select_related("unit", "owner").iterator(chunk_size=500):
        yield (
            car.plate,
            car.unit.code if car.unit else "",
            car.owner.name if car.owner else "",
            "" if car.kind == PlateKind.UNKNOWN else car.get_kind_display(),
            car.colour,
            car.valid_from.isoformat(),
            car.valid_until.isoformat() if car.valid_until else "",
        )


@dataclass(frozen=True)
class Preview:
    """What a checked list would do: how many cars are new here, and its first rows as cells."""

    fresh: int
    known: int
    labels: list[str]
    rows: list[list[str]]

    @property
    def told(self) -> str:
        text = gettext("%(fresh)s new here, %(known)s on file already. The first rows:")
        return text % {"fresh": self.fresh, "known": self.known}


def preview(batch: VehicleImport, first: int = 20) -> Preview:
    """Compare a checked list with what is on file now."""
    here = Vehicle.objects.of(batch.compound_id).registered()
    plates = {row["plate"] for row in batch.staged.values_list("values", flat=True)}
    on_file = set(here.values_list("plate", flat=True))
    rows = list(batch.staged.order_by("number")[:first])
    homes = Unit.objects.in_bulk({row.values.get("unit") for row in rows} - {None})
    people = Person.objects.in_bulk({row.values.get("owner") for row in rows} - {None})
    named: dict[str, Any] = {"unit": homes, "owner": people}
    cells = [[str(row.number), *(_cell(row.values, key, named) for key in LABELS)] for row in rows]
    labels = [gettext("Row"), *(str(label) for label in LABELS.values())]
    return Preview(len(plates - on_file), len(plates & on_file), labels, cells)


def _cell(values: dict[str, Any], key: str, named: dict[str, Any]) -> str:
    field = FIELDS.get(key, key)
    value: Any = values.get(field)
    if key == "kind":
        kinds: dict[Any, Any] = dict(PlateKind.choices)
        return str(kinds.get(value or values.get(KIND_IF_NEW), ""))
    return str(named[field].get(value, "") if field in named else value or "")
