"""Who stands at a locker: a courier with an open account, and the bank that they chose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache

from community.middleware import SESSION_KEY
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
    """The open account of who is signed in here; asked for with every step and every second."""
    user: Any = request.user
    if not user.is_authenticated:
        return None
    key = request.session.get(SESSION_KEY)
    courier = operations.courier_of(user, key) if key else None
    if courier is None:
        compound = getattr(request, "compound", None)
        courier = operations.courier_of(user, compound.pk) if compound else None
    if courier is not None:
        courier.user, request.compound = user, courier.compound  # type: ignore[attr-defined]
    return courier


def bank_of(request: HttpRequest, courier: Courier) -> LockerBank | None:
    """The bank at which the courier stands, as they said."""
    rows = LockerBank.objects.of(courier.compound_id).select_related("device")
    found: LockerBank | None = rows.filter(pk=request.session.get(BANK) or 0).first()
    return found
