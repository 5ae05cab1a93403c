"""What is wrong in a list of people or homes, by the code of the fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from community.imports import cells
from residents import import_columns

MISSING = _("This is still needed.")
WORD = _("Choose one of the entries of the list.")
MARKUP = _("Leave out signs such as < and >.")
DATE = _("Give a date such as 2026-05-01.")
FAULTS: dict[str, Any] = {
    "formula": _("A formula stands here. Give the plain value."),
    "missing": MISSING,
    "home_missing": _("Say in which home the person lives."),
    "home_unknown": _("There is no home with this number here."),
    "name_missing": _("Give the name."),
    "name_invalid": MARKUP,
    "name_latin_invalid": _("Write this name in Latin letters, as in the passport."),
    "kind_missing": _("Choose how the person lives there."),
    "kind_unknown": _("Choose how the person lives there."),
    "word_unknown": WORD,
    "date_invalid": DATE,
    "date_ahead": _("This day is still to come. Give the day on which it was done."),
    "ends_before_start": _("The last day is before the first. If unsure, leave it empty."),
    "too_far_ahead": _("This day is far ahead. Register when the move is near."),
    "document_kind_missing": _("Say which document this is."),
    "document_invalid": _(
        "This number does not fit the document. Compare it digit by digit with the card."
    ),
    "document_on_file": _(
        "This document is on another file here. Compare the two, then merge them."
    ),
    "document_repeated": _("The same number stands under another name in this list."),
    "birth_date_contradicts": _("The number of the card says another birth date. Compare both."),
    "birth_date_invalid": _("Give the birth date, not a later day."),
    "sex_contradicts": _("The number of the card says another sex. Compare both."),
    "phone_invalid": _("Give a phone number, such as 138 0000 0000."),
    "nationality_invalid": _("Give three letters, as in the passport: CHN for China."),
    "person_ambiguous": _(
        "Two people of this name may be meant. Give the number of the document as well."
    ),
    "row_repeated": _("The same row stands in this list before. Leave one of them out."),
    "residency_overlaps": _("This person is on file in this home for these days already."),
    "form_under_way": _("A form of this person is under way for this home. Decide on it first."),
    "registration_over": _(
        "This stay is over. Give the day of registration, or empty the columns of the registration."
    ),
    "text_invalid": _("Leave out signs such as < and >, and keep it short."),
    "floor_invalid": _("Give the floor as a number, such as 12."),
    "home_repeated": _("The same home stands in another row of the list."),
    "address_code_taken": _("Another home has this address code already."),
} | {f"{name}_unknown": WORD for name in ("sex", "ethnicity", "relation", "reason", "occupation")}
FAULTS |= {f"{name}_unknown": WORD for name in ("education", "marriage", "political")}
FAULTS |= {f"{name}_invalid": MARKUP for name in ("landlord_name", "hukou_address", "workplace")}


def tell(found: Mapping[str, Any]) -> str:
    """One fault of a list as a sentence in the active language."""
    return cells.tell(found, import_columns.labels(), FAULTS)
