"""The guard's page of cars: how full each area is, where a car is, who is in the way; disputes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parking import finding, occupancy
from parking import operations as parking
from parking.models import BlockedCar, Dispute
from security.console.access import for_guards, number
from security.console.deeds import say
from security.listing import MOST_ROWS, as_file, local, page_of, query_without_page

SHOWN = 10
MARKS = {"waiting": "due", "corrected": "allow", "stands": "info"}
BLOCKED = {"told": "due", "coming": "info", "guard": "ask", "over": "allow"}


@for_guards
@require_GET
def cars(request: Any) -> HttpResponse:
    """Cars inside, by a part of the plate and by area; as a file too."""
    text, area = request.GET.get("q", "").strip()[:20], number(request.GET.get("area"))
    rows = finding.inside(request.compound, text, area)
    if "format" in request.GET:
        return as_file(_lines(rows), "cars", request.GET["format"])
    page = page_of(request, rows)
    context = {
        "q": text,
        "area": area,
        "page": page,
        "rows": finding.described(list(page)),
        "away": finding.away(request.compound, text),
        "query": query_without_page(request),
        "blocked": [(row, BLOCKED[row.state]) for row in _in_the_way(request)[:SHOWN]],
        **_levels(request),
    }
    return render(request, "guard/cars.html", context)


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    yield (_("Plate"), _("Home"), _("Parking area"), _("Place"), _("Inside since"))
    for one in finding.described(list(rows[:MOST_ROWS])):
        yield (one.plate or one.ticket, one.home, one.area, one.places, local(one.since))


def _levels(request: Any) -> dict[str, Any]:
    return {"levels": occupancy.levels(request.compound)}


@for_guards
@require_GET
def levels(request: Any) -> HttpResponse:
    """The board alone: asked again by the page."""
    return render(request, "guard/levels.html", _levels(request))


def _in_the_way(request: Any) -> Any:
    rows = BlockedCar.objects.visible_to(request.user).of(request.compound).open()
    return rows.select_related("vehicle__unit").order_by("-pk")


@for_guards
@require_POST
def over(request: Any, key: int) -> HttpResponse:
    """The guard saw that it has gone."""
    parking.end_blocked(get_object_or_404(_in_the_way(request), pk=key), actor=request.user)
    return redirect("guard-cars")


@for_guards
@require_GET
def disputes(request: Any) -> HttpResponse:
    return _show(request)


def _rows(request: Any) -> Any:
    rows = Dispute.objects.visible_to(request.user).of(request.compound)
    return rows.select_related("stay__vehicle__unit", "person", "answered_by")


def _show(request: Any, status: int = 200, **more: Any) -> HttpResponse:
    show = "answered" if request.GET.get("show") == "answered" else ""
    text = request.GET.get("q", "").strip()[:20]
    rows = _rows(request).filter(answered_at__isnull=not show)
    if part := finding.wanted(text):
        rows = rows.filter(stay__plate__contains=part)
    page = page_of(request, rows.order_by("-pk"))
    context = {
        "show": show,
        "q": text,
        "page": page,
        "rows": [(row, MARKS[row.state]) for row in page],
        "query": query_without_page(request),
        "errors": {},
        **more,
    }
    return render(request, "guard/disputes.html", context, status=status)


@for_guards
@require_POST
def answer(request: Any, key: int) -> HttpResponse:
    row = get_object_or_404(_rows(request), pk=key)
    given = {name: request.POST.get(name, "") for name in ("outcome", "answer")}
    try:
        parking.answer_dispute(row, actor=request.user, **given)
    except ValidationError as refusal:
        told = getattr(refusal, "message_dict", None) or {"answer": refusal.messages}
        return _show(request, 422, errors=told, of=row.pk, given=given)
    return _show(request, said=say("allow", _("It is answered, and the resident is told.")))


urlpatterns = [
    path("guard/cars/", cars, name="guard-cars"),
    path("guard/cars/levels/", levels, name="guard-levels"),
    path("guard/cars/blocked/<int:key>/over/", over, name="guard-blocked-over"),
    path("guard/disputes/", disputes, name="guard-disputes"),
    path("guard/disputes/<int:key>/", answer, name="guard-dispute-answer"),
]
