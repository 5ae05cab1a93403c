"""The check list, the compound, its homes, gates and lanes."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from community.middleware import SESSION_KEY
from community.models import Gate, Lane, Unit
from security.setup import operations
from security.setup.access import MANAGERS, for_operator, for_setters
from security.setup.forms import CompoundForm, HomesForm, LaneForm
from security.setup.pages.show import lane_of, page
from security.setup.steps import after

#: Homes whose numbers the preview shows.
SHOWN = 6


@require_safe
def landing(request: Any) -> HttpResponse:
    """What is done and what is left; the operator of an empty installation begins."""
    if request.user.is_authenticated and request.user.is_superuser and not request.compound:
        return redirect("setup-new")
    return _landing(request)


@for_setters()
def _landing(request: Any) -> HttpResponse:
    return page(request, "landing")


@require_http_methods(["GET", "POST"])
@for_operator
def new(request: Any) -> HttpResponse:
    """A new compound; from then on the operator works in it."""
    first = {"key": secrets.token_hex(8), "language": get_language()}
    form = CompoundForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            compound = operations.create_compound(request.user, **form.cleaned_data)
        except ValidationError as error:
            form.take(error)
        else:
            request.session[SESSION_KEY] = compound.pk
            return redirect("setup-homes")
    return page(request, "compound", form=form, is_new=True, list=None)


@require_http_methods(["GET", "POST"])
@for_setters(MANAGERS)
def compound(request: Any) -> HttpResponse:
    names = ("name", "address", "timezone", "language")
    held = request.compound
    form = CompoundForm(request.POST or None, initial={name: getattr(held, name) for name in names})
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in names}
        try:
            operations.change_compound(request.user, held, **values)
        except ValidationError as error:
            form.take(error)
        else:
            return redirect(after(request, "compound"))
    return page(request, "compound", form=form)


@require_http_methods(["GET", "POST"])
@for_setters(MANAGERS)
def homes(request: Any) -> HttpResponse:
    """Type the pattern, look at what it makes, make it."""
    form = HomesForm(request.POST or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        try:
            preview = _preview(request, form)
            if request.POST.get("deed") == "make":
                operations.add_homes(request.user, request.compound, form.pattern)
                return redirect(after(request, "homes"))
        except ValidationError as error:
            form.take(error)
    count = Unit.objects.visible_to(request.user).of(request.compound).count()
    return page(request, "homes", form=form, preview=preview, count=count)


def _preview(request: Any, form: HomesForm) -> dict[str, Any]:
    """How many homes the pattern makes, and what the first and the last are called."""
    all_of_them = [home.code for home in form.pattern.all()]
    known = set(Unit.objects.of(request.compound).values_list("code", flat=True))
    fresh = [code for code in all_of_them if code not in known]
    return {
        "count": len(all_of_them),
        "fresh": len(fresh),
        "there": len(all_of_them) - len(fresh),
        "first": all_of_them[:SHOWN],
        "last": all_of_them[-1],
        "more": len(all_of_them) > SHOWN,
    }


@require_http_methods(["GET", "POST"])
@for_setters()
def gates(request: Any) -> HttpResponse:
    """The lanes that there are, and a form for one more or for the one that is changed."""
    chosen = request.GET.get("lane", "")
    lane = lane_of(request, int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else None
    form = LaneForm(request.POST or None, initial=_initial(request, lane))
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_lane(request.user, request.compound, form.plan, lane)
        except ValidationError as error:
            form.take(error)
        else:
            more = request.POST.get("deed") == "more"
            return redirect("setup-gates" if more else after(request, "gates"))
    rows = Lane.objects.visible_to(request.user).of(request.compound).select_related("gate")
    lanes = list(rows.filter(is_active=True).order_by("gate__order", "order", "pk"))
    names = list(Gate.objects.of(request.compound).values_list("name", flat=True))
    return page(request, "gates", form=form, lanes=lanes, gates=names, lane=lane)


def _initial(request: Any, lane: Lane | None) -> dict[str, Any]:
    if lane is None:
        last = Gate.objects.of(request.compound).order_by("-pk").first()
        kind = last.kind if last else Gate.Kind.VEHICLE
        return {"kind": kind, "gate": last.name if last else "", "direction": "entry"}
    names = ("name", "direction", "crossing", "crossing_after_s")
    found = {name: getattr(lane, name) for name in names}
    return found | {"gate": lane.gate.name, "kind": lane.gate.kind}
