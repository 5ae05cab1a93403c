"""A car is in my way: said here, followed here."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from parking import operations
from parking.home_pages import faults_of, picture_of
from parking.models import BlockedCar
from residents.models import Person
from residents.pages.who import acting, at_home

PER_PAGE = 10
MARKS = {"told": "due", "coming": "info", "guard": "info", "over": "allow"}


def _mine(person: Person) -> Any:
    """Reports of one's own; whose car it is stays unread."""
    return BlockedCar.objects.filter(person=person).defer("vehicle").order_by("-pk")


@at_home
@require_http_methods(["GET", "POST"])
def blocked(request: HttpRequest, person: Person) -> HttpResponse:
    given = {"plate": "", "place": ""}
    errors: dict[str, str] = {}
    if request.method == "POST":
        given = {"plate": request.POST.get("plate", "")[:30]}
        given["place"] = request.POST.get("place", "")[:80]
        try:
            picture = picture_of(request)
            operations.report_blocked(person, **given, picture=picture, actor=acting(request))
        except ValidationError as refusal:
            errors = faults_of(refusal)
        else:
            return redirect("home-blocked")
    page = Paginator(_mine(person), PER_PAGE).get_page(request.GET.get("page"))
    facts = {
        "given": given,
        "errors": errors,
        "page": page,
        "rows": [(row, MARKS[row.state]) for row in page],
    }
    return render(request, "home/blocked.html", facts, status=422 if errors else 200)


@at_home
@require_POST
def over(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    operations.end_blocked(get_object_or_404(_mine(person), pk=pk), actor=acting(request))
    return redirect("home-blocked")
