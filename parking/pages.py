"""The resident's card of vehicles."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from parking.models import Stay, Vehicle
from residents.models import Person
from residents.pages.who import at_home

#: The mark of each state that a registration of a car may be in.
MARKS = {"valid": "allow", "early": "due", "expired": "deny", "barred": "deny", "ended": "off"}


@at_home
@require_GET
def vehicles_card(request: HttpRequest, person: Person) -> HttpResponse:
    """The person's cars: may they come in, and are they here."""
    rows = Vehicle.objects.filter(owner=person).registered().order_by("plate")
    vehicles = list(rows[:20])
    inside = {stay.vehicle_id: stay.entered_at for stay in _open_stays(vehicles)}
    today = timezone.localdate()
    shown = [
        {
            "row": row,
            "mark": MARKS[row.state_on(today)],
            "word": Vehicle.STATES[row.state_on(today)],
            "since": inside.get(row.pk),
        }
        for row in vehicles
    ]
    return render(request, "home/card_vehicles.html", {"vehicles": shown})


def _open_stays(vehicles: list[Vehicle]) -> Any:
    return Stay.objects.whole().filter(vehicle__in=vehicles, left_at=None)
