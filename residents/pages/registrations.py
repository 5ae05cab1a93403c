"""My registrations: how they stand, renewing, moving out, and what a landlord said."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.models import Unit
from residents import household, operations, standing
from residents.models import Ending, Person, Registration
from residents.pages.who import acting, at_home


def _mine(person: Person, key: int) -> Registration:
    """404 for anybody else's."""
    rows = Registration.objects.filter(person=person).select_related("unit", "letting")
    row: Registration = get_object_or_404(rows, pk=key)
    return row


def day(text: str) -> Any:
    """A date, or None for what is none."""
    try:
        return parse_date(text.strip()[:10])
    except ValueError:
        return None


@at_home
@require_GET
def overview(request: HttpRequest, person: Person) -> HttpResponse:
    """All registrations; with just one, that one."""
    stands = standing.of_person(person)
    if len(stands) == 1 and not standing.open_endings(person):
        return redirect("home-registration", stands[0].row.pk)
    ended = Registration.objects.filter(person=person, state="ended").select_related("unit")
    facts = {
        "standings": stands,
        "ended": list(ended.order_by("-ended_on")[:10]),
        "endings": standing.open_endings(person),
        "homes": household.lived_in(person),
    }
    return render(request, "home/registrations.html", facts)


@at_home
@require_GET
def detail(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    row = _mine(person, pk)
    facts = {
        "row": row,
        "stand": standing.with_deadlines([row])[0],
        "steps": row.steps.order_by("-pk"),
        "remarks": row.remarks.all(),
        "token": operations.token_of(row),
        "ending": Ending.objects.filter(registration=row).open().first(),
    }
    return render(request, "home/registration.html", facts)


@at_home
@require_POST
def start(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Register in a home of one's own."""
    homes = {unit.pk for unit in household.homes_of(person)}
    unit = get_object_or_404(Unit.objects.filter(pk__in=homes), pk=pk)
    row = operations.start_by_code(unit, person=person, actor=acting(request))
    return redirect("home-form", operations.token_of(row))


@at_home
@require_http_methods(["GET", "POST"])
def renew(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    row = _mine(person, pk)
    facts: dict[str, Any] = {"row": row, "given": request.POST, "errors": {}}
    if request.method == "POST":
        until = day(request.POST.get("expected_out_on", ""))
        lease = day(request.POST.get("lease_to", ""))
        try:
            operations.renew_until(row, until, lease, actor=acting(request))
        except ValidationError as error:
            facts["errors"] = _by_field(error)
        else:
            return redirect("home-registration", row.pk)
    status = 422 if facts["errors"] else 200
    return render(request, "home/renew.html", facts, status=status)


@at_home
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """I moved out: said by the person, it counts at once."""
    row = _mine(person, pk)
    facts: dict[str, Any] = {"row": row, "today": timezone.localdate(), "errors": {}}
    if request.method == "POST":
        on = day(request.POST.get("on", "")) or timezone.localdate() + timedelta(days=1)
        facts["given"] = request.POST.get("on", "")
        try:
            operations.leave_home(row, on=on, actor=acting(request))
        except ValidationError as error:
            facts["errors"] = _by_field(error)
        else:
            return render(request, "home/left.html", {"row": row, "on": on})
    status = 422 if facts["errors"] else 200
    return render(request, "home/leave.html", facts, status=status)


@at_home
@require_POST
def answer(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The landlord said that I moved out: yes, or no, I live here."""
    ending = get_object_or_404(Ending.objects.filter(person=person), pk=pk)
    moved_out = request.POST.get("moved_out") == "yes"
    operations.answer_ending(ending, moved_out=moved_out, actor=acting(request))
    return redirect("home-registrations")


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        found: dict[str, list[str]] = error.message_dict
        return found
    return {"all": error.messages}
