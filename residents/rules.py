"""What a person's numbers must be like, and the form in which they are kept and found."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric
from stdnum.exceptions import ValidationError as WrongNumber

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
        raise fault("phone", "phone_invalid", _("Give a phone number, such as 138 0000 0000."))
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
