"""My cars: asked for with their licence; my places and permits."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parking import operations, own
from parking.home_pages import faults_of, picture_of
from parking.models import BlockedCar, CarWish, FireCase, PlateKind, RenewalWish, Vehicle
from parking.operations import rules, sealed
from parking.operations.blocked import ANSWERS
from parking.pages import MARKS
from residents import visiting
from residents.models import Person
from residents.pages.who import acting, at_home

WISH_MARKS = {"waiting": "due", "approved": "allow", "refused": "deny", "withdrawn": "off"}
#: Wishes that were answered stay on the page so long.
SHOWN = 5


@at_home
@require_GET
def cars(request: HttpRequest, person: Person) -> HttpResponse:
    return _show(request, person)


def _show(request: HttpRequest, person: Person, status: int = 200, **more: Any) -> HttpResponse:
    today = rules.today(person.compound)
    rows = list(own.cars_of(person)[:20])
    inside = own.standing([row.plate for row in rows], person.compound_id)
    wishes = CarWish.objects.filter(person=person).exclude(state=CarWish.State.APPROVED)
    asked = RenewalWish.objects.filter(person=person).order_by("pk")
    renewals = {wish.permit_id: wish for wish in asked}
    permits = [(row, renewals.get(row.pk)) for row in own.permits_of(person, today)[:20]]
    facts = {
        "cars": [
            {
                "row": row,
                "mark": MARKS[row.state_on(today)],
                "word": Vehicle.STATES[row.state_on(today)],
                "at": inside.get(row.plate),
            }
            for row in rows
        ],
        "wishes": [(row, WISH_MARKS[row.state]) for row in wishes.order_by("-pk")[:SHOWN]],
        "places": list(own.places_of(person, today)[:20]),
        "permits": permits,
        "in_the_way": list(_in_the_way(person)[:5]),
        "fire": list(_in_fire_lanes(person)[:5]),
        "answers": ANSWERS,
        "errors": {},
        "today": today,
    }
    return render(request, "home/cars.html", facts | more, status=status)


def _in_the_way(person: Person) -> Any:
    """Reports of one's own cars: where, since when, and never by whom."""
    return (
        BlockedCar.objects.open()
        .filter(vehicle__owner=person)
        .select_related("vehicle")
        .defer("person")
        .order_by("-pk")
    )


def _in_fire_lanes(person: Person) -> Any:
    cases = FireCase.objects.standing().filter(vehicle__owner=person, told_at__isnull=False)
    return cases.select_related("lane").order_by("-pk")


@at_home
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, person: Person) -> HttpResponse:
    """The form for a car, with a picture of its licence."""
    homes = {str(home.pk): home for home in visiting.homes_of(person)}
    given = {name: request.POST.get(name, "")[:30] for name in ("plate", "kind", "colour", "unit")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            if given["unit"] not in homes:
                raise rules.fault("unit", "home_not_yours")
            operations.ask_car(
                person,
                unit=homes[given["unit"]],
                plate=given["plate"],
                kind=given["kind"],
                colour=given["colour"],
                picture=picture_of(request),
                actor=acting(request),
            )
        except ValidationError as refusal:
            errors = faults_of(refusal)
        else:
            return redirect("home-cars")
    facts = {
        "given": given,
        "errors": errors,
        "homes": homes.values(),
        "kinds": PlateKind.choices,
    }
    return render(request, "home/car_new.html", facts, status=422 if errors else 200)


@at_home
@require_POST
def withdraw(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    wish = get_object_or_404(CarWish.objects.filter(person=person), pk=pk)
    operations.withdraw_car(wish, actor=acting(request))
    return redirect("home-cars")


@at_home
@require_POST
def renew(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """Ask to have a permit of one's own prolonged."""
    permit = get_object_or_404(own.permits_of(person, rules.today(person.compound)), pk=pk)
    try:
        try:
            until = date.fromisoformat(request.POST.get("until", "")[:10])
        except ValueError as error:
            raise rules.fault("until", "date_invalid") from error
        operations.ask_renewal(permit, person, until=until, actor=acting(request))
    except ValidationError as refusal:
        return _show(request, person, 422, errors=faults_of(refusal), of=permit.pk)
    return redirect("home-cars")


@at_home
@require_POST
def come(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The owner says when the car in somebody's way is gone, or that it is."""
    rows = BlockedCar.objects.filter(vehicle__owner=person)
    row = get_object_or_404(rows, pk=pk)
    minutes = request.POST.get("minutes", "")
    try:
        if minutes == "gone":
            operations.end_blocked(row, actor=acting(request))
        else:
            wanted = int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0
            operations.answer_blocked(row, minutes=wanted, actor=acting(request))
    except ValidationError as refusal:
        return _show(request, person, 422, errors=faults_of(refusal))
    return redirect("home-cars")


@at_home
@require_GET
def licence(request: HttpRequest, person: Person, pk: int) -> HttpResponse:
    """The picture that one sent, while it is kept."""
    body = sealed.shown(get_object_or_404(CarWish.objects.filter(person=person), pk=pk))
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="image/jpeg")
