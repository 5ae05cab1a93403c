"""The guard's phone on a round: what is due, what is left, and each point by its code."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.middleware import SESSION_KEY
from security.console.access import for_guards, number
from security.models import PatrolPoint, PatrolRound, PatrolRoute, PatrolScan
from security.operations import patrols
from security.patrols import shown
from security.patrols.forms import HandForm

State = PatrolRound.State


@for_guards
@require_GET
def today(request: Any) -> HttpResponse:
    """Rounds under way and due, and routes to walk of one's own accord."""
    now = timezone.now()
    routes = PatrolRoute.objects.visible_to(request.user).of(request.compound)
    context = shown.today(request.user, request.compound, now) | {
        "now": now,
        "routes": list(routes.filter(is_active=True)),
        "manages": "manager" in request.user.roles_in(request.compound),
    }
    return render(request, "patrols/today.html", context)


def own(request: Any, key: int) -> PatrolRound:
    found: PatrolRound = get_object_or_404(shown.rounds(request.user, request.compound), pk=key)
    return found


@for_guards
@require_GET
def walk(request: Any, key: int) -> HttpResponse:
    """One round: what is confirmed, what is left."""
    return _show(request, own(request, key))


def _show(
    request: Any,
    patrol: PatrolRound,
    *,
    said: dict[str, str] | None = None,
    form: HandForm | None = None,
    point: int = 0,
    status: int = 200,
) -> HttpResponse:
    stops = shown.stops(patrol)
    context = {
        "card": shown.card(patrol, timezone.now()),
        "stops": stops,
        "running": patrol.state == State.RUNNING,
        "said": said or shown.told(stops, number(request.GET.get("at"))),
        "form": form or HandForm(),
        "faulty": point,
    }
    return render(request, "patrols/round.html", context, status=status)


@for_guards
@require_POST
def start(request: Any, key: int) -> HttpResponse:
    patrol = own(request, key)
    try:
        patrols.start_round(patrol, request.user)
    except patrols.RoundOver as over:
        return _over(request, key, over)
    return redirect("guard-patrol-round", key)


@for_guards
@require_POST
def start_extra(request: Any, key: int) -> HttpResponse:
    rows = PatrolRoute.objects.visible_to(request.user).of(request.compound)
    route = get_object_or_404(rows.filter(is_active=True), pk=key)
    made = patrols.start_extra(route, request.user)
    return redirect("guard-patrol-round", made.pk)


@for_guards
@require_POST
def by_hand(request: Any, key: int, point: int) -> HttpResponse:
    """A point without its code: with a reason that the manager sees."""
    patrol = own(request, key)
    rows = PatrolPoint.objects.visible_to(request.user).of(request.compound)
    place = get_object_or_404(rows.filter(pk__in=patrol.stops), pk=point)
    form = HandForm(request.POST)
    if not form.is_valid():
        return _show(request, patrol, form=form, point=point, status=422)
    how = PatrolScan.How.HAND
    try:
        patrols.confirm_point(patrol, place, request.user, how=how, **form.cleaned_data)
    except patrols.RoundOver as over:
        return _over(request, key, over)
    except ValidationError as refusal:
        said = {"state": "deny", "text": " ".join(refusal.messages)}
        return _show(request, patrol, said=said, form=form, point=point, status=422)
    return redirect(f"{reverse('guard-patrol-round', args=[key])}?at={point}")


def _over(request: Any, key: int, over: patrols.RoundOver) -> HttpResponse:
    said = {"state": "ask", "text": str(over)}
    return _show(request, own(request, key), said=said, status=409)


@never_cache
@require_http_methods(["GET", "POST"])
def scan(request: Any, secret: str) -> HttpResponse:
    """What the code at a point opens. Looking at it does nothing; the page itself then confirms.

    A code is known to its compound's guards only: to others it is no page.
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    points = PatrolPoint.objects.visible_to(request.user).select_related("compound")
    point = get_object_or_404(points, digest=patrols.digest_of(secret))
    # Who works in several compounds stands in this one now.
    if not request.compound or request.compound.pk != point.compound_id:
        request.session[SESSION_KEY] = point.compound_id
        request.compound = point.compound
    patrol = shown.for_point(request.user, point, timezone.now())
    if request.method == "POST" and patrol is not None:
        return _confirm(request, patrol, point)
    if patrol is not None and patrol.scans.filter(point=point).exists():
        return _arrived(patrol, point)
    return render(request, "patrols/scan.html", {"point": point, "round": patrol})


def _confirm(request: Any, patrol: PatrolRound, point: PatrolPoint) -> HttpResponse:
    try:
        if patrol.state == State.PLANNED:
            patrols.start_round(patrol, request.user)
        patrols.confirm_point(patrol, point, request.user)
    except patrols.RoundOver as over:
        said = {"state": "ask", "text": str(over)}
        context = {"point": point, "round": None, "said": said}
        return render(request, "patrols/scan.html", context, status=409)
    return _arrived(patrol, point)


def _arrived(patrol: PatrolRound, point: PatrolPoint) -> HttpResponse:
    return redirect(f"{reverse('guard-patrol-round', args=[patrol.pk])}?at={point.pk}")
