"""The desk and its live fragments: the same templates serve the first load and each refresh."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community.models import Compound, Lane
from security import (
    alert_board,
    board,
    failed,
    guesses,
    lane_states,
    pictures,
    presentation,
    stills,
)
from security.console.access import for_guards, number
from security.forms import OpenForm, ReasonForm, RefuseForm
from security.models import GUARDS, Passage, Picture
from security.operations.fire import burning

Context = dict[str, Any]


@for_guards
@require_GET
def page(request: Any) -> HttpResponse:
    """All parts at once, with what they share read once: at most 20 questions."""
    high, figures = board.summary(request.compound)
    standing = lane_states.standing_passages(request.user, request.compound, timezone.now())
    waiting = board.waiting(standing)
    chosen = choose(request, waiting)
    unread = failed.unnamed(request.user, request.compound)
    looks = guesses.look_at([*([chosen] if chosen else []), *unread])
    context = {
        "now": timezone.now(),
        "user_name": str(request.user),
        "compounds": compounds_of(request.user),
        **feed_rows(request, high),
        **lane_tiles(request, standing, figures),
        **card(waiting, chosen, looks),
        **failed_list(unread, looks),
        "alerts": alert_board.strip(request.user, request.compound),
        "fire": burning(request.compound.pk),
    }
    return render(request, "guard/desk.html", context)


def compounds_of(user: Any) -> list[Compound]:
    """The compounds to choose from; none where there is no choice."""
    keys = user.compounds_as(GUARDS)
    return list(Compound.objects.visible_to(user).filter(pk__in=keys)) if len(keys) > 1 else []


def feed_rows(request: Any, high: int) -> Context:
    query = request.GET.get("q", "").strip().upper()[:20]
    rows = presentation.backlog(request.user, request.compound, query)
    title = _("No car with this plate") if query else _("Nothing has happened yet")
    after = (
        _("Try fewer characters; the last 30 days are searched.")
        if query
        else _("The first car appears here by itself.")
    )
    nothing = {"icon": "search" if query else "list", "title": title, "next": after}
    return {"rows": rows, "high": high, "query": query, "feed_nothing": nothing}


def lane_tiles(request: Any, standing: list[Passage], figures: list[board.Figure]) -> Context:
    chosen = number(request.GET.get("lane")) or number(request.POST.get("lane"))
    lanes = lane_states.lanes_in_use(request.user, request.compound, timezone.now())
    rows = lane_states.tiles(lanes, standing, chosen)
    current = next((row for row in rows if row.current), None)
    return {"lanes": rows, "current": current, "summary": figures}


def lanes_context(request: Any) -> Context:
    _high, figures = board.summary(request.compound)
    standing = lane_states.standing_passages(request.user, request.compound, timezone.now())
    return lane_tiles(request, standing, figures)


def choose(request: Any, waiting: list[Passage]) -> Passage | None:
    """The passage asked for while it waits, else the one that waits longest."""
    wanted = number(request.GET.get("passage"))
    asked = next((row for row in waiting if row.pk == wanted), None)
    return asked or (waiting[0] if waiting else None)


def card(waiting: list[Passage], chosen: Passage | None, looks: guesses.Looks) -> Context:
    place = waiting.index(chosen) if chosen else 0
    several = len(waiting) > 1
    return {
        "decision": board.decision(chosen, looks) if chosen else None,
        "waiting": board.queue([row for row in waiting if row is not chosen]),
        "total_waiting": len(waiting),
        "previous": waiting[place - 1].pk if several else None,
        "following": waiting[(place + 1) % len(waiting)].pk if several else None,
        "form": OpenForm(),
        "refusal": RefuseForm(),
        "nothing": {
            "icon": "check",
            "title": _("Nobody is waiting"),
            "next": _("A car that needs your decision appears here."),
        },
    }


def decision_context(
    request: Any, form: ReasonForm | None = None, refusal: ReasonForm | None = None
) -> Context:
    standing = lane_states.standing_passages(request.user, request.compound, timezone.now())
    waiting = board.waiting(standing)
    chosen = choose(request, waiting)
    context = card(waiting, chosen, guesses.look_at([chosen] if chosen else []))
    forms = {"form": form, "refusal": refusal}
    return context | {name: filled for name, filled in forms.items() if filled}


def failed_list(unread: list[Passage], looks: guesses.Looks) -> Context:
    total = getattr(unread[0], "total", 0) if unread else 0
    return {"failed_reads": failed.shown(unread, looks), "failed_total": total}


@for_guards
@require_GET
def feed(request: Any) -> HttpResponse:
    high = board.high_water(request.compound)
    return render(request, "guard/feed.html", feed_rows(request, high))


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
def failed_reads(request: Any) -> HttpResponse:
    whole_day = request.GET.get("all") == "1"
    unread = failed.unnamed(request.user, request.compound, whole_day=whole_day)
    context = failed_list(unread, guesses.look_at(unread)) | {"whole_day": whole_day}
    return render(request, "guard/failed.html", context)


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
