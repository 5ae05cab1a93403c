"""My stays: when, at what price, with the pictures; and what I say against one."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from parking import operations, own
from parking.home_pages import faults_of, picture_of
from parking.leaving import owed_for
from parking.models import Dispute, Stay
from parking.pay.tickets import pay_path
from parking.pricebook import stored
from parking.tariff_words import shown, yuan
from residents.models import Person
from residents.pages.who import acting, at_home

PER_PAGE = 20
MARKS = {"waiting": "due", "corrected": "allow", "stands": "info"}


@at_home
@require_GET
def stays(request: HttpRequest, person: Person) -> HttpResponse:
    """Newest first; ``plate`` narrows the list to one car."""
    rows = own.stays_of(person)
    plates = sorted(row.plate for row in own.cars_of(person)[:20])
    chosen = request.GET.get("plate", "")
    chosen = chosen if chosen in plates else ""
    if chosen:
        rows = rows.filter(plate=chosen)
    page = Paginator(rows.select_related("charge"), PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "page": page,
        "rows": [(row, _price(row)) for row in page],
        "plates": plates,
        "chosen": chosen,
    }
    return render(request, "home/stays.html", facts)


def _price(row: Stay) -> str:
    """What it cost, once that is known."""
    charge = getattr(row, "charge", None)
    return yuan(charge.total_fen) if charge else ""


@at_home
@require_GET
def stay(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    return _show(request, person, get_object_or_404(own.stays_of(person), pk=pk))


def _show(
    request: HttpRequest, person: Person, row: Stay, errors: Any = None, status: int = 200
) -> HttpResponse:
    disputes = row.disputes.filter(person=person).order_by("-pk")
    facts: dict[str, Any] = {
        "stay": row,
        "money": _money(row),
        "pictures": own.may_see_pictures(row, person),
        "disputes": [(one, MARKS[one.state]) for one in disputes[:5]],
        "waits": any(one.state == Dispute.State.WAITING for one in disputes[:5]),
        "whats": Dispute.What.choices,
        "errors": errors or {},
        "given": request.POST,
    }
    return render(request, "home/stay.html", facts, status=status)


def _money(row: Stay) -> dict[str, Any] | None:
    """The price line by line until now, and where it is paid; None where nothing is charged."""
    owed = owed_for(row, row.left_at or timezone.now())
    if owed is None:
        return None
    return {
        "lines": shown(stored(owed.priced.price)),
        "total": yuan(owed.priced.price.total),
        "paid": yuan(owed.paid_fen) if owed.paid_fen else "",
        "due": yuan(owed.due_fen) if owed.due_fen else "",
        "url": pay_path(row),
    }


@at_home
@require_POST
def dispute(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    row = get_object_or_404(own.stays_of(person), pk=pk)
    try:
        operations.dispute_stay(
            row,
            person,
            what=request.POST.get("what", ""),
            text=request.POST.get("text", ""),
            picture=picture_of(request),
            actor=acting(request),
        )
    except ValidationError as refusal:
        return _show(request, person, row, faults_of(refusal), 422)
    return redirect("home-stay", row.pk)
