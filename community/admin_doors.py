"""The door of a deed's dialog, for whoever may see the row; and which deeds a row has a use for."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

View = Callable[..., HttpResponse]


class RowDoors:
    """Before ``ModelAdmin`` among the bases. The deed itself asks who may do it."""

    def get_urls(self: Any) -> list[Any]:
        deeds = tuple(f"_{name}" for name in self._extract_action_names(self.actions_detail))
        found = list(super().get_urls())  # type: ignore[misc]
        for each in found:
            if deeds and "object_id" in str(each.pattern) and (each.name or "").endswith(deeds):
                each.callback = seen_only(self, each.callback)
        return found


def seen_only(page: Any, view: View) -> View:
    """``view``, for rows that the user sees; to others there is no such page."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if page.admin_site.has_permission(request):
            if not page.has_view_permission(request):
                raise PermissionDenied
            row = page.get_object(request, unquote(str(kwargs["object_id"])))
            if row is None or not page.has_view_permission(request, row):
                raise Http404
        return view(request, *args, **kwargs)

    return asked


class FittingDeeds:
    """Before ``CompoundAdmin``: a row's page and menu offer those deeds that fit it as it stands.

    What was offered before the row moved on is refused by the deed's own verb.
    """

    def fits(self, deed: str, row: Any) -> bool:
        """Whether the deed of this name can be done to ``row`` now."""
        raise NotImplementedError

    def get_actions_detail(self: Any, request: HttpRequest, object_id: Any) -> list[Any]:
        shown = super().get_actions_detail(request, object_id)  # type: ignore[misc]
        row = self.get_object(request, unquote(str(object_id))) if object_id else None
        if row is None:
            return list(shown)
        return [one for one in shown if self.fits(one.method.__name__, row)]
