"""Whom to expect, who is inside, and the bell to a home: the guard's page of visitors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.models import Lane, Unit
from community.verdicts import sentence
from residents import operations as residents
from residents import visiting
from residents.models import Visit, VisitStay
from security import operations
from security.console.access import for_guards, number
from security.console.deeds import say
from security.home_pages import MARKS
from security.listing import MOST_ROWS, as_file, local, page_of, query_without_page
from security.models import HomeCall, Passage
from security.operations.rolls import note_visitors

#: Calls of this long ago still stand beside the list.
LATELY = timedelta(minutes=30)
SHOWN_CALLS = 5
SHOWS = ("expected", "inside")


@for_guards
@require_GET
def visitors(request: Any) -> HttpResponse:
    if "format" in request.GET:
        note_visitors(request.compound, request.user)
        return as_file(_lines(_asked(request)[2]), "visitors", request.GET["format"])
    return _show(request)


def _asked(request: Any) -> tuple[str, str, Any]:
    """The words and the part of the list that are asked for, and its rows."""
    query, show = request.GET.get("q", "").strip()[:40], request.GET.get("show", "")
    show = show if show in SHOWS else ""
    return query, show, _found(request, query, show)


def _lines(rows: Any) -> Iterator[tuple[Any, ...]]:
    """The list as a file: what the page says, never a phone number or a code."""
    yield (
        _("Visitor"), _("Kind"), _("People"), _("Home"), _("Host"), _("From"), _("To"),
        _("Car"), _("State"), _("Came"),
    )  # fmt: skip
    for one in visiting.shown(rows[:MOST_ROWS]):
        row = one.row
        host = row.host.name if row.host else ""
        times = (local(row.starts_at), local(row.ends_at))
        came = local(one.since)
        yield (row.name, row.get_kind_display(), row.people, row.home, host, *times,
               " ".join(row.plates), one.word, came)  # fmt: skip


def _show(request: Any, status: int = 200, **more: Any) -> HttpResponse:
    query, show, rows = _asked(request)
    page = page_of(request, rows)
    lanes = Lane.objects.visible_to(request.user).of(request.compound).filter(is_active=True)
    context = {
        "page": page,
        "visits": visiting.shown(page),
        "q": query,
        "show": show,
        "query": query_without_page(request),
        "lanes": lanes.filter(direction=Lane.Direction.ENTRY).order_by("gate__order", "name"),
        "kinds": Visit.Kind.choices,
        "given": {},
        "errors": {},
        **_calls(request),
        **more,
    }
    return render(request, "guard/visitors.html", context, status=status)


def _found(request: Any, query: str, show: str) -> Any:
    """Expected until the end of the day, and inside; those who have to leave first come first."""
    now = timezone.now()
    tonight = timezone.localtime(now).replace(hour=23, minute=59, second=59)
    rows = Visit.objects.visible_to(request.user).of(request.compound).expected(now, tonight)
    inside = VisitStay.objects.inside().values("visit")
    if show == "inside":
        rows = rows.filter(pk__in=inside)
    elif show == "expected":
        rows = rows.exclude(pk__in=inside)
    if query:
        compound = request.compound.pk
        rows = rows.search(query) | rows.spoken(query, compound)
    return visiting.whole(rows.order_by("ends_at", "pk"))


def _calls(request: Any) -> dict[str, Any]:
    rows = HomeCall.objects.visible_to(request.user).of(request.compound)
    rows = rows.filter(asked_at__gt=timezone.now() - LATELY)
    rows = rows.select_related("unit", "lane__gate", "answered_by", "device")
    calls = list(rows.order_by("-pk")[:SHOWN_CALLS])
    opened = _opened(calls)
    now = timezone.now()
    shown = [
        {
            "row": call,
            "mark": MARKS[call.state],
            "rings": call.state == HomeCall.State.RINGING and call.expires_at > now,
            "left": max(0, round((call.expires_at - now).total_seconds())),
            "opens": call.state == HomeCall.State.LET_IN and call.visit_id not in opened,
        }
        for call in calls
    ]
    return {"calls": shown}


def _opened(calls: list[HomeCall]) -> set[int]:
    """Visits of these calls for which the gate was opened already."""
    visits = [call.visit_id for call in calls if call.visit_id]
    rows = Passage.objects.filter(visit__in=visits, outcome=Passage.Outcome.ALLOW)
    return set(rows.values_list("visit_id", flat=True))


@for_guards
@require_GET
def calls(request: Any) -> HttpResponse:
    return render(request, "guard/home_calls.html", _calls(request))


@for_guards
@require_POST
def call(request: Any) -> HttpResponse:
    """Ring at a home for somebody who stands at a lane."""
    given = request.POST
    lanes = Lane.objects.visible_to(request.user).of(request.compound)
    lane = lanes.filter(pk=number(given.get("lane")), is_active=True).first()
    code = given.get("home", "").strip()[:32]
    unit = Unit.objects.of(request.compound).filter(code=code).first()
    errors: dict[str, Any] = {}
    if lane is None:
        errors["lane"] = [_("Choose where they stand.")]
    if unit is None:
        errors["unit"] = [_("There is no home with this number here.")]
    if lane is not None and unit is not None:
        try:
            operations.call_home(
                lane,
                unit,
                name=given.get("name", ""),
                kind=given.get("kind", ""),
                people=number(given.get("people")) or 1,
                plate=given.get("plate", "")[:20],
                actor=request.user,
            )
        except ValidationError as refusal:
            errors = refusal.message_dict
        else:
            return redirect("guard-visitors")
    return _show(request, 422, given=given, errors=errors)


def _own_call(request: Any, key: int) -> HomeCall:
    rows = HomeCall.objects.visible_to(request.user).of(request.compound)
    found: HomeCall = get_object_or_404(rows.select_related("lane"), pk=key)
    return found


@for_guards
@require_POST
def admit(request: Any, key: int) -> HttpResponse:
    """Open for somebody whom their host lets in."""
    row = _own_call(request, key)
    try:
        passage = operations.admit(row, user=request.user)
    except (ValidationError, operations.AlreadyDecided, operations.PassageOver) as error:
        text = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
        return _show(request, 409, said=say("ask", text))
    if passage.outcome != Passage.Outcome.ALLOW:
        return _show(request, 409, said=say("ask", sentence(passage.code, passage.facts)))
    return _show(request, said=say("hand", _("%(lane)s: opening.") % {"lane": row.lane.name}))


@for_guards
@require_POST
def hang_up(request: Any, key: int) -> HttpResponse:
    operations.hang_up(_own_call(request, key), actor=request.user)
    return redirect("guard-visitors")


@for_guards
@require_POST
def sign_out(request: Any, key: int) -> HttpResponse:
    """A visitor left, and no gate saw it."""
    rows = Visit.objects.visible_to(request.user).of(request.compound)
    row = get_object_or_404(rows, pk=key)
    residents.visitor_left(row, at=timezone.now(), how="guard", actor=request.user)
    return _show(request, said=say("allow", _("%(name)s is signed out.") % {"name": row.name}))


urlpatterns = [
    path("guard/visitors/", visitors, name="guard-visitors"),
    path("guard/visitors/<int:key>/left/", sign_out, name="guard-visitor-left"),
    path("guard/calls/", calls, name="guard-home-calls"),
    path("guard/calls/new/", call, name="guard-call-home"),
    path("guard/calls/<int:key>/open/", admit, name="guard-call-admit"),
    path("guard/calls/<int:key>/end/", hang_up, name="guard-call-end"),
]
