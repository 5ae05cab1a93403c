"""Handing out cards in a row, with a reader that types: scan, next person, scan. Keyboard only."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Exists, OuterRef, Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.models import Building
from community.querysets import OFFICE
from residents import operations
from residents.models import Residency, WayIn


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: Any) -> HttpResponse:
    """The next person without a card; what is scanned is theirs, a home's number leads there."""
    _clerk(request)
    building = _number(request.POST.get("building") or request.GET.get("building"))
    row = _row(request, building)
    if request.method != "POST" or row is None:
        return _page(request, row, building)
    typed = request.POST.get("number", "").strip()[:60]
    if not typed:
        return _go(building, _after(request, row, building))
    home = _in_home(request, typed)
    if home is not None:
        return _go(0, home)
    try:
        operations.give_card(row.person, typed, actor=request.user)
    except ValidationError as refused:
        return _page(request, row, building, " ".join(refused.messages))
    facts = {"home": row.unit.code, "name": row.person.name}
    messages.success(request, _("%(home)s %(name)s has this card now.") % facts)
    return _go(building, _after(request, row, building))


def _clerk(request: Any) -> None:
    if not request.compound or not request.user.roles_in(request.compound) & OFFICE:
        raise PermissionDenied


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _living(request: Any, building: int) -> Any:
    """Who lives here, in the order of homes; each with ``has_card``."""
    held = WayIn.objects.active().filter(kind=WayIn.Kind.CARD, person=OuterRef("person"))
    living = Residency.objects.visible_to(request.user).of(request.compound)
    rows: Any = living.current(timezone.localdate()).annotate(has_card=Exists(held))
    rows = rows.filter(unit__building=building) if building else rows
    return rows.select_related("person", "unit").order_by("unit__code", "pk")


def _row(request: Any, building: int) -> Any:
    """The residency asked for, else the first without a card."""
    asked = _number(request.POST.get("at") or request.GET.get("at"))
    found = _living(request, 0).filter(pk=asked).first() if asked else None
    return found or _living(request, building).filter(has_card=False).first()


def _after(request: Any, row: Any, building: int) -> Any:
    """The next without a card, in the order of homes."""
    behind = Q(unit__code__gt=row.unit.code) | Q(unit__code=row.unit.code, pk__gt=row.pk)
    rest = _living(request, building).filter(behind, has_card=False)
    return rest.exclude(person=row.person_id).first()


def _in_home(request: Any, code: str) -> Any:
    rows = _living(request, 0).filter(unit__code=code)
    return rows.order_by("has_card", "pk").first()


def _go(building: int, row: Any) -> HttpResponse:
    query = {"building": building or "", "at": row.pk if row is not None else ""}
    kept = {name: value for name, value in query.items() if value}
    return redirect(f"{reverse('desk-cards')}?{urlencode(kept)}")


def _page(request: Any, row: Any, building: int, error: str = "") -> HttpResponse:
    lists = Building.objects.visible_to(request.user).of(request.compound).order_by("code")
    left = _living(request, building).filter(has_card=False)
    context = {
        "row": row,
        "building": building,
        "buildings": lists,
        "left": left.values("person").distinct().count(),
        "error": error,
    }
    return render(request, "desk/cards.html", context, status=422 if error else 200)
