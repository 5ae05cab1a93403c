"""What every page of the set-up has: its place in the list, and rows that the reader may see."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from community.models import Lane
from security.setup.steps import CheckList


def page(request: Any, template: str, **context: Any) -> HttpResponse:
    """Draw a page; a form with faults says so to machines too."""
    form = context.get("form")
    status = context.pop("status", 422 if form is not None and form.errors else 200)
    if request.compound:
        context.setdefault("list", CheckList(request.user, request.compound))
    return render(request, f"setup/{template}.html", context, status=status)


def lane_of(request: Any, key: int) -> Lane:
    """A lane of the compound in use. Raises Http404."""
    rows = Lane.objects.visible_to(request.user).of(request.compound)
    lane: Lane | None = (
        rows.select_related("gate", "camera", "barrier", "compound")
        .prefetch_related("setup_checks")
        .filter(pk=key)
        .first()
    )
    if lane is None:
        raise Http404
    return lane
