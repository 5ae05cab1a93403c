"""Exports for the police station: make one, take its file again by its receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
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
from community.querysets import OFFICE
from residents import operations
from residents.admin.deeds import DealsAdmin
from residents.models import ExportReceipt

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@admin.register(ExportReceipt)
class ExportReceiptAdmin(DealsAdmin):
    read_roles = OFFICE
    list_display = ["number", "made_at", "made_by", "rows", "is_complete"]
    list_select_related = ["made_by"]
    list_filter = ["made_at", ("compound", VisibleRelatedFilter)]
    search_fields = ["number"]
    fields = ["number", "made_at", "made_by", "jurisdiction", "rows", "is_complete"]
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
        receipt = operations.export_registrations(compound, actor=acting(request))
        if receipt is None:
            text = _("The police station knows all there is. Nothing new, nothing changed.")
            messages.info(request, text)
            return go(request, reverse("admin:residents_exportreceipt_changelist"))
        receipt.refresh_from_db()
        text = _("Receipt %(number)s with %(rows)s rows. Take the file to the police station.")
        messages.success(request, text % {"number": receipt.number, "rows": receipt.rows})
        return go(request, reverse("admin:residents_exportreceipt_change", args=[receipt.pk]))

    @action(description=gettext_lazy("As Excel"), permissions=["deal"], icon="download")
    def as_excel(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._file(request, object_id, "xlsx")

    @action(description=gettext_lazy("As CSV"), permissions=["deal"], icon="download")
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
