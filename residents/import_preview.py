"""What a checked list would bring: its first rows, with numbers masked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from community.models import Unit
from residents import codes, masking
from residents.import_columns import LISTS, Column
from residents.models import ResidentImport

MASKS = {"document": masking.document, "phone": masking.phone, "landlord_phone": masking.phone}
#: What a column is called where it is kept, if otherwise; registrations stand in the form.
KEPT = {"from": "started_on", "until": "ended_on"}


@dataclass(frozen=True)
class Preview:
    """What a checked list would do: a sentence, and its first rows as cells."""

    told: str
    labels: list[str]
    rows: list[list[str]]


def preview(batch: ResidentImport, first: int = 20) -> Preview:
    """Only columns in which something stands."""
    rows: list[Any] = list(batch.staged.order_by("number")[:first])
    said = [_said(batch, row.values) for row in rows]
    columns = [one for one in LISTS[batch.kind] if any(one.key in row for row in said)]
    homes = Unit.objects.in_bulk({row["home"] for row in said if "home" in row})
    cells = [
        [str(row.number), *(_cell(column, values, homes) for column in columns)]
        for row, values in zip(rows, said, strict=True)
    ]
    labels = [gettext("Row"), *(str(column.label) for column in columns)]
    return Preview(_told(batch), labels, cells)


def _told(batch: ResidentImport) -> str:
    if batch.kind == ResidentImport.Kind.HOMES:
        text = gettext("%(fresh)s homes are new here, %(known)s are on file. The first rows:")
    else:
        text = gettext("%(fresh)s people are new here, %(known)s are on file. The first rows:")
    return text % {"fresh": batch.fresh, "known": batch.known}


def _said(batch: ResidentImport, values: dict[str, Any]) -> dict[str, Any]:
    """Column -> value, without the empty ones."""
    if batch.kind == ResidentImport.Kind.HOMES:
        return values
    flat = values["form"] | values["person"] | values["residency"] | {"home": values["unit"]}
    flat = {key: flat.get(KEPT.get(key, key)) for key in [one.key for one in LISTS["people"]]}
    return {key: value for key, value in flat.items() if value not in (None, "")}


def _cell(column: Column, values: dict[str, Any], homes: dict[int, Unit]) -> str:
    value = values.get(column.key, "")
    if column.key == "home":
        return str(homes.get(value, ""))
    if column.key == "ethnicity":
        return codes.ethnicity(value)
    if column.key in MASKS:
        return MASKS[column.key](str(value))
    if column.key == "social_insurance" and value != "":
        value = "1" if value else "0"
    return str(dict(column.choices).get(value, value))
