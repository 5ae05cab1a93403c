"""Taking in a list of cars: upload, look at what was found, release, watch it go in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget

from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    VisibleRelatedFilter,
    acting,
    show_refusal,
)
from community.querysets import OFFICE
from community.sheets import MOST_BYTES
from parking import lists, operations
from parking.models import VehicleImport
from parking.operations.staging import tell

State = VehicleImport.State


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("File with the list"),
        widget=UnfoldAdminFileFieldWidget,
        help_text=_(
            "CSV or Excel, up to 10 MB and 20,000 rows. The first row names the columns: "
            "车牌, 房号, 车主, 类型, 颜色, 起, 止. Only 车牌 is needed."
        ),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is over 10 MB. Split it into smaller lists."))
        return file


@admin.register(VehicleImport)
class VehicleImportAdmin(CompoundAdmin):
    read_roles = OFFICE
    change_form_template = "admin/parking/vehicleimport/change_form.html"
    list_display = ["file_name", "told_state", "progress", "created_by", "created_at"]
    list_select_related = ["created_by"]
    list_filter = ["state", ("compound", VisibleRelatedFilter)]
    search_fields = ["file_name"]
    search_help_text = _("Name of the file")
    fields = readonly_fields = ["file_name", "state", "progress", "created_by", "created_at"]
    actions_detail = ["release"]

    def create(self, request: HttpRequest, compound: Any, values: dict[str, Any]) -> Any:
        file = values["file"]
        return operations.check_import(
            file, name=file.name, compound=compound, actor=acting(request)
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        name = "parking_vehicleimport_progress"
        return [path("<int:pk>/progress/", view, name=name), *super().get_urls()]

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The upload. Not Django's own view: that one is a single transaction, a list is many."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            try:
                batch = self.create(request, request.compound, form.cleaned_data)  # type: ignore[attr-defined]
            except ValidationError as refusal:
                show_refusal(form, ValidationError({"file": refusal.messages}))
            else:
                url = reverse("admin:parking_vehicleimport_change", args=[batch.pk])
                return HttpResponseRedirect(url)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take in a list of cars"),
            "opts": self.model._meta,
            "form": form,
        }
        return TemplateResponse(request, "admin/parking/vehicleimport/upload.html", context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is not None:
            extra_context = {
                "batch": batch,
                "faults": [tell(one) for one in batch.faults],
                "preview": lists.preview(batch) if batch.state == State.CHECKED else None,
            } | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra_context)

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = self.get_object(request, str(pk))
        if batch is None or not self.has_view_permission(request, batch):
            raise PermissionDenied
        answer = render(request, "admin/parking/vehicleimport/progress.html", {"batch": batch})
        if batch.state != State.APPLYING:
            # The rest of the page tells of the state too.
            answer["HX-Refresh"] = "true"
        return answer

    @display(
        description=_("State"),
        label={State.APPLIED: "success", State.REFUSED: "danger", State.APPLYING: "info"},
    )
    def told_state(self, batch: VehicleImport) -> tuple[str, str]:
        return batch.state, batch.get_state_display()

    @display(description=_("Rows applied"))
    def progress(self, batch: VehicleImport) -> str:
        return f"{batch.applied} / {batch.rows}"

    def has_release_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Unfold hands over the id of the row where it has no row.
        batch = obj if isinstance(obj, VehicleImport) else None
        if batch is None and obj is not None:
            batch = self.get_object(request, str(obj))
        ready = batch is None or batch.state == State.CHECKED
        return ready and self.holds(request, self.write_roles, batch)

    @action(
        description=_("Take these cars in"),
        permissions=["release"],
        icon="done_all",
        dialog={
            "title": _("Take these cars in"),
            "description": _(
                "All rows go in, a few at a time, while the gates keep working. "
                "You may leave the page meanwhile."
            ),
            "form_class": DeedForm,
            "form_submit_text": _("Take them in"),
        },
    )
    def release(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        batch = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.start_import(batch.pk, actor=acting(request)),
            _("The cars are going in."),
        )
