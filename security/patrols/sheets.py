"""The sheets that hang at the points: drawn for managers, each with its point's code."""

from __future__ import annotations

from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from security.console.access import for_guards
from security.models import PatrolPoint, PatrolRoute


@for_guards
@require_GET
def of_point(request: Any, key: int) -> HttpResponse:
    point = get_object_or_404(_points(request), pk=key)
    return _render(request, [point], point.name)


@for_guards
@require_GET
def of_route(request: Any, key: int) -> HttpResponse:
    """All sheets of a route, in its order."""
    rows = PatrolRoute.objects.visible_to(request.user).of(request.compound)
    route = get_object_or_404(rows, pk=key)
    points = _points(request).filter(stops__route=route).order_by("stops__order")
    return _render(request, list(points), route.name)


def _points(request: Any) -> Any:
    """Who may print a code may walk the round from a chair: managers only."""
    if "manager" not in request.user.roles_in(request.compound):
        raise Http404
    return PatrolPoint.objects.visible_to(request.user).of(request.compound)


def _render(request: Any, points: list[PatrolPoint], title: str) -> HttpResponse:
    sheets = [
        {"point": point, "qr": _qr(address(request, point)), "number": number}
        for number, point in enumerate(points, start=1)
    ]
    return render(request, "patrols/sheets.html", {"sheets": sheets, "title": title})


def address(request: Any, point: PatrolPoint) -> str:
    """What the code says: the scanning page of this point, at the name this page is open under."""
    path = reverse("patrol-scan", args=[point.secret])
    found: str = request.build_absolute_uri(path)
    return found


def _qr(text: str) -> SafeString:
    drawn = segno.make(text, micro=False, error="q")
    svg: str = drawn.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from our own address, no text in it
