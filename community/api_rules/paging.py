"""Pages by cursor: rows that come in meanwhile move nothing."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """The newest row first; `next` and `previous` are whole addresses."""

    ordering = "-id"
    page_size_query_param = "page_size"
    page_size_query_description: Any = _("Rows on one page, 1 to 200; 50 if not said.")
    cursor_query_description: Any = _("Where to go on, as `next` or `previous` said it.")
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, TypeError, OverflowError, ValidationError) as error:
            # A cursor that somebody made up.
            raise NotFound from error
