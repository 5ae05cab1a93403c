"""A bank and its hardware, for whoever installs it: how it is, its driver, one door as a test."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.admin_base import show_refusal
from community.devices.base import BarrierState
from community.devices.sentences import sentence
from community.models import Command
from parcels import operations
from parcels.models import LockerBank, Parcel
from parcels.operations.doors import read_doors
from parcels.pages.connect_forms import DRIVERS, ConnectForm, MapForm

WRITERS = frozenset({"manager", "installer"})
MARKS = {"online": "allow", "faulty": "ask", "offline": "off", "unknown": "info"}
ORDERS = {"pending": "due", "sending": "due", "done": "allow", "failed": "deny", "unknown": "off"}


def for_installers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the bank, to who may set it up; to others there is none."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, pk: int, *args: Any, **kwargs: Any) -> HttpResponse:
        user: Any = request.user
        rows = LockerBank.objects.visible_to(user).select_related("device", "compound")
        bank = get_object_or_404(rows, pk=pk)
        if not (user.is_staff and user.roles_in(bank.compound_id) & WRITERS):
            raise Http404
        return view(request, bank, *args, **kwargs)

    return guarded


@require_safe
@for_installers
def condition(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """How the bank is and what to do about it; its compartments; the test."""
    return _condition(request, bank)


def _condition(
    request: HttpRequest, bank: LockerBank, *, fault: str = "", status: int = 200
) -> HttpResponse:
    places = list(bank.compartments.order_by("number"))
    taken = set(Parcel.objects.filter(compartment__bank=bank).values_list("compartment", flat=True))
    device = bank.device
    context = {
        "bank": bank,
        "device": device,
        "driver": dict(DRIVERS).get(device.driver, device.driver) if device else "",
        "mark": MARKS[device.health] if device else "off",
        "said": sentence(device.health_code) if device else "",
        "troubles": [place for place in places if place.alarm or place.is_faulty],
        "free": [place for place in places if place.pk not in taken],
        "places": places,
        "key": secrets.token_hex(8),
        "fault": fault,
    }
    return render(request, "parcels/bank.html", context, status=status)


@require_POST
@for_installers
def ask(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """Ask the bank now, instead of at the next round."""
    operations.watch(bank)
    return redirect("locker-bank", bank.pk)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@for_installers
def connect(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """Which driver, and its settings."""
    form = ConnectForm(bank, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.connect_bank(
                bank,
                driver=form.cleaned_data["driver"],
                settings=form.settings,
                credentials=form.credentials,
                actor=request.user,  # type: ignore[arg-type]
            )
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            operations.watch(LockerBank.objects.select_related("device").get(pk=bank.pk))
            return redirect("locker-bank", bank.pk)
    context = {"bank": bank, "form": form}
    return render(request, "parcels/connect.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@for_installers
def sizes(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """Which compartments there are and how large."""
    form = MapForm(bank, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_map(bank, form.cleaned_data["sizes"], actor=request.user)  # type: ignore[arg-type]
        except ValidationError as refusal:
            show_refusal(form, refusal)
        else:
            return redirect("locker-bank", bank.pk)
    context = {"bank": bank, "form": form}
    return render(request, "parcels/sizes.html", context, status=422 if form.errors else 200)


@require_POST
@for_installers
def test(request: HttpRequest, bank: LockerBank) -> HttpResponse:
    """Open one compartment, once somebody says that they stand there."""
    number = request.POST.get("number", "")
    try:
        order = operations.try_compartment(
            bank,
            int(number) if number.isdigit() and len(number) < 4 else 0,
            key=request.POST.get("key", ""),
            clear=request.POST.get("clear") == "on",
            actor=request.user,  # type: ignore[arg-type]
        )
    except ValidationError as refusal:
        return _condition(request, bank, fault=refusal.messages[0], status=422)
    return redirect("locker-tested", bank.pk, order.pk)


@require_safe
@for_installers
def tested(request: HttpRequest, bank: LockerBank, order: int) -> HttpResponse:
    """What the bank answered and what the door says, live until the door is shut again."""
    row = get_object_or_404(operations.trials_of(bank), pk=order)
    waits = row.state in (Command.State.PENDING, Command.State.SENDING)
    number = row.parameters["number"]
    door = BarrierState.UNKNOWN if waits else read_doors(bank, [number])[number]
    context = {
        "bank": bank,
        "order": row,
        "number": number,
        "waits": waits,
        "mark": ORDERS[row.state],
        "said": sentence(row.code) or _("The bank took the order."),
        "door": door.value,
        "live": waits or door is BarrierState.OPEN,
    }
    page = (
        "parcels/tested_part.html" if request.headers.get("HX-Request") else "parcels/tested.html"
    )
    return render(request, page, context)
