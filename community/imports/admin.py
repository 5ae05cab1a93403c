"""Taking in a list in the office: upload, look at what was found, release, watch it go in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminFileFieldWidget

from community.admin_base import CompoundAdmin, DeedForm, VisibleRelatedFilter, acting, show_refusal
from community.admin_pages import WithFacts
from community.imports.operations import Importer
from community.models.imports import ListImport
from community.querysets import OFFICE
from community.sheets import MOST_BYTES

State = ListImport.State
FOLDER = "admin/community/listimport"


class UploadForm(forms.Form):
    """A subclass says in its help text which columns a list has."""

    file = forms.FileField(label=_("File with the list"), widget=UnfoldAdminFileFieldWidget)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is over 10 MB. Split it into smaller lists."))
        return file


@dataclass(frozen=True)
class Fault:
    """A fault in words; ``url`` leads to what it is about, where that helps."""

    words: str
    url: str = ""


class ListImportAdmin(WithFacts, CompoundAdmin):
    """Base of a page of lists. A subclass names its importer, its form, and what it shows.

    It declares the action ``release`` itself, since each kind of list has its own words for it.
    """

    importer: Importer
    upload_form: type[UploadForm] = UploadForm
    upload_template = f"{FOLDER}/upload.html"
    upload_title: Any = ""
    read_roles = OFFICE
    change_form_template = f"{FOLDER}/change_form.html"
    list_display = ["file_name", "told_state", "progress", "created_by", "created_at"]
    list_select_related = ["created_by"]
    list_filter = ["state", ("compound", VisibleRelatedFilter)]
    search_fields = ["file_name"]
    search_help_text = _("Name of the file")
    fields = readonly_fields = ["file_name", "state", "progress", "created_by", "created_at"]
    actions_detail = ["release"]

    def preview(self, batch: Any) -> Any:
        """What a checked list would do: ``fresh``, ``known``, ``labels`` and ``rows``."""
        raise NotImplementedError

    def tell(self, found: Mapping[str, Any]) -> Fault:
        """One fault in the reader's language."""
        raise NotImplementedError

    def create(self, request: HttpRequest, compound: Any, values: dict[str, Any]) -> Any:
        file = values.pop("file")
        who = acting(request)
        return self.importer.check(file, name=file.name, compound=compound, actor=who, **values)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<int:pk>/progress/", view, name=self._name("progress")), *super().get_urls()]

    def _name(self, page: str) -> str:
        return f"{self.model._meta.app_label}_{self.model._meta.model_name}_{page}"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The upload. Not Django's own view: that one is a single transaction, a list is many."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.upload_form(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                batch = self.create(request, request.compound, form.cleaned_data)  # type: ignore[attr-defined]
            except ValidationError as refusal:
                show_refusal(form, ValidationError({"file": refusal.messages}))
            else:
                url = reverse(f"admin:{self._name('change')}", args=[batch.pk])
                return HttpResponseRedirect(url)
        context = {
            **self.admin_site.each_context(request),
            "title": self.upload_title,
            "opts": self.model._meta,
            "form": form,
        } | (extra_context or {})
        return TemplateResponse(request, self.upload_template, context)

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {
            "batch": row,
            "progress_url": self._progress_url(row),
            "faults": [self.tell(one) for one in row.faults],
            "preview": self.preview(row) if row.state == State.CHECKED else None,
        }

    def _progress_url(self, batch: Any) -> str:
        return reverse(f"admin:{self._name('progress')}", args=[batch.pk])

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.get_object(request, str(pk))
        if batch is None or not self.has_view_permission(request, batch):
            raise PermissionDenied
        context = {"batch": batch, "progress_url": self._progress_url(batch)}
        answer = render(request, f"{FOLDER}/progress.html", context)
        if batch.state != State.APPLYING:
            # The rest of the page tells of the state too.
            answer["HX-Refresh"] = "true"
        return answer

    @display(
        description=_("State"),
        label={State.APPLIED: "success", State.REFUSED: "danger", State.APPLYING: "info"},
    )
    def told_state(self, batch: Any) -> tuple[str, str]:
        return batch.state, batch.get_state_display()

    @display(description=_("Rows applied"))
    def progress(self, batch: Any) -> str:
        return f"{batch.applied} / {batch.rows}"

    def has_release_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Unfold hands over the id of the row where it has no row.
        batch: Any = obj if isinstance(obj, self.model) else None
        if batch is None and obj is not None:
            batch = self.get_object(request, str(obj))
        ready = batch is None or batch.state == State.CHECKED
        return ready and self.holds(request, self.write_roles, batch)

    def release_list(
        self, request: HttpRequest, form: DeedForm, object_id: str, said: Any
    ) -> HttpResponse:
        """What the action ``release`` of a subclass does."""
        batch = self.row(request, object_id)
        return self.do(
            request, form, lambda: self.importer.start(batch.pk, actor=acting(request)), said
        )
