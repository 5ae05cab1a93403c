"""`/park/ticket/…`: the ticket of a car without a plate, on its driver's phone."""

from __future__ import annotations

import secrets
from hashlib import sha256

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parking import operations, owing
from parking.models import Stay, Ticket
from parking.pay.phones import key_of, remember
from parking.pay.tickets import pay_path
from parking.tariff_words import yuan


@never_cache
@require_GET
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Its code, held before the exit's reader or the guard; since when; and the way to pay.

    A phone that comes back with its key keeps the ticket (ADR 84); staff who look at it do not.
    """
    digest = sha256(secret.encode()).hexdigest()
    row = get_object_or_404(Ticket.objects.select_related("compound"), secret_digest=digest)
    key = key_of(request)
    phone = operations.digest_of(key) if key else ""
    if phone and not row.phone and not request.user.is_authenticated:
        operations.hold_on_phone(row, phone)
    stay = Stay.objects.whole().filter(ticket=row).order_by("-pk").first()
    context = {
        "ticket": row,
        "compound": row.compound,
        "stay": stay,
        "qr": drawn(request.build_absolute_uri(request.path)),
        "pay": pay_path(stay) if stay is not None else "",
        "owed": _owed(row, phone, stay),
    }
    answer = render(request, "pay/ticket.html", context)
    # The address is the ticket: no other site may learn it.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    if request.user.is_authenticated:
        return answer
    return remember(answer, request, key or secrets.token_urlsafe(24))


def _owed(row: Ticket, phone: str, stay: Stay | None) -> list[tuple[str, str, str]]:
    """What is owed from before, each with its way to pay: told to the phone that holds it only."""
    debts = owing.of_phone(row.compound, phone)
    own = stay.pk if stay is not None else 0
    return [
        (yuan(debt.amount_fen), str(debt.stay), pay_path(debt.stay))
        for debt in debts
        if debt.stay_id != own
    ]


def drawn(text: str) -> SafeString:
    """The code as a picture in the page."""
    code = segno.make(text, micro=False, error="q")
    svg: str = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from our own address, no text in it


urlpatterns = [path("park/ticket/<str:secret>/", ticket, name="pay-ticket")]
