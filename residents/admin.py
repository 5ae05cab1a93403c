"""People's files and residencies in the office: numbers are masked, and a look has a reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.looks import look
from community.models import Compound
from residents import masking, operations
from residents.models import Person, Residency
from residents.querysets import READERS

REPLACE = _("Fill in only to replace what is on file.")
SHOW: dict[str, Any] = {
    "description": _("Your name, the time and the reason are kept, and the person can read them."),
    "form_class": ReasonForm,
    "form_submit_text": _("Show"),
}


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

    class Meta:
        model = Person
        fields = ["name"]


class ResidencyInline(CompoundInline):
    model = Residency
    fields = readonly_fields = ["unit", "kind", "started_on", "ended_on"]
    read_roles = READERS
    verbose_name_plural = _("Homes")


@admin.register(Person)
class PersonAdmin(CompoundAdmin):
    form = PersonForm
    read_roles = READERS
    list_display = ["name", "masked_phone", "masked_document", "homes"]
    list_filter = [("compound", VisibleRelatedFilter)]
    search_fields = ["name"]
    search_help_text = _("Name, or a whole phone or document number")
    inlines = [ResidencyInline]
    readonly_fields = ["masked_phone", "masked_document", "user"]
    actions_detail = ["show_phone", "show_document"]
    NEW = ["new_phone", "new_document_kind", "new_document"]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return [(None, {"fields": ["name", *self.NEW]})]
        kept = ["name", "masked_phone", "masked_document", "user"]
        if not self.has_change_permission(request, obj):
            return [(None, {"fields": kept})]
        changed = (_("Change the numbers"), {"fields": [*self.NEW, "no_phone"]})
        return [(None, {"fields": kept}), changed]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("residencies__unit")

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[Any, bool]:
        if not search_term:
            return queryset, False
        user = acting(request)
        everywhere = Compound.objects.values_list("pk", flat=True)
        compounds = everywhere if user.is_superuser else user.compounds_as(READERS)
        return queryset.search(search_term, compounds), False

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.add_person(
            compound=compound,
            actor=acting(request),
            name=values["name"],
            phone=values["new_phone"],
            document_kind=values["new_document_kind"],
            document=values["new_document"],
        )

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        given: dict[str, Any] = {"name": values["name"]}
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


class EndForm(DeedForm):
    ended_on = forms.DateField(label=_("Last day"), widget=UnfoldAdminSingleDateWidget)


@admin.register(Residency)
class ResidencyAdmin(CompoundAdmin):
    read_roles = READERS
    list_display = ["person", "unit", "kind", "started_on", "ended_on"]
    list_select_related = ["person", "unit"]
    list_filter = [
        "kind",
        ("ended_on", admin.EmptyFieldListFilter),
        ("unit__building", VisibleRelatedFilter),
        ("compound", VisibleRelatedFilter),
    ]
    search_fields = ["person__name", "unit__code"]
    autocomplete_fields = ["person", "unit"]
    fields = ["person", "unit", "kind", "started_on", "ended_on"]
    actions_detail = actions_row = ["end"]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.add_residency(actor=acting(request), **values)

    def has_end_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.holds(request, self.write_roles, obj)

    @action(
        description=_("End the residency"),
        permissions=["end"],
        icon="logout",
        dialog={
            "title": _("End the residency"),
            "description": _("Cars that this person registered for the home end with it."),
            "form_class": EndForm,
            "form_submit_text": _("End the residency"),
        },
    )
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, day = self.row(request, object_id), form.cleaned_data["ended_on"]
        return self.do(
            request,
            form,
            lambda: operations.end_residency(row, on=day, actor=acting(request)),
            _("The residency ends on the day that you gave."),
        )
