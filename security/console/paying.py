"""A car at the exit that has not paid: a code for its phone, cash at the window, or a debt."""

from __future__ import annotations

import io
from typing import Any

import segno
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parking.models import Stay
from parking.pay.tickets import pay_path
from parking.tariff_words import yuan
from security import operations
from security.console.access import for_guards, number
from security.console.deeds import (
    REFUSALS,
    chosen_passage,
    decided,
    say,
    waiting_passage,
    why_not,
)
from security.operations.exits import stay_of


def _fen(text: str) -> int:
    return number(text) or 0


@for_guards
@require_POST
def cash(request: Any, key: int) -> HttpResponse:
    """The amount comes with the press: what the card showed is what was taken."""
    passage = waiting_passage(request, key)
    fen = _fen(request.POST.get("fen", ""))
    try:
        operations.take_cash(passage, fen, request.user)
    except (*REFUSALS, Stay.DoesNotExist) as error:
        return decided(chosen_passage(request, key), say("ask", why_not(error)), 409)
    facts = {"lane": passage.lane.name, "amount": yuan(fen)}
    return decided(request, say("hand", _("%(lane)s: %(amount)s taken in cash. Opening.") % facts))


@for_guards
@require_POST
def debt(request: Any, key: int) -> HttpResponse:
    passage = waiting_passage(request, key)
    reason, note = request.POST.get("reason", ""), request.POST.get("note", "")[:200]
    try:
        operations.let_go_unpaid(passage, reason, request.user, note)
    except (*REFUSALS, Stay.DoesNotExist) as error:
        return decided(chosen_passage(request, key), say("ask", why_not(error)), 409)
    text = _("%(lane)s: opening. The debt is recorded on the plate.")
    if not passage.plate:
        text = _("%(lane)s: opening. The debt is recorded on the ticket.")
    return decided(request, say("hand", text % {"lane": passage.lane.name}))


@for_guards
@require_POST
def old_debt(request: Any, key: int) -> HttpResponse:
    """A debt from before is paid at the window; the card stays for its own decision."""
    passage = waiting_passage(request, key)
    fen, debt = _fen(request.POST.get("fen", "")), number(request.POST.get("debt"))
    chosen_passage(request, key)
    try:
        operations.take_old_debt(passage, debt, fen, request.user)
    except REFUSALS as error:
        return decided(request, say("ask", why_not(error)), 409)
    text = _("%(amount)s of before taken in cash. Now decide about this car.")
    return decided(request, say("hand", text % {"amount": yuan(fen)}))


@for_guards
@require_GET
def code(request: Any, key: int) -> HttpResponse:
    """The page of this stay as a QR code, for the driver's phone."""
    passage = waiting_passage(request, key)
    try:
        stay = stay_of(passage)
    except Stay.DoesNotExist:
        return HttpResponse(status=404)
    out = io.BytesIO()
    text = request.build_absolute_uri(pay_path(stay))
    segno.make(text, error="m", micro=False).save(out, kind="svg", border=3, scale=4, light="#fff")
    answer = HttpResponse(out.getvalue(), content_type="image/svg+xml")
    answer["Cache-Control"] = "private, no-store"
    return answer


urlpatterns = [
    path("guard/passages/<int:key>/cash/", cash, name="guard-cash"),
    path("guard/passages/<int:key>/debt/", debt, name="guard-debt"),
    path("guard/passages/<int:key>/old-debt/", old_debt, name="guard-old-debt"),
    path("guard/passages/<int:key>/pay-code/", code, name="guard-pay-code"),
]
