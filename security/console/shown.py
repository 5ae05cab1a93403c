"""The desk and its live fragments: the same templates serve the first load and each refresh."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.models import Compound, Lane
from security import board, pictures, presentation, stills
from security.console.access import for_guards, number
from security.forms import OpenForm, ReasonForm, RefuseForm
from security.models import GUARDS, Picture


@for_guards
@require_GET
def page(request: Any) -> HttpResponse:
    context = {
        "now": timezone.now(),
        "user_name": str(request.user),
        "compounds": Compound.objects.visible_to(request.user).filter(
            pk__in=request.user.compounds_as(GUARDS)
        ),
        **feed_context(request),
        **lanes_context(request),
        **decision_context(request),
        **failed_context(request),
        "alerts": board.open_alerts(request.user, request.compound),
    }
    return render(request, "guard/desk.html", context)


def feed_context(request: Any) -> dict[str, Any]:
    query = request.GET.get("q", "").strip().upper()[:20]
    high = board.high_water(request.compound)
    rows = presentation.backlog(request.user, request.compound, query)
    title = _("No car with this plate") if query else _("Nothing has happened yet")
    after = (
        _("Try fewer characters; the last 30 days are searched.")
        if query
        else _("The first car appears here by itself.")
    )
    nothing = {"icon": "search" if query else "list", "title": title, "next": after}
    return {"rows": rows, "high": high, "query": query, "feed_nothing": nothing}


def lanes_context(request: Any) -> dict[str, Any]:
    chosen = number(request.GET.get("lane")) or number(request.POST.get("lane"))
    rows = board.lanes(request.user, request.compound, timezone.now(), chosen)
    return {
        "lanes": rows,
        "current": next((row for row in rows if row.current), None),
        "summary": board.summary(request.compound),
    }


def decision_context(
    request: Any, form: ReasonForm | None = None, refusal: ReasonForm | None = None
) -> dict[str, Any]:
    """The chosen passage while it waits, else the one that waits longest."""
    rows = board.waiting_passages(request.user, request.compound)
    keys = [row.pk for row in rows]
    wanted = number(request.GET.get("passage"))
    place = keys.index(wanted) if wanted in keys else 0
    chosen = rows[place] if rows else None
    return {
        "decision": board.decision(chosen) if chosen else None,
        "waiting": board.queue([row for row in rows if row is not chosen]),
        "total_waiting": len(rows),
        "previous": keys[place - 1] if len(rows) > 1 else None,
        "following": keys[(place + 1) % len(rows)] if len(rows) > 1 else None,
        "form": form or OpenForm(),
        "refusal": refusal or RefuseForm(),
        "nothing": {
            "icon": "check",
            "title": _("Nobody is waiting"),
            "next": _("A car that needs your decision appears here."),
        },
    }


def failed_context(request: Any) -> dict[str, Any]:
    rows, total = board.failed_reads(request.user, request.compound)
    return {"failed_reads": rows, "failed_total": total}


@for_guards
@require_GET
def feed(request: Any) -> HttpResponse:
    return render(request, "guard/feed.html", feed_context(request))


@for_guards
@require_GET
def lanes(request: Any) -> HttpResponse:
    return render(request, "guard/lanes.html", lanes_context(request))


@for_guards
@require_GET
def decision(request: Any) -> HttpResponse:
    return render(request, "guard/decision.html", decision_context(request))


@for_guards
@require_GET
def failed(request: Any) -> HttpResponse:
    return render(request, "guard/failed.html", failed_context(request))


@for_guards
@require_GET
def alert_strip(request: Any, said: dict[str, Any] | None = None) -> HttpResponse:
    shown = board.open_alerts(request.user, request.compound)
    return render(request, "guard/alerts.html", {"alerts": shown, "said": said})


@for_guards
@require_GET
def picture(request: Any, key: int) -> HttpResponse:
    row = get_object_or_404(Picture.objects.visible_to(request.user), pk=key)
    data = pictures.read(row)
    if data is None:
        raise Http404
    answer = HttpResponse(data, content_type="image/jpeg")
    answer["Cache-Control"] = "private, max-age=86400, immutable"
    return answer


@for_guards
@require_GET
def still(request: Any, key: int) -> HttpResponse:
    """The lane's newest frame while it is fresh; a stale one is never shown as live."""
    lane = get_object_or_404(Lane.objects.visible_to(request.user).of(request.compound), pk=key)
    data = stills.fresh(lane)
    if data is None:
        return HttpResponse(status=404)
    return HttpResponse(data, content_type="image/jpeg")
