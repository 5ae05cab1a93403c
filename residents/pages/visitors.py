"""A household's visitors: invited, shared, seen to come and go, taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.admin_base import show_refusal
from community.pages import url_of
from residents import operations, visiting, ways
from residents.models import Person, Visit
from residents.pages.forms import qr
from residents.pages.who import acting, at_home
from residents.visit_forms import VisitFields, on_form

PER_PAGE = 20
#: Passes that are alive: more than one home may have at once, so that all of them show.
LIVE_MOST = 80
AHEAD = timedelta(days=400)
#: The page that a pass opens; made further up.
LINK = "visitor-pass"


def _own(request: HttpRequest, person: Person) -> Any:
    """Visits of the reader's household, in the compound that they look at."""
    return Visit.objects.at_home_of(acting(request)).of(person.compound_id)


def _alive(request: HttpRequest, person: Person) -> list[visiting.Shown]:
    now = timezone.now()
    rows = visiting.whole(_own(request, person).expected(now, now + AHEAD))
    return visiting.shown(rows.order_by("starts_at", "pk")[:LIVE_MOST])


@at_home
@require_GET
def visitors(request: HttpRequest, person: Person) -> HttpResponse:
    alive = _alive(request, person)
    rows = _own(request, person).exclude(pk__in=[one.row.pk for one in alive])
    found = visiting.whole(rows.order_by("-starts_at", "-pk"))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "inside": [one for one in alive if one.state in ("inside", "late")],
        "coming": [one for one in alive if one.state not in ("inside", "late")],
        "page": page,
        "past": visiting.shown(page),
        "may_invite": bool(visiting.homes_of(person)),
    }
    return render(request, "home/visitors.html", facts)


@at_home
@require_GET
def visitors_card(request: HttpRequest, person: Person) -> HttpResponse:
    alive = _alive(request, person)
    alive.sort(key=lambda one: one.state not in ("late", "inside"))
    facts = {"visits": alive[:3], "may_invite": bool(visiting.homes_of(person))}
    return render(request, "home/card_visitors.html", facts)


@at_home
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, person: Person) -> HttpResponse:
    form = VisitFields(request.POST if request.method == "POST" else None)
    kind = request.GET.get("kind", "")
    form.set_out(visiting.homes_of(person), kind if kind in Visit.Kind.values else "guest")
    if request.method == "POST" and form.is_valid():
        try:
            row = operations.invite(
                form.home(), host=person, actor=acting(request), **form.values()
            )
        except ValidationError as refusal:
            show_refusal(form, on_form(refusal))
        else:
            return redirect("home-visit", row.pk)
    status = 422 if form.errors else 200
    return render(request, "home/visit_new.html", {"form": form}, status=status)


@at_home
@require_GET
def visit(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """One pass: what to share, who came and went."""
    row = get_object_or_404(visiting.whole(_own(request, person)), pk=pk)
    facts: dict[str, Any] = {"visit": visiting.show(row)}
    if facts["visit"].is_usable:
        facts["link"] = request.build_absolute_uri(url_of(LINK, row.secret))
        facts["qr"] = qr(f"{ways.PASS}:{row.secret}")
    return render(request, "home/visit.html", facts)


@at_home
@require_POST
def revoke(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    row = get_object_or_404(_own(request, person), pk=pk)
    operations.revoke_visit(row, actor=acting(request))
    return redirect(reverse("home-visit", args=[row.pk]))
