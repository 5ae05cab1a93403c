"""People's files in the office: numbers are masked, and a look has a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from community.admin_base import (
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_pages import WithFacts
from community.looks import look
from community.models import Compound
from residents import codes, masking, operations
from residents.admin import person_file
from residents.admin.deeds import DealsAdmin, day, deed, line
from residents.admin.invitations import Invites
from residents.models import Person
from residents.querysets import READERS

REPLACE = _("Fill in only to replace what is on file.")
SHOW: dict[str, Any] = {
    "description": _("Your name, the time and the reason are kept, and the person can read them."),
    "form_class": ReasonForm,
    "form_submit_text": _("Show"),
}
PLAIN = ["name", "name_latin", "sex", "birth_date", "ethnicity", "nationality"]
LISTS = ["languages", "needs"]


def _several(label: Any, choices: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget
    )


class PersonForm(forms.ModelForm):
    """The numbers on file are never sent to the page: a new one replaces them."""

    new_phone = forms.CharField(
        label=_("Phone"), required=False, widget=UnfoldAdminTextInputWidget, help_text=REPLACE
    )
    no_phone = forms.BooleanField(
        label=_("Remove the phone on file"), required=False, widget=UnfoldBooleanWidget
    )
    new_document_kind = forms.ChoiceField(
        label=_("Document"),
        required=False,
        choices=[("", "—"), *Person.Document.choices],
        widget=UnfoldAdminSelectWidget,
    )
    new_document = forms.CharField(
        label=_("Document number"),
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text=REPLACE,
    )
    languages = _several(_("languages"), codes.Language.choices)
    needs = _several(_("needs"), codes.Need.choices)

    class Meta:
        model = Person
        fields = [*PLAIN, *LISTS]


class MergeForm(DeedForm):
    number = line(
        _("Whole document or phone number of the other file"),
        about=_("The other file is found by it; all that hangs on it comes to this one."),
    )


class PhoneForm(DeedForm):
    phone = line(_("New phone number"), 20)


class MoveOutForm(DeedForm):
    home = line(_("Home"), 32, about=_("Its code, such as 3-2-1202."))
    on = day(_("Last day"))
    household = forms.BooleanField(
        label=_("The whole household moves out"), required=False, widget=UnfoldBooleanWidget
    )


@admin.register(Person)
class PersonAdmin(WithFacts, Invites, DealsAdmin):
    form = PersonForm
    read_roles = READERS
    change_form_template = "admin/residents/person/change_form.html"
    list_display = ["name", "sex", "masked_phone", "masked_document", "homes", "told_needs"]
    list_filter = [
        "sex",
        "residencies__kind",
        ("residencies__unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["name"]
    search_help_text = _("Name, or a whole phone or document number")
    readonly_fields = ["masked_phone", "masked_document", "user"]
    actions_list = ["move_in"]
    actions_detail = [
        "show_phone",
        "show_document",
        {
            "title": _("Do something"),
            "items": ["invite", "new_phone", "confirm_phone", "move_out", "merge"],
        },
    ]
    NEW = ["new_phone", "new_document_kind", "new_document"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [
                (None, {"fields": ["name", *self.NEW]}),
                (_("Further facts"), {"fields": [*PLAIN[1:], *LISTS]}),
            ]
        kept = ["masked_phone", "masked_document", "user"]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": [*PLAIN, *kept]})]
        changed = (_("Change the numbers"), {"fields": [*self.NEW, "no_phone"]})
        return [(None, {"fields": [*PLAIN, *LISTS, *kept]}), changed]

    def get_queryset(self, request: HttpRequest) -> Any:
        rows: Any = super().get_queryset(request)
        match = request.resolver_match
        if match is not None and "object_id" in match.kwargs:
            # The page of one person shows the homes in its own way.
            return rows.whole().select_related("compound", "user")
        return rows.whole().prefetch_related("residencies__unit")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        user = acting(request)
        everywhere = Compound.objects.values_list("pk", flat=True)
        compounds = everywhere if user.is_superuser else user.compounds_as(READERS)
        return queryset.search(search_term, compounds), False

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"file": person_file.of(row, acting(request))}

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.add_person(
            compound=compound,
            actor=acting(request),
            phone=values["new_phone"],
            document_kind=values["new_document_kind"],
            document=values["new_document"],
            **{name: values[name] for name in (*PLAIN, *LISTS) if values.get(name)},
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        given: dict[str, Any] = {name: values[name] for name in (*PLAIN, *LISTS) if name in values}
        if values["new_phone"] or values["no_phone"]:
            given["phone"] = values["new_phone"]
        if values["new_document"]:
            given["document"] = values["new_document"]
            given["document_kind"] = values["new_document_kind"] or obj.document_kind
        return operations.change_person(obj, actor=acting(request), **given)

    @display(description=_("Phone"))
    def masked_phone(self, person: Person) -> str:
        return masking.phone(person.phone)

    @display(description=_("Document"))
    def masked_document(self, person: Person) -> str:
        number = masking.document(person.document)
        return f"{person.get_document_kind_display()} {number}" if number else ""

    @display(description=_("Homes"))
    def homes(self, person: Person) -> str:
        rows = [row for row in person.residencies.all() if row.ended_on is None]
        return "、".join(sorted({row.unit.code for row in rows}))

    @display(description=_("needs"))
    def told_needs(self, person: Person) -> str:
        return "、".join(str(codes.Need(code).label) for code in person.needs)

    @action(
        description=_("Show the phone"),
        permissions=["view"],
        icon="visibility",
        dialog={"title": _("Show the phone"), **SHOW},
    )
    def show_phone(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        return self._show(request, form, object_id, "phone")

    @action(
        description=_("Show the document number"),
        permissions=["view"],
        icon="visibility",
        dialog={"title": _("Show the document number"), **SHOW},
    )
    def show_document(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        return self._show(request, form, object_id, "document")

    def _show(
        self, request: HttpRequest, form: DeedForm, object_id: str, field: str
    ) -> HttpResponse:
        """The plain number, once, in the dialog: nothing of it stays in a session or a cookie."""
        person = self.get_object(request, object_id)
        if person is None or not self.has_view_permission(request, person):
            raise PermissionDenied
        value = look(acting(request), person, field, form.cleaned_data["reason"])
        label = {"phone": _("Phone"), "document": _("Document number")}[field]
        context = {"label": label, "value": value}
        return render(request, "admin/residents/person/shown.html", context)

    new_phone = deed(
        "new_phone",
        _("Change to a new phone"),
        _("You have checked who stands before you. The old number is signed out everywhere."),
        _("The new number counts from now on."),
        operations.replace_phone,
        icon="smartphone",
        form=PhoneForm,
    )
    confirm_phone = deed(
        "confirm_phone",
        _("Confirm the phone"),
        _("The person answered this number before you. Another file that had it loses it."),
        _("The phone is confirmed."),
        operations.confirm_phone,
        icon="verified_user",
    )
    merge = deed(
        "merge",
        _("Merge another file into this one"),
        _("Compare both files first. The other file is empty afterwards; this cannot be undone."),
        _("The two files are one now."),
        person_file.merge_found,
        icon="merge",
        form=MergeForm,
    )
    move_out = deed(
        "move_out",
        _("Moves out"),
        _("Residency, registration, lease, cars and ways in end together after the last day."),
        _("The move-out is on file."),
        person_file.move_out_of,
        icon="logout",
        form=MoveOutForm,
    )

    @action(description=_("Somebody moves in"), permissions=["add"], icon="login")
    def move_in(self, request: HttpRequest, queryset: QuerySet[Any] | None = None) -> HttpResponse:
        from residents.admin.moves import move_in_page

        return move_in_page(self, request)
