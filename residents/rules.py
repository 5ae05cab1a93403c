"""What a person's numbers must be like, and the form in which they are kept and found."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as WrongNumber

from residents import codes
from residents.models import Person

#: How 18-character numbers begin: provinces, then the permits and cards that are built alike.
STARTS = {
    "resident_id": tuple("123456"),
    "hong_kong": ("81", "82"),
    "taiwan": ("83",),
    "foreigner": ("9",),
}
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_DOCUMENT = re.compile(r"[0-9A-Z]{5,20}")
PHONE_WANTED = _("Give a phone number, such as 138 0000 0000.")
MARKUP = frozenset('<>{}\\"`')


def plain(value: Any) -> str:
    """Half width, upper case, without blanks, hyphens and brackets."""
    text = unicodedata.normalize("NFKC", str(value or ""))[:60].upper()
    return re.sub(r"[\s()\-·.]+", "", text)


def fault(column: str, code: str, text: Any) -> ValidationError:
    return ValidationError({column: ValidationError(text, code)})


def clean_name(value: Any) -> str:
    """One line of at most 80 characters. Raises ValidationError."""
    name = " ".join(str(value or "").split())
    if not name:
        raise fault("name", "name_missing", _("Give the name."))
    if len(name) > 80 or MARKUP & set(name):
        raise fault("name", "name_invalid", _("Leave out signs such as < and >."))
    return name


def plain_phone(value: Any) -> str:
    """The number as it is kept: Chinese ones without 86, others with +."""
    text = re.sub(r"^(\+|00)", "+", plain(value))
    return text.removeprefix("+86")


def clean_phone(value: Any) -> str:
    """A number as it is kept; empty stays empty. Raises ValidationError."""
    text = plain_phone(value)
    if text and not _PHONE.fullmatch(text):
        raise fault("phone", "phone_invalid", PHONE_WANTED)
    return text


def clean_document(kind: str, value: Any) -> tuple[str, str]:
    """Kind and number of a document; both empty when there is no number.

    Numbers of 18 characters on Chinese cards follow GB 11643 (ISO 7064 MOD 11-2). Raises
    ValidationError.
    """
    number = plain(value)
    if not number:
        return "", ""
    if kind not in Person.Document.values:
        raise fault("document_kind", "document_kind_missing", _("Say which document this is."))
    starts = STARTS.get(kind)
    if starts and (len(number) == 18 or kind == Person.Document.RESIDENT_ID):
        fits = number.startswith(starts) and _is_gb11643(number)
    else:
        fits = bool(_DOCUMENT.fullmatch(number))
    if not fits:
        text = _("This number does not fit the document. Compare it digit by digit with the card.")
        raise fault("document", "document_invalid", text)
    return kind, number


def _is_gb11643(number: str) -> bool:
    """Form, check digit and birth date. Not the birthplace: old counties are in no list."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number) or ric.calc_check_digit(number) != number[-1]:
        return False
    try:
        return bool(ric.get_birth_date(number) <= timezone.localdate())
    except WrongNumber:
        return False


def number_says(number: str) -> tuple[date, str] | None:
    """Birth date and sex in a number built after GB 11643; None for others."""
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return None
    try:
        born: date = ric.get_birth_date(number)
    except WrongNumber:
        return None
    return born, codes.Sex.MALE if int(number[16]) % 2 else codes.Sex.FEMALE


def agree(values: dict[str, Any], row: Any = None) -> dict[str, Any]:
    """What the card's number adds to ``values`` (and to what ``row`` has).

    Raises ValidationError where birth date or sex contradict the number.
    """
    document = values.get("document", getattr(row, "document", ""))
    said = number_says(document or "")
    if said is None or not values.keys() & {"document", "birth_date", "sex"}:
        return {}
    added: dict[str, Any] = {}
    texts = {
        "birth_date": _("The number of the card says another birth date. Compare both."),
        "sex": _("The number of the card says another sex. Compare both."),
    }
    for name, value in zip(("birth_date", "sex"), said, strict=True):
        given = values.get(name) or (None if "document" in values else getattr(row, name, None))
        if not given:
            added[name] = value
        elif given != value:
            raise fault(name, f"{name}_contradicts", texts[name])
    return added


def clean_latin(value: Any) -> str:
    """A name as passports write it; empty stays empty. Raises ValidationError."""
    name = " ".join(unicodedata.normalize("NFKC", str(value or "")).split()).upper()
    if name and not re.fullmatch(r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ ,.'\-]{0,79}", name):
        text = _("Write this name in Latin letters, as in the passport.")
        raise fault("name_latin", "name_latin_invalid", text)
    return name


def clean_nationality(value: Any) -> str:
    code = plain(value)
    if code and not re.fullmatch(r"[A-Z]{3}", code):
        text = _("Give three letters, as in the passport: CHN for China.")
        raise fault("nationality", "nationality_invalid", text)
    return code


def clean_birth(value: Any) -> date | None:
    """A day between 1900 and today; empty stays empty. Raises ValidationError."""
    if not value:
        return None
    if not isinstance(value, date) or not date(1900, 1, 1) <= value <= timezone.localdate():
        raise fault("birth_date", "birth_date_invalid", _("Give the birth date, not a later day."))
    return value


#: Fields that take codes: the known ones, and whether several may be given.
CODES: dict[str, tuple[frozenset[str], bool]] = {
    "sex": (frozenset(codes.Sex.values), False),
    "ethnicity": (frozenset(codes.ETHNICITIES), False),
    "needs": (frozenset(codes.Need.values), True),
    "languages": (frozenset(codes.Language.values), True),
    "political": (frozenset(codes.Political.values), False),
    "marriage": (frozenset(codes.Marriage.values), False),
    "education": (frozenset(codes.Education.values), False),
    "relation": (frozenset(codes.Relation.values), False),
    "reason": (frozenset(codes.Reason.values), False),
    "occupation": (frozenset(codes.Occupation.values), False),
}


def code_check(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """The check of a field of codes; empty is allowed. It raises ValidationError."""
    known, several = CODES[name]

    def check(values: dict[str, Any]) -> dict[str, Any]:
        value = values[name]
        given = set(value or ()) if several else {str(value or "")} - {""}
        if not given <= known:
            raise fault(name, f"{name}_unknown", _("Choose one of the entries of the list."))
        return {name: sorted(given) if several else "".join(given)}

    return check


def clean_line(column: str, value: Any, most: int = 120) -> str:
    """One line of free text; empty stays empty. Raises ValidationError."""
    text = " ".join(str(value or "").split())
    if len(text) > most or MARKUP & set(text):
        raise fault(column, f"{column}_invalid", _("Leave out signs such as < and >."))
    return text
