"""The columns of the police form, in its order, and what stands in each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from residents import codes
from residents.models import ExportLine, Person, Registration

#: The police station reads Chinese, whoever presses the button.
LANGUAGE = "zh-hans"


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else str(_("yes") if value else _("no"))


@cache
def _words(codes_of: type[TextChoices]) -> dict[str, str]:
    """The words of a code table, put into Chinese once: a report has them thousands of times."""
    with override(LANGUAGE):
        return {str(code): str(label) for code, label in codes_of.choices}


def _word(codes_of: type[TextChoices], code: str) -> str:
    return _words(codes_of).get(code, code)


Cell = Callable[[Registration], str]
COLUMNS: dict[str, tuple[Any, Cell]] = {
    "name": (_("Full name"), lambda row: row.name),
    "name_latin": (_("Name in Latin letters"), lambda row: row.name_latin),
    "sex": (_("Sex"), lambda row: _word(codes.Sex, row.sex)),
    "ethnicity": (_("Ethnicity"), lambda row: codes.ethnicity(row.ethnicity)),
    "birth_date": (_("Birth date"), lambda row: _day(row.birth_date)),
    "document_kind": (_("Kind of document"), lambda row: _word(Person.Document, row.document_kind)),
    "document": (_("Document number"), lambda row: row.document),
    "hukou_address": (_("Hukou address"), lambda row: row.hukou_address),
    "phone": (_("Phone"), lambda row: row.phone),
    "address_code": (_("Address code"), lambda row: _address(row, "code")),
    "address": (_("Address here"), lambda row: _address(row, "")),
    "moved_in_on": (_("Moved in on"), lambda row: _day(row.moved_in_on)),
    "expected_out_on": (_("Staying until"), lambda row: _day(row.expected_out_on)),
    "relation": (_("Relation to the head"), lambda row: _word(codes.Relation, row.relation)),
    "workplace": (_("Workplace"), lambda row: row.workplace),
    "occupation_code": (_("Occupation, code"), lambda row: row.occupation),
    "occupation": (_("Occupation"), lambda row: _word(codes.Occupation, row.occupation)),
    "reason_code": (_("Reason for coming, code"), lambda row: row.reason),
    "reason": (_("Reason for coming"), lambda row: _word(codes.Reason, row.reason)),
    "political": (_("Political status"), lambda row: _word(codes.Political, row.political)),
    "marriage": (_("Marital status"), lambda row: _word(codes.Marriage, row.marriage)),
    "education": (_("Education"), lambda row: _word(codes.Education, row.education)),
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


def cells(change: str, kept: dict[str, str]) -> tuple[str, ...]:
    """A line of a receipt, its kind and values, as it went out then."""
    return (_word(ExportLine.Change, change), *(kept.get(name, "") for name in COLUMNS))
