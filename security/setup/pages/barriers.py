"""A lane's barrier: entered, then tested by somebody who watches the arm."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.devices.sentences import sentence
from community.models import Command, Lane
from security.setup import operations
from security.setup.access import for_setters
from security.setup.device_forms import BarrierForm
from security.setup.filling import barrier_initial, of_lane
from security.setup.pages.show import lane_of, page
from security.setup.steps import after

MARKS = {"pending": "due", "sending": "due", "done": "allow", "failed": "deny", "unknown": "off"}


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@for_setters()
def barrier(request: Any, key: int) -> HttpResponse:
    lane = lane_of(request, key)
    form = BarrierForm(request.POST or None, initial=_initial(lane))
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_barrier(request.user, lane, form.plan)
        except ValidationError as error:
            form.take(in_words(error))
        else:
            return redirect("setup-test", lane.pk)
    return page(request, "barrier", form=form, lane=lane)


def in_words(error: ValidationError) -> ValidationError:
    """A driver refuses by code; people are told by a sentence."""
    faults = getattr(error, "error_dict", {}).get("driver")
    return ValidationError({"driver": sentence(str(faults[0].code))}) if faults else error


def _initial(lane: Lane) -> dict[str, Any]:
    name = _("%(lane)s barrier") % {"lane": lane.name}
    return barrier_initial(of_lane(lane, "barrier", name))


@require_http_methods(["GET", "POST"])
@for_setters()
def test(request: Any, key: int) -> HttpResponse:
    """Ask for the confirmation, then order one opening."""
    lane = lane_of(request, key)
    if lane.barrier is None:
        return redirect("setup-barrier", lane.pk)
    fault = ""
    if request.method == "POST":
        clear = request.POST.get("clear") == "on" and request.POST.get("watching") == "on"
        try:
            order = operations.test_barrier(
                request.user, lane, key=request.POST.get("key", ""), clear=clear
            )
        except ValidationError as error:
            fault = error.messages[0]
        else:
            return redirect("setup-tested", lane.pk, order.pk)
    status = 422 if fault else 200
    fresh = secrets.token_hex(8)
    return page(request, "test", lane=lane, key=fresh, fault=fault, status=status)


def _order(request: Any, lane: Lane, number: int) -> Command:
    rows = Command.objects.visible_to(request.user).of(request.compound)
    order: Command = get_object_or_404(rows, pk=number, lane=lane, key__startswith="setup-")
    return order


def _shown(order: Command) -> dict[str, Any]:
    waits = order.state in (Command.State.PENDING, Command.State.SENDING)
    return {
        "order": order,
        "waits": waits,
        "mark": MARKS[order.state],
        "said": sentence(order.code),
        "ask": order.state in (Command.State.DONE, Command.State.UNKNOWN),
    }


@require_safe
@for_setters()
def tested(request: Any, key: int, number: int) -> HttpResponse:
    """How the test's order stands, live; then the question whether the arm moved."""
    lane = lane_of(request, key)
    context = {"lane": lane, **_shown(_order(request, lane, number))}
    if request.htmx:
        return render(request, "setup/order.html", context)
    return page(request, "tested", **context)


@require_POST
@for_setters()
def confirm(request: Any, key: int, number: int) -> HttpResponse:
    """What the person saw."""
    lane = lane_of(request, key)
    order, moved = _order(request, lane, number), request.POST.get("moved") == "yes"
    try:
        operations.confirm_barrier(request.user, lane, order, moved=moved)
    except ValidationError as error:
        context = {"lane": lane, **_shown(order), "fault": error.messages[0]}
        return page(request, "tested", status=422, **context)
    if not moved:
        return page(request, "tested", lane=lane, **_shown(order), stood_still=True)
    return redirect(after(request, f"test-{lane.pk}"))
