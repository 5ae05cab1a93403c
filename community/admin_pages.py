"""Paging through lists of any length: nobody waits for a count of millions."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
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
