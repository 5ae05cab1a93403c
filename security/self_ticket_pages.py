"""`/park/lane/…`: behind the code at an entry, a car without a plate takes its ticket."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.core import signing
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from community.models import Lane
from parking import owing
from parking import self_tickets as rule
from parking.models import Ticket
from parking.operations import digest_of
from parking.pay.driver_tickets import drawn
from parking.pay.phones import key_of, remember
from parking.pay.tickets import pay_path
from parking.tariff_words import yuan
from security.console.access import for_guards
from security.console.deeds import own_lane
from security.operations import self_tickets

SALT = "security.entry"
#: From one phone, and at one lane, so many tickets may be asked for in so many seconds.
MOST_TRIES, MOST_AT_LANE, WITHIN_S = 12, 30, 600
_SIGNED = re.compile(r"[0-9]{1,18}\.[A-Za-z0-9_-]{20,60}")


def entry_path(lane: Lane) -> str:
    """What the code at an entry leads to; it stays the same for as long as the lane does."""
    return reverse("entry-ticket", args=[_signer().sign(str(lane.pk))])


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT, sep=".")


def _lane(text: str) -> Lane:
    try:
        key = _signer().unsign(text) if _SIGNED.fullmatch(text) else ""
    except signing.BadSignature:
        key = ""
    rows = Lane.objects.select_related("compound", "gate", "barrier").filter(is_active=True)
    lane: Lane | None = rows.filter(pk=int(key)).first() if key else None
    if lane is None:
        raise Http404
    return lane


@never_cache
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, code: str) -> HttpResponse:
    """What to do now; sent, it gives the ticket and leads to its page."""
    lane, key = _lane(code), key_of(request)
    if request.method == "POST":
        return _sent(request, lane, code, key)
    phone = digest_of(key) if key else ""
    ticket = self_tickets.ticket_on(lane, phone)
    offered = self_tickets.offer(lane, self_tickets.last_car(lane), timezone.now())
    why = "" if offered.opens else str(self_tickets.WHY[offered.code])
    answer = _page(request, lane, code, phone, why, ticket=ticket, calm=True)
    return remember(answer, request, key or secrets.token_urlsafe(24))


def _sent(request: HttpRequest, lane: Lane, code: str, key: str) -> HttpResponse:
    if not key:
        why = _("This phone keeps nothing for us. Allow cookies, or speak to the guard.")
        return _page(request, lane, code, "", why, status=422)
    phone = digest_of(key)
    if not _may_try(request, lane):
        why = _("Too many tickets were asked for here. Please speak to the guard.")
        return _page(request, lane, code, phone, why, status=429)
    try:
        passage = self_tickets.take_ticket(lane, phone)
    except ValidationError as refused:
        return _page(request, lane, code, phone, " ".join(refused.messages), status=409)
    ticket = Ticket.objects.get(pk=passage.facts["ticket"])
    return redirect("pay-ticket", ticket.secret)


def _page(
    request: HttpRequest, lane: Lane, code: str, phone: str, why: str, *, status: int = 200,
    **more: Any,
) -> HttpResponse:  # fmt: skip
    debts = owing.of_phone(lane.compound, phone)
    owed = [(yuan(debt.amount_fen), str(debt.stay), pay_path(debt.stay)) for debt in debts]
    facts = {"compound": lane.compound, "lane": lane, "code": code, "why": why, "owed": owed}
    answer = render(request, "pay/entry.html", facts | more, status=status)
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def _may_try(request: HttpRequest, lane: Lane) -> bool:
    address = request.META.get("REMOTE_ADDR", "")
    return all(
        [
            _counted(f"entry-ticket:{address}") <= MOST_TRIES,
            _counted(f"entry-ticket-lane:{lane.pk}") <= MOST_AT_LANE,
        ]
    )


def _counted(key: str) -> int:
    cache = caches["shared"]
    cache.add(key, 0, WITHIN_S)
    return int(cache.incr(key))


@never_cache
@require_GET
def state(request: HttpRequest, code: str) -> HttpResponse:
    """Asked by the page every few seconds: may the driver press now?"""
    lane = _lane(code)
    offered = self_tickets.offer(lane, self_tickets.last_car(lane), timezone.now())
    return JsonResponse({"state": "ready" if offered.opens else offered.code})


@for_guards
@require_GET
def sheet(request: Any, key: int) -> HttpResponse:
    """The code of an entry, to print and to hang up before the barrier."""
    lane = own_lane(request, key)
    offered = rule.may_take(lane)
    facts = {
        "lane": lane, "compound": request.compound, "is_on": offered.code != "ticket_by_guard",
        "qr": drawn(request.build_absolute_uri(entry_path(lane))),
    }  # fmt: skip
    return render(request, "guard/entry_code.html", facts)


urlpatterns = [
    path("park/lane/<str:code>/", take, name="entry-ticket"),
    path("park/lane/<str:code>/state/", state, name="entry-ticket-state"),
    path("guard/lanes/<int:key>/entry-code/", sheet, name="guard-entry-code"),
]
