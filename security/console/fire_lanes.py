"""Cars in fire lanes: the list, and the evidence of one case as it is printed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from parking import finding
from parking.models import FireCase, FireLane, FireSighting
from parking.operations import sealed
from security.console.access import for_guards, number
from security.listing import (
    MOST_ROWS,
    PeriodForm,
    as_file,
    local,
    page_of,
    query_without_page,
)

SHOWS = ("standing", "pack")
PICTURES = 60


def _cases(request: Any) -> Any:
    rows = FireCase.objects.visible_to(request.user).of(request.compound)
    return rows.select_related("lane", "vehicle__unit")


@for_guards
@require_GET
def fire_lanes(request: Any) -> HttpResponse:
    """By lane, plate, day and state; as a file too. Who was told or given to the guard only."""
    form = PeriodForm(request.GET or None)
    show, lane = request.GET.get("show", ""), number(request.GET.get("lane"))
    text = request.GET.get("q", "").strip()[:20]
    rows = form.within(_cases(request), "first_at") if form.is_bound else _cases(request)
    if show == "standing":
        rows = rows.standing()
    elif show == "pack":
        rows = rows.with_pack()
    if lane:
        rows = rows.filter(lane=lane)
    if part := finding.wanted(text):
        rows = rows.filter(plate__contains=part)
    rows = rows.order_by("-first_at", "-pk")
    if "format" in request.GET:
        return as_file(_lines(rows), "fire-lanes", request.GET["format"])
    page = page_of(request, rows)
    context = {
        "form": form,
        "show": show if show in SHOWS else "",
        "lane": lane,
        "q": text,
        "page": page,
        "rows": [(row, *_stands(row)) for row in page],
        "query": query_without_page(request),
        "lanes": FireLane.objects.visible_to(request.user).of(request.compound),
    }
    return render(request, "guard/fire_lanes.html", context)


def _stands(case: FireCase) -> tuple[str, str]:
    """Mark and word of a case."""
    if case.pack_at:
        return "deny", _("Evidence kept")
    if case.left_at is None:
        return "ask", _("Stands there")
    return "allow", _("Drove away when told") if case.told_at else _("Has gone")


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    yield (
        _("Fire lane"), _("Plate"), _("Home"), _("First seen"), _("Last seen"), _("Minutes"),
        _("Owner told"), _("Evidence kept since"), _("State"),
    )  # fmt: skip
    for row in rows[:MOST_ROWS]:
        yield (
            row.lane.name, row.plate, _home(row), local(row.first_at), local(row.last_at),
            row.minutes, local(row.told_at), local(row.pack_at), _stands(row)[1],
        )  # fmt: skip


def _home(case: FireCase) -> str:
    return case.vehicle.unit.code if case.vehicle and case.vehicle.unit else ""


@for_guards
@require_GET
def paper(request: Any, key: int) -> HttpResponse:
    """The evidence: lane, plate, times, pictures; without the owner's name."""
    case = get_object_or_404(_cases(request), pk=key)
    context = {
        "case": case,
        "sightings": case.sightings.exclude(file="").order_by("at")[:PICTURES],
        "seen": case.sightings.count(),
        "now": timezone.now(),
    }
    return render(request, "guard/fire_paper.html", context)


@for_guards
@require_GET
def picture(request: Any, key: int) -> HttpResponse:
    rows = FireSighting.objects.visible_to(request.user).filter(case__compound=request.compound)
    body = sealed.shown(get_object_or_404(rows, pk=key))
    if body is None:
        raise Http404
    headers = {"Cache-Control": "private, no-store"}
    return HttpResponse(body, content_type="image/jpeg", headers=headers)


urlpatterns = [
    path("guard/fire-lanes/", fire_lanes, name="guard-fire-lanes"),
    path("guard/fire-lanes/<int:key>/", paper, name="guard-fire-paper"),
    path("guard/fire-lanes/pictures/<int:key>.jpg", picture, name="guard-fire-picture"),
]
