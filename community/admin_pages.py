"""What pages of the office share: lists of any length, and rows with more than their fields."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property


class BoundedPaginator(Paginator):
    """Counts as far as somebody may leaf, and says when there is more: filters lead there."""

    MOST = 10_000
    template_name = "office/pagination.html"

    @cached_property
    def _found(self) -> int:
        rows: Any = self.object_list
        # A slice is counted inside the database, which stops at its end.
        return int(rows.order_by()[: self.MOST + 1].count())

    @cached_property
    def count(self) -> int:
        return min(self._found, self.MOST)

    @property
    def is_cut(self) -> bool:
        """Whether the list goes on behind the last page."""
        return self._found > self.MOST


class WithFacts:
    """A row's page that shows more than its fields: ``facts`` says what, once for each look."""

    def facts(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the page's template gets beside the form."""
        raise NotImplementedError

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        page: Any = self
        row = page.get_object(request, object_id)
        if row is not None and page.has_view_permission(request, row):
            extra_context = self.facts(request, row) | (extra_context or {})
        base: Any = super()
        shown: HttpResponse = base.change_view(request, object_id, form_url, extra_context)
        return shown
