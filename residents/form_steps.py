"""The registration form as pages: one topic a step, its fields, and what was typed into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from residents import masking, registration_form
from residents.models import Registration, RegistrationPhoto

PHOTO_KINDS = ("document_front", "document_back", "portrait", "lease")


@dataclass(frozen=True)
class Ask:
    """One field: how it is asked, and for which documents only (``resident_id`` or ``other``)."""

    name: str
    how: str = "text"
    hint: Any = ""
    autocomplete: str = "off"
    only: str = ""


@dataclass(frozen=True)
class Step:
    code: str
    title: Any
    question: Any
    about: Any
    asks: tuple[Ask, ...] = ()


STEPS = (
    Step(
        "you",
        pgettext_lazy("step", "You"),
        gettext_lazy("Who are you?"),
        gettext_lazy(
            "As it stands on your document. Only the desk and the police station read it."
        ),
        (
            Ask("name", autocomplete="name"),
            Ask("document_kind", "select"),
            Ask("document", "number"),
            Ask("name_latin", hint=gettext_lazy("As in the passport"), only="other"),
            Ask("sex", "radio", only="other"),
            Ask("birth_date", "date", autocomplete="bday", only="other"),
            Ask("nationality", hint=gettext_lazy("Three letters, such as CHN"), only="other"),
            Ask("phone", "tel", gettext_lazy("For questions of the desk"), "tel"),
        ),
    ),
    Step(
        "origin",
        pgettext_lazy("step", "Origin"),
        gettext_lazy("Where are you from?"),
        gettext_lazy("The police form asks for these. Only the address is needed to hand it in."),
        (
            Ask("hukou_address", hint=gettext_lazy("As in the hukou book or on the card")),
            Ask("ethnicity", "select", only="resident_id"),
            Ask("education", "select"),
            Ask("marriage", "select"),
            Ask("political", "select"),
        ),
    ),
    Step(
        "home",
        pgettext_lazy("step", "Home"),
        gettext_lazy("Since when, and until when?"),
        gettext_lazy("If you do not know how long you stay, give the end of the lease."),
        (
            Ask("moved_in_on", "date"),
            Ask("expected_out_on", "date"),
            Ask("relation", "select"),
            Ask("lease_from", "date"),
            Ask("lease_to", "date"),
        ),
    ),
    Step(
        "reason",
        pgettext_lazy("step", "Reason"),
        gettext_lazy("What brought you here?"),
        gettext_lazy("The police form asks for these. What you filled in before is saved."),
        (
            Ask("reason", "radio"),
            Ask("occupation", "select"),
            Ask("workplace", autocomplete="organization"),
            Ask("social_insurance", "yesno"),
        ),
    ),
    Step(
        "photos",
        pgettext_lazy("step", "Photos"),
        gettext_lazy("Take a photograph of your document"),
        gettext_lazy(
            "It is stored encrypted. The side with your photo is needed; the others help."
        ),
    ),
    Step(
        "check",
        pgettext_lazy("step", "Check"),
        gettext_lazy("Is everything right?"),
        gettext_lazy("You can change it until you hand it in."),
    ),
)
BY_CODE = {step.code: step for step in STEPS}
#: Which step asks for a field: for the way from a remark to where it is put right.
STEP_OF = {ask.name: step.code for step in STEPS for ask in step.asks} | {
    f"photos.{kind}": "photos" for kind in RegistrationPhoto.Kind.values
}
#: Numbers that a page shows masked: left empty, they stay as they are.
MASKED = ("document",)
BY_CARD = ("sex", "birth_date", "nationality", "name_latin")


@dataclass
class Shown:
    """A field as the page shows it."""

    ask: Ask
    label: str
    value: str
    choices: list[tuple[str, str]]
    errors: list[str]
    remark: str = ""
    kept: str = ""
    needed: bool = False

    @property
    def is_bad(self) -> bool:
        return bool(self.errors)


def label_of(name: str) -> str:
    if name.startswith("photos."):
        return str(RegistrationPhoto.Kind(name.removeprefix("photos.")).label)
    words = str(_column(name).verbose_name)
    return words[:1].upper() + words[1:]


def _column(name: str) -> Any:
    return Registration._meta.get_field(name)


def typed(step: Step, data: Mapping[str, Any]) -> dict[str, Any]:
    """The step's values as the browser sent them, days as dates where they are some."""
    values: dict[str, Any] = {}
    for ask in step.asks:
        text = str(data.get(ask.name, "")).strip()[:200]
        if ask.how == "date":
            values[ask.name] = _day(text)
        elif ask.how == "yesno":
            values[ask.name] = {"yes": True, "no": False}.get(text)
        else:
            values[ask.name] = text
    return values


def _day(text: str) -> date | str | None:
    if not text:
        return None
    try:
        return parse_date(text.replace("/", "-").replace(".", "-")) or text
    except ValueError:
        return text


def to_keep(step: Step, values: dict[str, Any], row: Registration) -> dict[str, Any]:
    """What of it is given to the verb: a masked number left empty stays, and a card's number
    itself says birth date and sex.
    """
    kept = dict(values)
    if step.code != "you":
        return kept
    if not kept["document"] and row.document and kept["document_kind"] == row.document_kind:
        del kept["document"], kept["document_kind"]
    if values["document_kind"] == "resident_id":
        for name in BY_CARD:
            kept.pop(name, None)
    return kept


def shown(
    step: Step,
    row: Registration,
    given: Mapping[str, str] | None = None,
    errors: Mapping[str, list[str]] | None = None,
) -> list[Shown]:
    """The fields of a step: what was typed just now, else what is kept."""
    remarks = {remark.field: remark.text for remark in row.remarks.all()}
    fields = []
    for ask in step.asks:
        kept = ""
        value = given.get(ask.name, "") if given is not None else text_of(row, ask.name)
        if ask.name in MASKED:
            kept = masking.document(getattr(row, ask.name))
            value = given.get(ask.name, "") if given is not None else ""
        fields.append(
            Shown(
                ask,
                label_of(ask.name),
                value,
                choices_of(ask.name) if ask.how in ("select", "radio") else [],
                list((errors or {}).get(ask.name, [])),
                remarks.get(ask.name, ""),
                kept,
                ask.name in (*registration_form.NEEDED, "document_kind"),
            )
        )
    return fields


def text_of(row: Registration, name: str) -> str:
    value = getattr(row, name)
    if name == "document_kind" and not value:
        return "resident_id"
    if name == "ethnicity" and not value and row.document_kind in ("", "resident_id"):
        return "01"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date) else str(value or "")


def choices_of(name: str) -> list[tuple[str, str]]:
    return [(str(code), str(word)) for code, word in _column(name).flatchoices if code != ""]


def review(row: Registration) -> list[dict[str, Any]]:
    """All that was filled in, step by step, numbers masked: for the last look."""
    parts = []
    for step in STEPS:
        facts = [
            (label_of(ask.name), spoken(row, ask.name))
            for ask in step.asks
            if spoken(row, ask.name)
        ]
        if step.asks:
            parts.append({"step": step, "facts": facts})
    return parts


def spoken(row: Registration, name: str) -> str:
    """A value as people read it; numbers masked."""
    value = getattr(row, name)
    if name == "document":
        return masking.document(value)
    if name in ("phone", "landlord_phone"):
        return masking.phone(value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return value.isoformat()
    return str(dict(choices_of(name)).get(value, value) or "")
