"""Who stands at a locker: a courier with an open account, and the bank that they chose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from parcels import operations
from parcels.models import Courier, LockerBank

BANK = "courier_bank"
#: Since when the courier stores here, so that the page tells what they put in.
SINCE = "courier_since"


def for_courier(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """``view(request, courier, …)`` for an open account; others are led to the sign-in."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        courier = account(request)
        if courier is None:
            return redirect("courier-sign-in")
        return view(request, courier, *args, **kwargs)

    answer: Callable[..., HttpResponse] = never_cache(inner)
    return answer


def account(request: HttpRequest) -> Courier | None:
    user: Any = request.user
    compound = getattr(request, "compound", None)
    if not user.is_authenticated or not compound:
        return None
    return operations.courier_of(user, compound.pk)


def bank_of(request: HttpRequest, courier: Courier) -> LockerBank | None:
    """The bank at which the courier stands, as they said."""
    rows = LockerBank.objects.of(courier.compound_id).select_related("device")
    found: LockerBank | None = rows.filter(pk=request.session.get(BANK) or 0).first()
    return found
