"""Taking in lists of people, registrations and homes: sheet, upload, preview, release, progress."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from community.admin_base import DeedForm, working_in
from community.imports.admin import Fault, ListImportAdmin, UploadForm
from community.office_export import TYPES
from residents import import_preview, import_sheets
from residents.import_columns import LISTS as COLUMNS
from residents.import_sentences import tell
from residents.models import ResidentImport
from residents.operations.imports import LISTS

Kind = ResidentImport.Kind


class ListForm(UploadForm):
    kind = forms.ChoiceField(
        label=_("What the list holds"), choices=Kind.choices, widget=UnfoldAdminSelectWidget
    )
    file = forms.FileField(
        label=_("File with the list"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "CSV or Excel, up to 10 MB and 20,000 rows. The first row names the columns, in "
            "Chinese or English. Take an empty sheet below: it explains each column."
        ),
    )


@admin.register(ResidentImport)
class ResidentImportAdmin(ListImportAdmin):
    importer = LISTS
    upload_form = ListForm
    upload_template = "admin/residents/residentimport/upload.html"
    upload_title = _("Take in a list of people or homes")
    list_display = ["file_name", "kind", "told_state", "progress", "created_by", "created_at"]
    list_filter = ["kind", *ListImportAdmin.list_filter]
    fields = readonly_fields = [
        "file_name",
        "kind",
        "state",
        "progress",
        "created_by",
        "created_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        sheet = self.admin_site.admin_view(self.sheet_view)
        return [path("sheet/<str:kind>/", sheet, name=self._name("sheet")), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        compound = getattr(request, "compound", None)
        address = f"admin:{self._name('sheet')}"
        sheets = [(Kind(kind).label, reverse(address, args=[kind])) for kind in COLUMNS]
        if compound is not None and import_sheets.has_sample(compound):
            sheets.append(
                (_("A list with invented people, to try"), reverse(address, args=["sample"]))
            )
        return super().add_view(request, form_url, {"sheets": sheets} | (extra_context or {}))

    def sheet_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """An empty sheet with the columns explained, or the sample of the demo."""
        compound: Any = getattr(request, "compound", None)
        if not self.has_add_permission(request) or working_in(request) is None:
            raise PermissionDenied
        if kind == "sample" and import_sheets.has_sample(compound):
            body = import_sheets.sample(compound)
        elif kind in COLUMNS:
            body = import_sheets.empty(kind)
        else:
            raise Http404
        named = {"Content-Disposition": f'attachment; filename="residents-{kind}.xlsx"'}
        return HttpResponse(body, content_type=TYPES["xlsx"], headers=named)

    def preview(self, batch: Any) -> Any:
        return import_preview.preview(batch)

    def tell(self, found: Mapping[str, Any]) -> Fault:
        """A document that is on another file leads there: the desk compares, and merges."""
        person = found.get("person")
        url = reverse("admin:residents_person_change", args=[person]) if person else ""
        return Fault(tell(found), url)

    @action(
        description=_("Take this list in"),
        permissions=["release"],
        icon="done_all",
        dialog={
            "title": _("Take this list in"),
            "description": _(
                "All rows go in, a few at a time, while the gates keep working. "
                "You may leave the page meanwhile."
            ),
            "form_class": DeedForm,
            "form_submit_text": _("Take it in"),
        },
    )
    def release(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        return self.release_list(request, form, object_id, _("The list is going in."))
