"""Exports for the police station: make one, take its file again by its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action

from community.admin_base import (
    DeedForm,
    VisibleRelatedFilter,
    acting,
    go,
    working_in,
)
from community.admin_pages import WithFacts
from community.office_export import TYPES
from community.querysets import OFFICE
from residents import operations
from residents.admin.deeds import DealsAdmin
from residents.models import ExportReceipt

FOLDER = "admin/residents/exportreceipt"


@admin.register(ExportReceipt)
class ExportReceiptAdmin(WithFacts, DealsAdmin):
    read_roles = OFFICE
    list_display = ["number", "made_at", "made_by", "rows", "is_complete"]
    list_select_related = ["made_by"]
    list_filter = ["made_at", ("compound", VisibleRelatedFilter)]
    search_fields = ["number"]
    fields = ["number", "made_at", "made_by", "jurisdiction", "rows", "is_complete"]
    change_form_template = f"{FOLDER}/change_form.html"
    actions_list = ["make"]
    actions_detail = ["as_excel", "as_csv"]

    def has_make_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        compound = working_in(request)
        roles = acting(request).roles_in(compound) if compound is not None else set()
        return bool(roles & self.write_roles)

    @action(
        description=gettext_lazy("Report what is new and changed"),
        permissions=["make"],
        icon="send",
        dialog={
            "title": gettext_lazy("Report what is new and changed"),
            "description": gettext_lazy(
                "All of it goes on one receipt, and counts as reported from now on."
            ),
            "form_class": DeedForm,
            "form_submit_text": gettext_lazy("Make the file"),
        },
    )
    def make(self, request: HttpRequest, form: DeedForm) -> HttpResponse:
        compound: Any = request.compound  # type: ignore[attr-defined]
        receipt = operations.start_export(compound, actor=acting(request))
        if receipt is None:
            text = _("The police station knows all there is. Nothing new, nothing changed.")
            messages.info(request, text)
            return go(request, reverse("admin:residents_exportreceipt_changelist"))
        text = _("Receipt %(number)s is being made. You may leave the page meanwhile.")
        messages.info(request, text % {"number": receipt.number})
        return go(request, reverse("admin:residents_exportreceipt_change", args=[receipt.pk]))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.progress_view)
        name = "residents_exportreceipt_progress"
        return [path("<int:pk>/progress/", view, name=name), *super().get_urls()]

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"receipt": row}

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """How far a receipt has come; the page is drawn anew when its file can be taken."""
        receipt = self.get_object(request, str(pk))
        if receipt is None or not self.has_view_permission(request, receipt):
            raise PermissionDenied
        answer = render(request, f"{FOLDER}/progress.html", {"receipt": receipt})
        if receipt.is_complete:
            answer["HX-Refresh"] = "true"
        return answer

    def has_take_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A file is taken when all rows are on its receipt."""
        receipt = obj if isinstance(obj, ExportReceipt) else None
        if receipt is None and obj is not None:
            receipt = self.get_object(request, str(obj))
        ready = receipt is None or receipt.is_complete
        return ready and self.has_deal_permission(request, receipt)

    @action(description=gettext_lazy("As Excel"), permissions=["take"], icon="download")
    def as_excel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "xlsx")

    @action(description=gettext_lazy("As CSV"), permissions=["take"], icon="download")
    def as_csv(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "csv")

    def _file(self, request: HttpRequest, object_id: str, form: str) -> Any:
        receipt = self.row(request, object_id)
        name = f"residents-{receipt.number}.{form}"
        return StreamingHttpResponse(
            operations.file_of(receipt, form),
            content_type=TYPES[form],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )
