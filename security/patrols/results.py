"""All rounds with how they went: found by route, result, guard and day, and to take away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from security.console.access import for_guards
from security.listing import MOST_ROWS, as_file, local, page_of, query_without_page
from security.models import PatrolPoint, PatrolRound, PatrolScan
from security.patrols import shown
from security.patrols.forms import FindRoundForm

State = PatrolRound.State
BY_HAND = Count("scans", filter=Q(scans__how=PatrolScan.How.HAND))
ASKEW = Count("scans", filter=Q(scans__out_of_order=True))


def found(request: Any, form: FindRoundForm) -> Any:
    rows = form.within(shown.rounds(request.user, request.compound), "planned_at")
    values = form.values()
    if values.get("route"):
        rows = rows.filter(route=values["route"])
    if values.get("state"):
        rows = rows.filter(state=values["state"])
    else:
        rows = rows.filter(Q(planned_at__lte=timezone.now()) | ~Q(state=State.PLANNED))
    for word in values.get("q", "").split():
        rows = rows.filter(started_by__name__icontains=word)
    rows = rows.annotate(by_hand=BY_HAND, askew=ASKEW)
    return rows.order_by("-planned_at", "-pk")


@for_guards
@require_GET
def results(request: Any) -> HttpResponse:
    form = FindRoundForm(request.compound, request.GET)
    rows = found(request, form)
    if "format" in request.GET:
        return as_file(_lines(request.compound, rows), "patrols", request.GET["format"])
    page, now = page_of(request, rows), timezone.now()
    context = {
        "form": form,
        "page": page,
        "cards": [shown.card(row, now) for row in page],
        "query": query_without_page(request),
        "nothing": _nothing(bool(query_without_page(request))),
    }
    return render(request, "patrols/results.html", context)


def _nothing(searched: bool) -> dict[str, str]:
    if searched:
        title, after = _("No round like this"), _("Try another route, or more days.")
        return {"icon": "search", "title": title, "next": after}
    title, after = _("No round was walked yet"), _("A manager sets routes up in the office.")
    return {"icon": "road", "title": title, "next": after}


def _lines(compound: Any, rows: Any) -> Iterator[tuple[Any, ...]]:
    yield (
        _("Planned"), _("Route"), _("Result"), _("Walked by"), _("Begun"), _("Ended"),
        _("Points"), _("Confirmed"), _("By hand"), _("Out of order"), _("Points missed"),
    )  # fmt: skip
    names = dict(PatrolPoint.objects.of(compound).values_list("pk", "name"))
    chosen = list(rows[:MOST_ROWS])
    passed: dict[int, set[int]] = {}
    for key, point in _scans(chosen):
        passed.setdefault(key, set()).add(point)
    for row in chosen:
        missed = [names.get(key, "") for key in row.stops if key not in passed.get(row.pk, ())]
        over = row.state not in (State.PLANNED, State.RUNNING)
        yield (
            local(row.planned_at), row.route.name, str(row.get_state_display()),
            str(row.started_by or ""), local(row.started_at), local(row.ended_at),
            len(row.stops), row.confirmed, row.by_hand, row.askew,
            "、".join(missed) if over else "",
        )  # fmt: skip


def _scans(chosen: list[PatrolRound]) -> Iterator[tuple[int, int]]:
    """(round, point) of all scans, some hundred rounds a question."""
    keys = [row.pk for row in chosen]
    for start in range(0, len(keys), 500):
        rows = PatrolScan.objects.filter(round__in=keys[start : start + 500])
        yield from rows.values_list("round_id", "point_id")
