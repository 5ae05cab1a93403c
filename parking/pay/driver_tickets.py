"""`/park/ticket/…`: the ticket of a car without a plate, on its driver's phone."""

from __future__ import annotations

from hashlib import sha256

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from parking.models import Stay, Ticket
from parking.pay.tickets import pay_path


@never_cache
@require_GET
def ticket(request: HttpRequest, secret: str) -> HttpResponse:
    """Its code, held before the exit's reader or the guard; since when; and the way to pay."""
    digest = sha256(secret.encode()).hexdigest()
    row = get_object_or_404(Ticket.objects.select_related("compound"), secret_digest=digest)
    stay = Stay.objects.whole().filter(ticket=row).order_by("-pk").first()
    context = {
        "ticket": row,
        "compound": row.compound,
        "stay": stay,
        "qr": drawn(request.build_absolute_uri(request.path)),
        "pay": pay_path(stay) if stay is not None else "",
    }
    answer = render(request, "pay/ticket.html", context)
    # The address is the ticket: no other site may learn it.
    answer["Referrer-Policy"] = "same-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def drawn(text: str) -> SafeString:
    """The code as a picture in the page."""
    code = segno.make(text, micro=False, error="q")
    svg: str = code.svg_inline(omitsize=True, border=2, svgclass=None, lineclass=None)
    return mark_safe(svg)  # noqa: S308 - drawn by segno from our own address, no text in it


urlpatterns = [path("park/ticket/<str:secret>/", ticket, name="pay-ticket")]
