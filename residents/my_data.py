"""What the residents' app holds on a person, for the person."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import retention
from community.home_parts import Fact, Section
from community.models import RetentionRule
from residents import face_data, form_steps, masking, signal_words
from residents.models import (
    Consent,
    Person,
    Registration,
    Residency,
    Sign,
    Signal,
    Visit,
    VisitStay,
    WayIn,
)

PERSONAL = ("name", "name_latin", "sex", "birth_date", "ethnicity", "nationality")
RULE_FILE = _("Kept while you live here or own a home here.")
RULE_REGISTRATION = _(
    "Kept while you live here and for as long as the public security office asks for the register "
    "(Interim Regulations on Residence Permits, and the rules of the province)."
)

RULE_SIGNS = _(
    "One a day when your card, code or PIN opened a door. Kept for as long as the compound's rule "
    "for signs of life says, to notice homes where nobody is registered; no faces."
)
RULE_SIGNALS = _(
    "Where the files and what was seen differ, the office asks by a visit. Nothing follows from it "
    "by itself."
)
RULE_WAYS = _("Kept while you live here. What ended opens nothing and has no number any more.")
RULE_CONSENTS = _(
    "Kept as proof of what you agreed to, and when you withdrew it. What a consent was for ends "
    "with it: the template of a face is erased at that moment."
)
RULE_FACE = _(
    "The numbers of a face are kept, sealed, until you withdraw, move out or are erased; they open "
    "nothing elsewhere and are not in this file. That they are gone stays as proof."
)
SIGNS, VISITS = 60, 100


def sections(user: Any, person: Person) -> list[Section]:
    return [
        Section("person", _("My file"), RULE_FILE, [_person(person)]),
        Section("residencies", _("My homes"), RULE_FILE, _residencies(person)),
        Section(
            "registrations",
            _("My registrations"),
            RULE_REGISTRATION,
            _registrations(person),
            erasable=False,
        ),
        Section("ways_in", _("My ways in"), RULE_WAYS, _ways(person)),
        Section("consents", _("My consents"), RULE_CONSENTS, _consents(person), erasable=False),
        Section("face", _("My face"), RULE_FACE, face_data.rows(person)),
        Section("visits", _("My visitors"), rule_visits(person), _visits(person)),
        Section("signs", _("Signs of life"), RULE_SIGNS, _signs(person)),
        Section("signals", _("Questions about my home"), RULE_SIGNALS, _signals(user, person)),
    ]


def _fact(row: Any, name: str) -> Fact:
    """A column by its own name; a code with its word."""
    field = row._meta.get_field(name)
    value = getattr(row, name)
    word = dict(field.flatchoices).get(value, value) if value else ""
    return Fact(form_title(field.verbose_name), value, str(word or ""))


def form_title(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]


def _person(person: Person) -> list[Fact]:
    facts = [_fact(person, name) for name in PERSONAL if getattr(person, name)]
    phone, number = person.phone, person.document
    facts += [Fact(_("Phone"), phone, masking.phone(phone))] if phone else []
    if number:
        facts.append(_fact(person, "document_kind"))
        facts.append(Fact(_("Document number"), number, masking.document(number)))
    others = person.other_phones.all()
    facts += [Fact(one.get_kind_display(), one.phone, masking.phone(one.phone)) for one in others]
    return facts


def _residencies(person: Person) -> list[list[Fact]]:
    rows = Residency.objects.filter(person=person).select_related("unit").order_by("-started_on")
    return [
        [
            Fact(_("Home"), row.unit.code, row.unit.code),
            _fact(row, "kind"),
            _fact(row, "started_on"),
            *([_fact(row, "ended_on")] if row.ended_on else []),
        ]
        for row in rows
    ]


def _registrations(person: Person) -> list[list[Fact]]:
    rows = Registration.objects.filter(person=person).select_related("unit")
    return [_registration(row) for row in rows.annotate(pictures=Count("photos"))]


def _registration(row: Any) -> list[Fact]:
    facts = [Fact(_("Home"), row.unit.code, row.unit.code), _fact(row, "state")]
    names = [ask.name for step in form_steps.STEPS for ask in step.asks]
    for name in names:
        if getattr(row, name) not in ("", None):
            value = getattr(row, name)
            facts.append(Fact(form_steps.label_of(name), value, form_steps.spoken(row, name)))
    moments = ("submitted_at", "accepted_at", "reported_at", "confirmed_at", "ended_on")
    facts += [_fact(row, name) for name in moments if getattr(row, name)]
    if row.permit_number:
        shown = masking.document(row.permit_number)
        facts.append(Fact(_("Residence permit"), row.permit_number, shown))
    if row.pictures:
        facts.append(Fact(_("Photographs of documents"), row.pictures, str(row.pictures)))
    return facts


def rule_visits(person: Person) -> str:
    """How long names of visitors are kept in the person's compound, in a sentence."""
    days = retention.days_kept(person.compound_id, RetentionRule.Subject.VISITS)
    text = _(
        "Names, numbers and plates of visitors are erased %(days)s days after the visit, by "
        "themselves; that somebody came stays as a count."
    )
    return str(text) % {"days": days}


def _consents(person: Person) -> list[list[Fact]]:
    rows = Consent.objects.filter(person=person).select_related("text").order_by("-pk")
    return [
        [
            _fact(row, "purpose"),
            Fact(_("Text"), row.text.version, str(row.text)),
            *(_fact(row, name) for name in ("given_at", "withdrawn_at") if getattr(row, name)),
        ]
        for row in rows
    ]


def _ways(person: Person) -> list[list[Fact]]:
    """Cards, codes and PINs, never what opens with them."""
    rows = WayIn.objects.filter(person=person).select_related("unit", "last_lane").order_by("-pk")
    return [
        [
            _fact(row, "kind"),
            *([Fact(_("Ends in"), row.hint, f"…{row.hint}")] if row.hint else []),
            *(_fact(row, name) for name in ("issued_at", "ended_at") if getattr(row, name)),
            *([_fact(row, "end_reason")] if row.end_reason else []),
            *([_fact(row, "last_used_at")] if row.last_used_at else []),
            *([Fact(_("Last used at"), str(row.last_lane))] if row.last_lane else []),
        ]
        for row in rows
    ]


def _visits(person: Person) -> list[list[Fact]]:
    """Whom the person invited, and when they came and went."""
    stays = Prefetch("stays", VisitStay.objects.order_by("entered_at", "pk"))
    rows = Visit.objects.filter(host=person).select_related("unit").order_by("-starts_at", "-pk")
    return [_visit(row) for row in rows.prefetch_related("cars", stays)[:VISITS]]


def _visit(row: Visit) -> list[Fact]:
    facts = [_fact(row, "name"), _fact(row, "kind"), Fact(_("Home"), row.home)]
    if row.phone:
        facts.append(Fact(_("Phone"), row.phone, masking.phone(row.phone)))
    if row.plates:
        facts.append(Fact(_("Car"), ", ".join(row.plates)))
    facts += [_fact(row, name) for name in ("people", "starts_at", "ends_at")]
    if row.revoked_at:
        facts.append(_fact(row, "revoked_at"))
    for stay in row.stays.all():
        facts += [_fact(stay, name) for name in ("entered_at", "left_at") if getattr(stay, name)]
    return facts


def _signs(person: Person) -> list[list[Fact]]:
    rows = Sign.objects.filter(person=person).select_related("unit").order_by("-on")[:SIGNS]
    return [
        [_fact(row, "on"), _fact(row, "source"), Fact(_("Home"), str(row.unit or ""))]
        for row in rows
    ]


def _signals(user: Any, person: Person) -> list[list[Fact]]:
    """What was pointed out about the person, or about no one in particular at their home."""
    about = Signal.objects.filter(person=person)
    if user is not None:
        about = Signal.objects.about(user, timezone.localdate()).of(person.compound_id)
    return [_signal(row) for row in about.select_related("unit").order_by("-pk")]


def _signal(row: Signal) -> list[Fact]:
    facts = [_fact(row, "kind"), Fact(_("Home"), signal_words.where(row)), _fact(row, "found_on")]
    facts += [Fact(_("Evidence"), signal_words.why(row)), _fact(row, "state")]
    names = ("outcome", "note", "visit_on", "muted_until", "closed_on")
    return facts + [_fact(row, name) for name in names if getattr(row, name)]
