"""People and homes at the desk: who lives where, and what the office does about it for them."""

from __future__ import annotations

from typing import Any

import segno
from django import forms
from django.http import Http404
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.desk import Card, Case, Deed, DeskForm, Line, Paper, Subject
from community.models import Compound, Look, Unit
from community.pages import url_of
from residents import desk_visits, desk_ways, desk_wishes, masking, operations
from residents.models import Person, Residency
from residents.search import homes_now

#: The page that a home's QR code opens; its sheet is offered once there is such a page.
HOME_FORM = "home-scan"
DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def _people(user: Any, compound: Compound) -> Any:
    return Person.objects.visible_to(user).of(compound).prefetch_related(homes_now())


def _facts(case: Case) -> list[str]:
    return [f"{row.get_kind_display()} {row.unit.code}" for row in case.row.here]


SUBJECTS = {"person": Subject(_("Person"), "users", _people, _facts, personal=True)}


def residencies(case: Case) -> Any:
    """Who lives in the home, or where the person lives, today or from a coming day on."""
    rows = (
        Residency.objects.visible_to(case.user).of(case.compound).select_related("person", "unit")
    )
    rows = rows.filter(**{"unit" if case.is_home else "person": case.row})
    rows = rows.select_related("person", "unit")
    return rows.exclude(ended_on__lt=timezone.localdate()).order_by("started_on", "pk")


def cards(case: Case) -> list[Card]:
    if case.is_home:
        return [_who(case), desk_visits.card(case)]
    ways = [desk_ways.card(case), desk_ways.face_card(case)]
    own = [*ways, desk_visits.card(case), desk_wishes.card(case)]
    return [_file(case.row), _homes(case), *own, *_looks(case)]


def _looks(case: Case) -> list[Card]:
    """Who looked at this file last, for those who may know it."""
    rows = Look.objects.visible_to(case.user).of(case.compound).select_related("user")
    rows = rows.filter(subject=case.row._meta.label_lower, subject_id=case.row.pk)
    lines = [
        Line(str(one.user), f"{timezone.localtime(one.at):%Y-%m-%d %H:%M} · {gettext(one.reason)}")
        for one in rows.order_by("-at")[:4]
    ]
    return [Card(_("Who looked"), "eye", lines)] if lines else []


def _who(case: Case) -> Card:
    lines = [
        Line(row.person.name, f"{_since(row)} · {masking.phone(row.person.phone)}", row.pk,
             url_of("desk-case", "person", row.person_id), deeds=("end-residency",))
        for row in residencies(case)
    ]  # fmt: skip
    return Card(_("Who lives here"), "users", lines, _("Nobody is on file here."), ("add-person",))


def _homes(case: Case) -> Card:
    lines = [
        Line(row.unit.code, _since(row), row.pk, url_of("desk-case", "home", row.unit_id),
             deeds=("end-residency",))
        for row in residencies(case)
    ]  # fmt: skip
    return Card(_("Homes"), "door", lines, _("No home is on file."), ("add-home",))


def _since(row: Residency) -> str:
    days = {"kind": row.get_kind_display(), "day": row.started_on, "end": row.ended_on}
    if row.ended_on:
        return str(_("%(kind)s from %(day)s to %(end)s")) % days
    return str(_("%(kind)s since %(day)s")) % days


def _file(person: Person) -> Card:
    number = masking.document(person.document)
    lines = [Line(masking.phone(person.phone) or str(_("none")), str(_("Phone")))]
    if number:
        lines.append(Line(number, str(person.get_document_kind_display())))
    lines.append(
        Line(
            str(_("Whole file")),
            str(_("with the numbers, against a reason")),
            url=url_of("admin:residents_person_change", person.pk),
        )
    )
    return Card(_("File"), "user-circle", lines, deeds=("change-file",))


class KindForm(DeskForm):
    """How somebody lives in a home, and since when."""

    kind = forms.ChoiceField(label=_("Lives there as"), choices=Residency.Kind.choices)
    started_on = forms.DateField(label=_("First day"), widget=DATE)

    def prepare(self) -> None:
        self.fields["started_on"].initial = timezone.localdate


class AddPersonForm(KindForm):
    name = forms.CharField(label=_("Full name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=30, required=False)
    document_kind = forms.ChoiceField(
        label=_("Document"), required=False, choices=[("", "—"), *Person.Document.choices]
    )
    document = forms.CharField(label=_("Document number"), max_length=60, required=False)
    field_order = ("name", "phone", "document_kind", "document", "kind", "started_on")


def _add_person(form: Any) -> Any:
    case, values = form.case, dict(form.cleaned_data)
    kind, day = values.pop("kind"), values.pop("started_on")
    person = operations.add_person(compound=case.compound, actor=case.user, **values)
    operations.add_residency(
        person=person, unit=case.row, kind=kind, started_on=day, actor=case.user
    )
    return _("%(name)s is on file in this home.") % {"name": person.name}


class AddHomeForm(KindForm):
    unit = forms.CharField(label=_("Home"), max_length=32, help_text=_("Such as 3-2-1202"))
    field_order = ("unit", "kind", "started_on")

    def clean_unit(self) -> Unit:
        case = self.case
        rows = Unit.objects.visible_to(case.user).of(case.compound)
        unit: Unit | None = rows.filter(code=self.cleaned_data["unit"].strip()).first()
        if unit is None:
            raise forms.ValidationError(_("There is no home with this number here."))
        return unit


def _add_home(form: Any) -> Any:
    case = form.case
    operations.add_residency(person=case.row, actor=case.user, **form.cleaned_data)
    return _("The home is on file.")


class EndForm(DeskForm):
    ended_on = forms.DateField(label=_("Last day"), widget=DATE)

    def prepare(self) -> None:
        self.row = residencies(self.case).filter(pk=self.key).first()
        if self.row is None:
            raise Http404
        self.fields["ended_on"].initial = timezone.localdate


def _end(form: Any) -> Any:
    day = form.cleaned_data["ended_on"]
    operations.end_residency(form.row, on=day, actor=form.case.user)
    return _("The residency ends on the day that you gave.")


class FileForm(DeskForm):
    name = forms.CharField(label=_("Full name"), max_length=80)
    phone = forms.CharField(
        label=_("New phone"),
        max_length=30,
        required=False,
        help_text=_("Fill in only to replace what is on file."),
    )

    def prepare(self) -> None:
        self.fields["name"].initial = self.case.row.name


def _change_file(form: Any) -> Any:
    values = {name: value for name, value in form.cleaned_data.items() if value}
    operations.change_person(form.case.row, actor=form.case.user, **values)
    return _("The file is changed.")


HOME, PERSON = frozenset({"home"}), frozenset({"person"})
DEEDS = (
    Deed("add-person", _("Add a person"), "users", AddPersonForm, _add_person, on=HOME),
    Deed("add-home", _("Put into a home"), "door", AddHomeForm, _add_home, on=PERSON),
    Deed("change-file", _("Change the file"), "user-circle", FileForm, _change_file, on=PERSON),
    Deed(
        "end-residency",
        _("End the residency"),
        "logout",
        EndForm,
        _end,
        _("Cars that this person registered for the home end with it."),
        of_line=True,
    ),
    *desk_ways.DEEDS,
    *desk_visits.DEEDS,
    *desk_wishes.DEEDS,
)


def _slip(_request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    return {"homes": [(row.unit.code, _since(row)) for row in residencies(case)]}


def _home_sheet(request: Any, case: Case, _values: dict[str, Any]) -> dict[str, Any]:
    """The QR code that opens this home's own form; made at its first print."""
    token = operations.home_token(case.row, actor=case.user)
    url = request.build_absolute_uri(url_of(HOME_FORM, token))
    svg = segno.make(url, error="m", micro=False).svg_inline(omitsize=True, border=2)
    return {"url": url, "qr": mark_safe(svg)}  # noqa: S308 - drawn by segno from our own address


def _has_home_form() -> bool:
    return bool(url_of(HOME_FORM, "token"))


PAPERS = (
    Paper("slip", _("Slip of what is on file"), "desk/slip.html", _slip, on=PERSON),
    Paper(
        "home-code",
        _("QR sheet of the home"),
        "desk/home_code.html",
        _home_sheet,
        on=HOME,
        offered=_has_home_form,
    ),
    *desk_ways.PAPERS,
    *desk_visits.PAPERS,
    *desk_wishes.PAPERS,
)
