"""Who stands at a locker: a courier with an open account, and the bank that they chose."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from community.middleware import SESSION_KEY
from community.models import User
from community.pages import url_of
from community.prepared import Prepared
from parcels import operations
from parcels.models import Courier, LockerBank
from residents.pages.door import BACKEND

BANK = "courier_bank"
#: Since when the courier stores here, so that the page tells what they put in.
SINCE = "courier_since"
#: The address of the shared tablet at which they signed in: with "finish" they are out again.
TABLET = "courier_tablet"
#: At a shared tablet nobody stays signed in for longer without a parcel.
TABLET_S = 15 * 60


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


_bank = Prepared(
    lambda compound, bank: LockerBank.objects.of(compound).filter(pk=bank)
    .select_related("device").order_by(),
    compound=int, bank=int,
)  # fmt: skip


def bank_of(request: HttpRequest, courier: Courier) -> LockerBank | None:
    """The bank at which the courier stands, as they said."""
    chosen = request.session.get(BANK) or 0
    found: LockerBank | None = _bank.first(compound=courier.compound_id, bank=chosen)
    return found


def sent(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For what is only sent: who comes by a link, as after choosing a language, starts anew."""

    @wraps(view)
    def inner(request: HttpRequest, courier: Courier, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return redirect("courier")
        return view(request, courier, *args, **kwargs)

    return inner


def stand_at(request: HttpRequest, bank: LockerBank) -> None:
    request.session[BANK] = bank.pk
    request.session[SINCE] = timezone.now().isoformat()


def come_in(request: HttpRequest, user: User, compound_id: int, tablet: str) -> None:
    """Signed in; at a shared tablet in front of its own bank, and not for long."""
    login(request, user, backend=BACKEND)
    request.session[SESSION_KEY] = compound_id
    bank = operations.bank_of_tablet(tablet)
    if bank is not None and bank.compound_id == compound_id:
        stand_at(request, bank)
        request.session[TABLET] = tablet
        request.session.set_expiry(TABLET_S)


def leave(request: HttpRequest) -> str:
    """Where to after the last parcel: to the list of banks, or out of a shared tablet."""
    tablet = request.session.pop(TABLET, "")
    request.session.pop(BANK, None)
    if not tablet:
        return url_of("courier")
    logout(request)
    return url_of("locker-tablet", tablet)
