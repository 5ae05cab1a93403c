"""Tickets for cars without a plate: given at the entry, shown at the exit, printed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from parking.models import Stay, Ticket
from parking.pay.driver_tickets import drawn
from parking.wheels import LONGEST
from security import operations
from security.console.access import for_guards, number
from security.console.deeds import REFUSALS, chosen_passage, own_lane, say, waiting_passage, why_not
from security.console.plates import done
from security.models import Passage


def _passage(request: Any) -> Passage | None:
    """The waiting car that is meant; None for the bare lane."""
    key = number(request.POST.get("passage"))
    return waiting_passage(request, key) if key else None


@for_guards
@require_POST
def give(request: Any, key: int) -> HttpResponse:
    """A ticket for a car without a plate, and the barrier opens."""
    lane, note = own_lane(request, key), request.POST.get("note", "")[:60]
    try:
        passage = operations.give_ticket(lane, request.user, _passage(request), note)
    except REFUSALS as error:
        return done(request, say("ask", why_not(error)))
    facts = {"lane": lane.name, "number": passage.facts["number"]}
    text = _("%(lane)s: opening. Ticket %(number)s is for the driver.") % facts
    return done(request, say("hand", text, ticket=passage.facts["ticket"]))


@for_guards
@require_POST
def show(request: Any, key: int) -> HttpResponse:
    """A ticket was scanned or its number typed; it opens once nothing is due."""
    lane, text = own_lane(request, key), request.POST.get("ticket", "")[:LONGEST]
    try:
        passage = operations.show_ticket(lane, text, request.user, _passage(request))
    except REFUSALS as error:
        return done(request, say("ask", why_not(error)))
    facts = {"lane": lane.name, "number": passage.facts.get("number", "")}
    if passage.state == Passage.State.OPENED:
        return done(request, say("allow", _("%(lane)s: ticket %(number)s, opening.") % facts))
    chosen_passage(request, passage.pk)
    return done(request, say("info", _("Ticket %(number)s: see the card.") % facts))


@for_guards
@never_cache
@require_GET
def ticket(request: Any, key: int) -> HttpResponse:
    """The ticket as a sheet: printed, or held out so that the driver's phone takes it along."""
    rows = Ticket.objects.visible_to(request.user).of(request.compound)
    row = get_object_or_404(rows, pk=key)
    address = request.build_absolute_uri(reverse("pay-ticket", args=[row.secret]))
    stay = Stay.objects.whole().filter(ticket=row).order_by("-pk").first()
    context = {"ticket": row, "qr": drawn(address), "stay": stay, "compound": request.compound}
    return render(request, "guard/ticket.html", context)


urlpatterns = [
    path("guard/lanes/<int:key>/ticket/", give, name="guard-ticket-give"),
    path("guard/lanes/<int:key>/ticket/show/", show, name="guard-ticket-show"),
    path("guard/tickets/<int:key>/", ticket, name="guard-ticket"),
]
