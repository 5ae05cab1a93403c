"""Codes on the courier's own phone: today's pass at the gate, and the way in at a tablet."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from community.models import Gate
from community.qr import code_picture
from parcels import operations
from parcels.models import Courier
from parcels.pages.courier_frame import said
from parcels.pages.who import TABLET, for_courier
from residents import visiting, ways


@for_courier
@require_http_methods(["GET", "POST"])
def gate(request: HttpRequest, courier: Courier) -> HttpResponse:
    """Today's pass; the first look makes it, so that the gate is one touch away."""
    errors: dict[str, str] = {}
    plate = request.POST.get("plate", "")[:20]
    try:
        operations.gate_pass(courier, plate=plate, actor=courier.user)
    except ValidationError as refusal:
        errors = said(refusal)
    else:
        if request.method == "POST":
            return redirect("courier-gate")
    facts = _facts(courier) | {"errors": errors, "plate": plate}
    return render(request, "courier/gate.html", facts, status=422 if errors and plate else 200)


def _facts(courier: Courier) -> dict[str, Any]:
    row = operations.pass_now(courier)
    begins, ends = operations.hours_today(courier.compound)
    facts: dict[str, Any] = {"courier": courier, "begins": begins, "ends": ends, "row": row}
    facts["gates"] = Gate.objects.filter(compound=courier.compound_id).order_by("order", "name")
    if row is not None:
        shown = visiting.show(row)
        facts |= {"shown": shown, "code": code_picture(f"{ways.PASS}:{row.secret}")}
    facts["is_over"] = timezone.now() >= ends
    return facts


@for_courier
@require_safe
def tablet(request: HttpRequest, courier: Courier) -> HttpResponse:
    """A code that signs the courier in at a locker's tablet; each look gives a fresh one."""
    if TABLET in request.session:  # they stand at one already
        return redirect("courier")
    code = code_picture(operations.scan_code(courier))
    return render(request, "courier/scan_in.html", {"courier": courier, "code": code})
