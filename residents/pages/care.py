"""Care watch on the resident's page: for oneself, and for whom one is named as family."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from residents.models import CareWatch, Person
from residents.operations import care as verbs
from residents.pages.who import acting, at_home


def _seen(request: HttpRequest, person: Person) -> Any:
    """One's own and those of whom one is the relative; the office's view is the office's."""
    rows = CareWatch.objects.visible_to(acting(request)).of(person.compound_id).running()
    mine = rows.filter(person=person) | rows.filter(relative=person)
    return mine.select_related("person", "relative").order_by("pk")


@at_home
@require_http_methods(["GET", "HEAD", "POST"])
def care(request: HttpRequest, person: Person) -> HttpResponse:
    """What runs; and to begin with it for oneself."""
    error = ""
    if request.method == "POST":
        days = request.POST.get("days", "")
        try:
            verbs.start_care(
                person,
                consent="person" if request.POST.get("consent") == "yes" else "",
                consent_note=_("On the resident's own page"),
                days=int(days) if days.isdecimal() and len(days) < 4 else 0,
                actor=acting(request),
            )
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            return redirect("home-care")
    rows = list(_seen(request, person))
    has_own = any(row.person_id == person.pk for row in rows)
    context = {"rows": rows, "person": person, "has_own": has_own, "error": error}
    return render(request, "home/care.html", context, status=422 if error else 200)


@at_home
@require_POST
def act(request: HttpRequest, person: Person, pk: int, deed: str) -> HttpResponse:
    """All is well, away until a day, or the end of it."""
    if deed not in ("well", "away", "end"):
        raise Http404
    row = get_object_or_404(_seen(request, person), pk=pk)
    if deed == "well":
        verbs.all_well(row, actor=acting(request))
    elif deed == "end":
        verbs.end_care(row, actor=acting(request))
    else:
        field = forms.DateField(required=False)
        try:
            until = field.clean(request.POST.get("until", ""))
            verbs.set_away(row, until, actor=acting(request))
        except ValidationError as refused:
            rows = list(_seen(request, person))
            error = " ".join(refused.messages)
            context = {"rows": rows, "person": person, "has_own": True, "error": error}
            return render(request, "home/care.html", context, status=422)
    return redirect("home-care")
