"""How couriers come in: phone, then a one-time code."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from community.models import Compound
from parcels import operations
from parcels.pages.who import TABLET, account, come_in, leave
from residents import masking, rules
from residents.operations.doors import TooMany, limits
from residents.pages.who import address

WAITING = "courier_waiting"


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The phone's number; what follows looks the same whether or not it is a courier's."""
    if request.method == "GET" and account(request) is not None:
        return redirect("courier")
    if "tablet" in request.GET and operations.bank_of_tablet(request.GET["tablet"][:80]):
        request.session[TABLET] = request.GET["tablet"]
    here = operations.bank_of_tablet(request.session.get(TABLET, ""))
    compounds = [here.compound] if here else list(Compound.objects.order_by("name")[:60])
    at = request.POST.get("at") or request.GET.get("at", "")
    chosen = next((one for one in compounds if one.code == at), None)
    chosen = chosen or (compounds[0] if len(compounds) == 1 else None)
    facts: dict[str, Any] = {"compounds": compounds, "at": chosen.code if chosen else ""}
    facts["phone"] = request.POST.get("phone", "")[:30]
    if request.method == "POST":
        try:
            limits.check_failures(address(request))
            if chosen is None:
                raise ValidationError({"at": _("Choose where you deliver.")})
            operations.send_code(chosen, facts["phone"])
        except TooMany:
            facts["error"] = _("Too many attempts. Please wait a quarter of an hour.")
        except ValidationError as refusal:
            told = getattr(refusal, "message_dict", {})
            facts["at_error" if "at" in told else "error"] = refusal.messages[0]
        else:
            kept = {"phone": rules.clean_phone(facts["phone"]), "at": chosen.pk}
            request.session[WAITING] = kept
            return redirect("courier-code")
    return render(request, "courier/sign_in.html", facts)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The six digits: five guesses each, and a limit for each network address."""
    kept = request.session.get(WAITING)
    compound = Compound.objects.filter(pk=kept["at"]).first() if kept else None
    if compound is None:
        return redirect("courier-sign-in")
    number = kept["phone"] if kept else ""
    facts: dict[str, Any] = {"phone": masking.phone(number)}
    if request.method == "POST":
        try:
            limits.check_failures(address(request))
            user = operations.sign_in(compound, number, request.POST.get("code", "")[:20])
        except TooMany:
            facts["error"] = _("Too many attempts. Please wait a quarter of an hour.")
        else:
            if user is not None:
                request.session.pop(WAITING, None)
                come_in(request, user, compound.pk, request.session.get(TABLET, ""))
                return redirect("courier")
            limits.note_failure(address(request))
            facts["error"] = _("This code does not fit. Ask for a new one, or ask the desk.")
    status = 422 if "error" in facts else 200
    return render(request, "courier/code.html", facts, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if TABLET in request.session:
        return redirect(leave(request))
    logout(request)
    return redirect("courier-sign-in")
