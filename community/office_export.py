"""Taking a list of the office away as a file: what is shown, with the same search and filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from community import events
from community.office_rows import CHECKBOX, plain
from community.sheets import WRITERS

#: Rows that one file takes at most; a workbook is put together before it is sent, so it is shorter.
MOST = {"csv": 100_000, "xlsx": 20_000}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class Exported:
    """For an admin page: ``export/csv/`` and ``export/xlsx/`` beside its list."""

    def get_urls(self: Any) -> list[URLPattern]:
        opts = self.model._meta
        view = self.admin_site.admin_view(self.export_view)
        name = f"{opts.app_label}_{opts.model_name}_export"
        urls: list[URLPattern] = super().get_urls()  # type: ignore[misc]
        return [path("export/<str:form>/", view, name=name), *urls]

    def export_view(self: Any, request: HttpRequest, form: str) -> HttpResponseBase:
        """The list as a file. It is recorded who took which list."""
        if form not in WRITERS:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        opts = self.model._meta
        try:
            shown = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(reverse(f"admin:{opts.app_label}_{opts.model_name}_changelist"))
        self._record_export(request, form)
        rows = self.export_queryset(request, shown.get_queryset(request))[: MOST[form]]
        day = timezone.localdate().isoformat()
        return StreamingHttpResponse(
            WRITERS[form](self.export_rows(shown, rows)),
            content_type=TYPES[form],
            headers={
                "Content-Disposition": f'attachment; filename="{opts.model_name}-{day}.{form}"'
            },
        )

    def export_queryset(self, request: HttpRequest, rows: Any) -> Any:
        """Of the rows that the list shows, those that go into the file."""
        return rows

    def export_rows(self: Any, shown: Any, rows: Any) -> Iterator[Sequence[Any]]:
        """The head and the rows of the file; here the columns of the list."""
        names = [name for name in shown.list_display if name != CHECKBOX]
        yield [str(label_for_field(name, self.model, self)) for name in names]
        for row in rows.iterator(chunk_size=500):
            yield [plain(shown, name, row) for name in names]

    def _record_export(self: Any, request: Any, form: str) -> None:
        table = self.model._meta.label_lower
        if request.compound:
            with events.writing():
                events.record(
                    "list.exported",
                    compound=request.compound,
                    actor=request.user,
                    table=table,
                    form=form,
                )
