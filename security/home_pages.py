"""The bell on a resident's phone: who stands at the gate, and what the home says."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from residents.models import Person
from residents.pages.who import acting, at_home
from security.operations.home_calls import AlreadyAnswered, answer_call
from security.own_calls import calls_at

SHOWN = 20
MARKS = {
    "ringing": "ask",
    "let_in": "allow",
    "refused": "deny",
    "not_at_home": "off",
    "timed_out": "off",
    "withdrawn": "off",
}


def _calls(person: Person) -> Any:
    return calls_at(person).select_related("unit", "lane__gate", "answered_by")


@at_home
@require_GET
def card(request: HttpRequest, person: Person) -> HttpResponse:
    """Who rings now; asks again by itself."""
    calls = list(_calls(person).ringing(timezone.now()).order_by("pk")[:5])
    return render(request, "home/card_calls.html", {"calls": calls})


@at_home
@require_GET
def calls(request: HttpRequest, person: Person) -> HttpResponse:
    return _show(request, person)


def _show(request: HttpRequest, person: Person, status: int = 200, **more: Any) -> HttpResponse:
    now = timezone.now()
    ringing = list(_calls(person).ringing(now).order_by("pk")[:5])
    past = _calls(person).exclude(pk__in=[call.pk for call in ringing])
    rows = [(call, MARKS[call.state]) for call in past.order_by("-pk")[:SHOWN]]
    facts = {"calls": ringing, "past": rows, **more}
    return render(request, "home/calls.html", facts, status=status)


@at_home
@require_POST
def answer(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    call = get_object_or_404(_calls(person), pk=pk)
    try:
        answer_call(call, person, request.POST.get("answer", ""), actor=acting(request))
    except AlreadyAnswered as late:
        return _show(request, person, 409, late=late.call)
    except ValidationError as refusal:
        return _show(request, person, 422, refused=" ".join(refusal.messages))
    return redirect("home-calls")


urlpatterns = [
    path("home/cards/calls/", card, name="home-card-calls"),
    path("home/calls/", calls, name="home-calls"),
    path("home/calls/<int:pk>/answer/", answer, name="home-call-answer"),
]
