"""The registration form: its fields, their checks, and what is needed to hand it in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from residents import codes, rules
from residents.models import Registration, RegistrationPhoto

Photo = RegistrationPhoto.Kind
#: The steps as they are asked, one topic each.
STEPS: dict[str, tuple[str, ...]] = {
    "you": (
        "name",
        "name_latin",
        "document_kind",
        "document",
        "sex",
        "birth_date",
        "ethnicity",
        "nationality",
        "phone",
        "hukou_address",
        "political",
        "marriage",
        "education",
    ),
    "home": (
        "moved_in_on",
        "expected_out_on",
        "relation",
        "landlord_name",
        "landlord_phone",
        "lease_from",
        "lease_to",
    ),
    "reason": ("reason", "occupation", "workplace", "social_insurance"),
}
FIELDS = tuple(name for names in STEPS.values() for name in names)
NEEDED = (
    "name",
    "document",
    "sex",
    "birth_date",
    "phone",
    "hukou_address",
    "moved_in_on",
    "relation",
    "reason",
    "occupation",
)
NEEDED_PHOTOS = (Photo.DOCUMENT_FRONT,)
#: A move-in may be registered this long ahead; earlier it is a plan.
AHEAD = timedelta(days=60)


def _line(name: str, most: int = 120) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda values: {name: rules.clean_line(name, values[name], most)}


def _phone(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def check(values: dict[str, Any]) -> dict[str, Any]:
        try:
            return {name: rules.clean_phone(values[name])}
        except ValidationError as error:
            raise ValidationError({name: error.error_dict["phone"]}) from error

    return check


def _date(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def check(values: dict[str, Any]) -> dict[str, Any]:
        value = values[name] or None
        if value is not None and not (isinstance(value, date) and 1950 <= value.year <= 2100):
            raise rules.fault(name, "date_invalid", _("Give a day, such as 2026-11-22."))
        return {name: value}

    return check


def _name(values: dict[str, Any]) -> dict[str, Any]:
    return {"name": rules.clean_name(values["name"]) if values["name"] else ""}


def _document(values: dict[str, Any]) -> dict[str, Any]:
    kind, number = rules.clean_document(
        str(values.get("document_kind") or ""), values.get("document", "")
    )
    return {"document_kind": kind, "document": number}


def _insurance(values: dict[str, Any]) -> dict[str, Any]:
    value = values["social_insurance"]
    return {"social_insurance": None if value in (None, "") else bool(value)}


CHECKS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = (
    {
        "name": _name,
        "name_latin": lambda values: {"name_latin": rules.clean_latin(values["name_latin"])},
        "document": _document,
        "birth_date": lambda values: {"birth_date": rules.clean_birth(values["birth_date"])},
        "nationality": lambda values: {
            "nationality": rules.clean_nationality(values["nationality"])
        },
        "social_insurance": _insurance,
        "landlord_name": _line("landlord_name", 80),
        "hukou_address": _line("hukou_address"),
        "workplace": _line("workplace"),
    }
    | {name: _phone(name) for name in ("phone", "landlord_phone")}
    | {name: _date(name) for name in ("moved_in_on", "expected_out_on", "lease_from", "lease_to")}
    | {
        name: rules.code_check(name)
        for name in (
            "sex",
            "ethnicity",
            "political",
            "marriage",
            "education",
            "relation",
            "reason",
            "occupation",
        )
    }
)


def clean_form(values: dict[str, Any], row: Registration) -> dict[str, Any]:
    """The named values as they are kept, together with what the card's number says.

    Raises one ValidationError that names each bad field.
    """
    faults: dict[str, Any] = {}
    good: dict[str, Any] = {}
    for name, check in CHECKS.items():
        if name not in values:
            continue
        try:
            good |= check(values)
        except ValidationError as error:
            faults |= error.error_dict
    for check_all in (_agree, _periods):
        try:
            good |= {} if faults else check_all(good, row)
        except ValidationError as error:
            faults |= error.error_dict
    if faults:
        raise ValidationError(faults)
    if good.get("document"):
        good["hukou_province"] = _province(good["document_kind"], good["document"])
    return good


def _agree(good: dict[str, Any], row: Registration) -> dict[str, Any]:
    return rules.agree(good, row)


def _province(kind: str, number: str) -> str:
    start = number[:2]
    return start if len(number) == 18 and start in codes.PROVINCES and kind != "foreigner" else ""


def _periods(good: dict[str, Any], row: Registration) -> dict[str, Any]:
    def value(name: str) -> Any:
        return good.get(name, getattr(row, name))

    start, end = value("moved_in_on"), value("expected_out_on")
    if start and end and end < start:
        text = _("This date is before the move-in. If unsure, give the end of the lease.")
        raise rules.fault("expected_out_on", "ends_before_start", text)
    if start and start > timezone.localdate() + AHEAD:
        text = _("This day is far ahead. Register when the move is near.")
        raise rules.fault("moved_in_on", "too_far_ahead", text)
    lease_from, lease_to = value("lease_from"), value("lease_to")
    if lease_from and lease_to and lease_to < lease_from:
        text = _("The lease ends before it begins. Compare both days with the lease.")
        raise rules.fault("lease_to", "ends_before_start", text)
    return {}


def missing(row: Registration) -> list[str]:
    """Names of the fields that are still needed; ``photos.<kind>`` for a photograph.

    At the desk somebody looks at the document itself: no photograph is needed, and no phone.
    """
    at_desk = row.origin == Registration.Origin.DESK or row.on_behalf
    needed = [name for name in NEEDED if not (at_desk and name == "phone")]
    lacking = [name for name in needed if not getattr(row, name)]
    if row.document_kind == "resident_id" and not row.ethnicity:
        lacking.append("ethnicity")
    if row.document_kind and row.document_kind != "resident_id" and not row.nationality:
        lacking.append("nationality")
    if not at_desk:
        held = set(row.photos.values_list("kind", flat=True))
        lacking += [f"photos.{kind}" for kind in NEEDED_PHOTOS if kind not in held]
    return lacking
