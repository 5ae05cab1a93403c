"""For landlords: the homes that they let, inviting a tenant, the home's code, an ending."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from residents import operations, standing
from residents.models import Letting, Person, Registration
from residents.operations.homes import CODE_LIFE
from residents.pages.forms import qr
from residents.pages.registrations import _by_field, day
from residents.pages.who import acting, at_home
from residents.querysets import LIVE


def _letting(person: Person, key: int) -> Letting:
    """404 for a home that somebody else lets."""
    rows = Letting.objects.filter(landlord=person).current().select_related("unit", "landlord")
    row: Letting = get_object_or_404(rows, pk=key)
    return row


@at_home
@require_GET
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    return render(request, "home/lets.html", {"lets": standing.lets_of(person)})


@at_home
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Name the tenant; then there is a link to pass on."""
    letting = _letting(person, pk)
    facts: dict[str, Any] = {"letting": letting, "given": request.POST, "errors": {}}
    if request.method == "POST":
        try:
            row = operations.invite_tenant(
                letting,
                name=request.POST.get("name", "")[:100],
                phone=request.POST.get("phone", "")[:30],
                moved_in_on=day(request.POST.get("moved_in_on", "")),
                expected_out_on=day(request.POST.get("expected_out_on", "")),
                actor=acting(request),
            )
        except ValidationError as error:
            facts["errors"] = _by_field(error)
        else:
            return redirect("home-invited", letting.pk, row.pk)
    return render(request, "home/invite.html", facts, status=422 if facts["errors"] else 200)


@at_home
@require_GET
def invited(request: HttpRequest, person: Person, pk: int, registration: int) -> HttpResponse:
    """The link for the tenant, until they have begun: afterwards it is theirs alone."""
    letting = _letting(person, pk)
    rows = Registration.objects.filter(letting=letting, state="invited")
    row = get_object_or_404(rows, pk=registration)
    path = reverse("home-form", args=[operations.token_of(row)])
    link = request.build_absolute_uri(path)
    facts = {"letting": letting, "row": row, "link": link, "qr": qr(link)}
    return render(request, "home/invited.html", facts)


@at_home
@require_GET
def code(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The home's QR code: to print, or to show to a tenant."""
    letting = _letting(person, pk)
    token = operations.home_token(letting.unit, actor=acting(request))
    link = request.build_absolute_uri(reverse("home-scan", args=[token]))
    until = timezone.localdate(letting.unit.home_code.issued_at + CODE_LIFE)
    facts = {"letting": letting, "link": link, "qr": qr(link), "until": until}
    return render(request, "home/home_code.html", facts)


@at_home
@require_POST
def renew_code(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    letting = _letting(person, pk)
    operations.renew_home_token(letting.unit, actor=acting(request))
    return redirect("home-code-of", letting.pk)


@at_home
@require_http_methods(["GET", "POST"])
def ended(request: HttpRequest, person: Person, pk: int, registration: int) -> HttpResponse:
    """My tenant moved out: the tenant or the desk confirms it, nobody is locked out by this."""
    letting = _letting(person, pk)
    rows = Registration.objects.filter(letting=letting, state__in=LIVE)
    row = get_object_or_404(rows, pk=registration)
    facts: dict[str, Any] = {"letting": letting, "row": row, "errors": {}}
    facts["today"] = timezone.localdate()
    if request.method == "POST":
        on = day(request.POST.get("on", ""))
        try:
            operations.say_tenant_left(row, on, actor=acting(request))
        except ValidationError as error:
            facts["errors"] = _by_field(error)
        else:
            facts["said"] = True
    return render(request, "home/tenant_left.html", facts, status=422 if facts["errors"] else 200)
