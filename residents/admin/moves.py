"""Moving in at the desk: one page for the home, the head and who comes along."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldBooleanWidget

from community import events
from community.admin_base import acting, show_refusal
from community.models import Compound, Unit, User
from residents import codes, operations, rules
from residents.admin.deeds import day, line
from residents.models import Person, Residency
from residents.operations import Mover

COMPANIONS = 3
KINDS = [choice for choice in Residency.Kind.choices if choice[0] != "owner"]


class HomeForm(forms.Form):
    home = line(gettext_lazy("Home"), 32, about=gettext_lazy("Its code, such as 3-2-1202."))
    on = day(gettext_lazy("Moves in on"))
    lease_to = day(gettext_lazy("Lease until"), required=False)
    registers = forms.BooleanField(
        label=gettext_lazy("They need to register (floating population)"),
        required=False,
        widget=UnfoldBooleanWidget,
    )


class MoverForm(forms.Form):
    """Somebody with a file (found by the document) or without one (opened from these fields)."""

    name = line(gettext_lazy("Full name"), 80)
    document_kind = forms.ChoiceField(
        label=gettext_lazy("Document"),
        choices=Person.Document.choices,
        widget=UnfoldAdminSelectWidget,
    )
    document = line(gettext_lazy("Document number"), 30)
    phone = line(gettext_lazy("Phone"), 20, required=False)
    kind = forms.ChoiceField(
        label=gettext_lazy("Lives there as"), choices=KINDS, widget=UnfoldAdminSelectWidget
    )


class CompanionForm(MoverForm):
    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the head"),
        choices=[choice for choice in codes.Relation.choices if choice[0] != "01"],
        widget=UnfoldAdminSelectWidget,
    )


def move_in_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The form, and the deed when it is sent: all of it or nothing."""
    compound: Any = request.compound  # type: ignore[attr-defined]
    data = request.POST or None
    home, head = HomeForm(data), MoverForm(data, prefix="head")
    optional: dict[str, Any] = {"empty_permitted": True, "use_required_attribute": False}
    others = [
        CompanionForm(data, prefix=f"other{number}", **optional) for number in range(COMPANIONS)
    ]
    # Each form is looked at, so that all faults stand on the page together.
    valid = [form.is_valid() for form in (home, head, *others)]
    if data is not None and all(valid):
        try:
            done = _move_in(compound, home, head, others, acting(request))
        except ValidationError as refusal:
            show_refusal(_form_of(refusal, home, head, others), refusal)
        else:
            messages.success(request, _("They have moved in: %(n)s files.") % {"n": len(done)})
            url = reverse("admin:residents_person_change", args=[done[0].person_id])
            return HttpResponseRedirect(url)
    context = page.admin_site.each_context(request) | {
        "title": _("Somebody moves in"),
        "opts": page.model._meta,
        "home": home,
        "head": head,
        "others": others,
    }
    return TemplateResponse(request, "admin/residents/person/move_in.html", context)


def _move_in(
    compound: Compound, home: HomeForm, head: MoverForm, others: list[CompanionForm], actor: User
) -> list[Residency]:
    given = home.cleaned_data
    unit = Unit.objects.of(compound).filter(code=given["home"].strip()).first()
    if unit is None:
        text = _("There is no home with this code. Compare it with the list of homes.")
        raise rules.fault("home", "home_unknown", text)
    with events.writing():
        movers = []
        for form in (head, *(form for form in others if form.has_changed())):
            person = _file_of(compound, form, actor)
            relation = form.cleaned_data.get("relation", "")
            kind = form.cleaned_data["kind"]
            movers.append(Mover(person, kind, relation, registers=given["registers"]))
        done = operations.move_in(
            unit, movers, on=given["on"], lease_to=given["lease_to"], actor=actor
        )
    return done.residencies


def _file_of(compound: Compound, form: MoverForm, actor: User) -> Person:
    """The file with this document, where the name is the same; else a new one."""
    given = form.cleaned_data
    try:
        kind, number = rules.clean_document(given["document_kind"], given["document"])
        known = Person.objects.whole().by_number("document", number, [compound.pk]).first()
        if known is not None and known.name != given["name"]:
            text = _("This document is on the file of another name. Look at that file first.")
            raise rules.fault("document", "document_on_file", text)
        if known is not None:
            found: Person = known
            return found
        return operations.add_person(
            compound=compound,
            actor=actor,
            name=given["name"],
            document_kind=kind,
            document=number,
            phone=given["phone"],
        )
    except ValidationError as refusal:
        refusal.prefix = form.prefix  # type: ignore[attr-defined]
        raise


def _form_of(refusal: ValidationError, home: Any, head: Any, others: list[Any]) -> Any:
    """The form whose fields the refusal speaks of."""
    prefix = getattr(refusal, "prefix", None)
    return next((form for form in (head, *others) if form.prefix == prefix), home)
