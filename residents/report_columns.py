"""The columns of the police form, in its order, and what stands in each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from residents import codes
from residents.models import ExportLine, Registration

#: The police station reads Chinese, whoever presses the button.
LANGUAGE = "zh-hans"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else str(_("yes") if value else _("no"))


Cell = Callable[[Registration], str]
COLUMNS: dict[str, tuple[Any, Cell]] = {
    "name": (_("Full name"), lambda row: row.name),
    "name_latin": (_("Name in Latin letters"), lambda row: row.name_latin),
    "sex": (_("Sex"), lambda row: row.get_sex_display()),
    "ethnicity": (_("Ethnicity"), lambda row: codes.ethnicity(row.ethnicity)),
    "birth_date": (_("Birth date"), lambda row: _day(row.birth_date)),
    "document_kind": (_("Kind of document"), lambda row: row.get_document_kind_display()),
    "document": (_("Document number"), lambda row: row.document),
    "hukou_address": (_("Hukou address"), lambda row: row.hukou_address),
    "phone": (_("Phone"), lambda row: row.phone),
    "address_code": (_("Address code"), lambda row: _address(row, "code")),
    "address": (_("Address here"), lambda row: _address(row, "")),
    "moved_in_on": (_("Moved in on"), lambda row: _day(row.moved_in_on)),
    "expected_out_on": (_("Staying until"), lambda row: _day(row.expected_out_on)),
    "relation": (_("Relation to the head"), lambda row: row.get_relation_display()),
    "workplace": (_("Workplace"), lambda row: row.workplace),
    "occupation_code": (_("Occupation, code"), lambda row: row.occupation),
    "occupation": (_("Occupation"), lambda row: row.get_occupation_display()),
    "reason_code": (_("Reason for coming, code"), lambda row: row.reason),
    "reason": (_("Reason for coming"), lambda row: row.get_reason_display()),
    "political": (_("Political status"), lambda row: row.get_political_display()),
    "marriage": (_("Marital status"), lambda row: row.get_marriage_display()),
    "education": (_("Education"), lambda row: row.get_education_display()),
    "social_insurance": (_("Social insurance here"), lambda row: _yes(row.social_insurance)),
    "landlord_name": (_("Landlord"), lambda row: row.landlord_name),
    "landlord_phone": (_("Landlord's phone"), lambda row: row.landlord_phone),
    "lease_from": (_("Lease from"), lambda row: _day(row.lease_from)),
    "lease_to": (_("Lease until"), lambda row: _day(row.lease_to)),
    "moved_out_on": (_("Moved out on"), lambda row: _day(row.ended_on)),
}


def _address(row: Registration, part: str) -> str:
    address = getattr(row.unit, "address", None)
    if address is None:
        return "" if part else row.unit.code
    return str(address.code if part else address)


def header() -> tuple[str, ...]:
    with override(LANGUAGE):
        return (str(_("Kind of change")), *(str(label) for label, _cell in COLUMNS.values()))


def values(row: Registration) -> Any:
    """One registration as it goes out; call it inside :data:`LANGUAGE`."""
    return {name: str(cell(row)) for name, (_label, cell) in COLUMNS.items()}


def cells(line: ExportLine) -> tuple[str, ...]:
    """A line of a receipt as it went out then."""
    with override(LANGUAGE):
        change = str(line.get_change_display())
    kept: Any = line.values
    return (change, *(kept.get(name, "") for name in COLUMNS))
