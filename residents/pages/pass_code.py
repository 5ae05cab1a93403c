"""The code on a resident's phone: the page is the same for everybody, the key is the phone's."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from residents import operations
from residents.models import Person, Residency, WayIn
from residents.pages.who import acting, at_home


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Nothing of anybody stands on it: the phone keeps it for where there is no network."""
    return render(request, "home/pass.html")


def _now() -> int:
    """Milliseconds, as the phone counts them: it learns how far its own clock is off."""
    return int(timezone.now().timestamp() * 1000)


def _code_of(person: Person) -> WayIn | None:
    rows = WayIn.objects.active().filter(person=person, kind=WayIn.Kind.QR)
    found: WayIn | None = rows.first()
    return found


@at_home
@require_safe
def state(request: HttpRequest, person: Person) -> HttpResponse:
    """Which code of the reader is in force, never its key."""
    way = _code_of(person)
    lives = Residency.objects.filter(person=person).current(timezone.localdate()).exists()
    told: dict[str, Any] = {"way": way.pk if way else None, "lives": lives, "now": _now()}
    return JsonResponse(told | {"token": get_token(request)})


@at_home
@require_POST
def enrol(request: HttpRequest, person: Person) -> HttpResponse:
    """A key for this phone, told once; the code of an older phone ends."""
    try:
        way = operations.give_personal_code(person, actor=acting(request))
    except ValidationError as refusal:
        return JsonResponse({"detail": refusal.messages}, status=422)
    return JsonResponse({"way": way.pk, "key": way.secret, "now": _now()})


@at_home
@require_POST
def end(request: HttpRequest, person: Person) -> HttpResponse:
    way = _code_of(person)
    if way is not None:
        operations.end_way_in(way, WayIn.End.WITHDRAWN, actor=acting(request))
    return JsonResponse({"now": _now()})
