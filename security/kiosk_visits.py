"""Somebody without an invitation stands at a tablet and calls the home that they visit."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.models import Unit
from community.templatetags.linli import threes
from security import operations
from security.kiosk import Kiosk, for_kiosks, told
from security.models import HomeCall

#: So long a tablet shows what has to be remembered.
STAYS_MS = 12_000
LET_IN, RINGING = HomeCall.State.LET_IN, HomeCall.State.RINGING


@require_POST
@for_kiosks
def ring(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Call a home by its number."""
    code = request.POST.get("home", "").strip()[:32]
    unit = Unit.objects.of(kiosk.lane.compound_id).filter(code=code).first()
    if unit is None:
        text = _("There is no home with this number here.")
        return JsonResponse(_over("deny", _("Not called"), text))
    try:
        call = operations.call_home(kiosk.lane, unit, device=kiosk.device)
    except ValidationError as refusal:
        return JsonResponse(_over("deny", _("Not called"), " ".join(refusal.messages)))
    return JsonResponse(_state(call))


@require_safe
@for_kiosks
def state(request: HttpRequest, kiosk: Kiosk, key: int) -> HttpResponse:
    """How the call stands; a yes opens the door here and now."""
    return JsonResponse(_state(_own(kiosk, key)))


@require_POST
@for_kiosks
def end(request: HttpRequest, kiosk: Kiosk, key: int) -> HttpResponse:
    operations.hang_up(_own(kiosk, key))
    return JsonResponse({"state": "over"})


def _own(kiosk: Kiosk, key: int) -> HomeCall:
    rows = HomeCall.objects.filter(lane=kiosk.lane, device=kiosk.device)
    call: HomeCall = get_object_or_404(rows.select_related("unit", "visit"), pk=key)
    return call


def _state(call: HomeCall) -> dict[str, Any]:
    """What the tablet says. A no, an empty home and silence look the same to who stands there."""
    if call.state == RINGING and call.expires_at > timezone.now():
        title = _("Calling %(home)s") % {"home": call.unit.code}
        return {"state": "ringing", "call": call.pk, "title": title, "why": _("Please wait here.")}
    if call.state == LET_IN:
        try:
            return {"state": "over", **_farewell(call, told(operations.admit(call)))}
        except ValidationError as refusal:
            return _over("ask", _("One moment"), " ".join(refusal.messages))
    text = _("Nobody lets you in just now. Press “Call the guard” for help.")
    return _over("ask", _("Not opened"), text)


def _farewell(call: HomeCall, answer: dict[str, Any]) -> dict[str, Any]:
    """How who comes in without a pass signs out: digits that let nobody in a second time."""
    if answer["outcome"] != "allow" or call.visit is None or not call.visit.spoken:
        return answer
    code = {"home": call.unit.code, "code": threes(call.visit.spoken)}
    text = _("When you leave: type %(home)s and %(code)s at the gate, or tell the guard.") % code
    return {**answer, "why": text, "stays_ms": STAYS_MS}


def _over(outcome: str, title: str, why: str) -> dict[str, Any]:
    return {"state": "over", "outcome": outcome, "title": title, "why": why}


urlpatterns = [
    path("kiosk/visit/", ring, name="kiosk-visit"),
    path("kiosk/visit/<int:key>/", state, name="kiosk-visit-state"),
    path("kiosk/visit/<int:key>/end/", end, name="kiosk-visit-end"),
]
