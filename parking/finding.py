"""Where a car is: by a part of its plate, which place it holds, since when it is inside."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from community.vision.grammar import normalise
from parking.models import Holding, Permit, Stay, Vehicle

#: So short a text would show half of the compound.
LEAST = 2


@dataclass(frozen=True)
class Found:
    """A car: registered here, or inside, or both."""

    plate: str
    kind: str
    home: str
    area: str
    places: str
    since: datetime | None
    assumed: bool
    #: Number of the ticket of a car without a plate.
    ticket: str = ""


def wanted(text: str) -> str:
    """The part of a plate that is looked for; empty where it is too short."""
    part = normalise(text)[:10]
    return part if len(part) >= LEAST else ""


def inside(compound: Any, text: str, area: int) -> Any:
    """Open stays in the compound, the newest first: of plates that hold the text, in one area."""
    rows = Stay.objects.of(compound).open().whole().exclude(plate="", ticket=None)
    if part := wanted(text):
        rows = rows.filter(Q(plate__contains=part) | Q(ticket__number__contains=text.strip()))
    if area:
        there = Stay.objects.of(compound).open().filter(area=area)
        # Cars on tickets have no plate in common: each is its ticket.
        by_plate = Q(plate__in=there.exclude(plate="").values("plate"))
        by_ticket = Q(ticket__in=there.filter(ticket__isnull=False).values("ticket"))
        rows = rows.filter(by_plate | by_ticket)
    return rows.select_related("vehicle__unit", "ticket").order_by("-entered_at", "-pk")


def away(compound: Any, text: str, most: int = 10) -> list[Vehicle]:
    """Registered cars with this text that are not inside now."""
    part = wanted(text)
    if not part:
        return []
    here = Stay.objects.of(compound).open().whole().values("plate")
    rows = Vehicle.objects.of(compound).registered().filter(plate__contains=part)
    return list(rows.exclude(plate__in=here).select_related("unit").order_by("plate")[:most])


def described(stays: list[Stay]) -> list[Found]:
    """Stays with area and place, in a fixed number of questions."""
    named = _areas(stays)
    places = _places(stays)
    return [
        Found(
            stay.plate,
            stay.plate_kind if stay.plate_kind != "unknown" else _kind(stay),
            stay.vehicle.unit.code if stay.vehicle and stay.vehicle.unit else "",
            named.get(_car(stay), ""),
            " ".join(places.get(stay.vehicle_id or 0, [])),
            stay.entered_at,
            stay.assumed,
            str(stay.ticket or ""),
        )
        for stay in stays
    ]


def _car(stay: Stay) -> tuple[str, int]:
    """Which car a stay is of: its plate, or its ticket where it has none."""
    return (stay.plate, 0) if stay.plate else ("", stay.ticket_id or 0)


def _areas(stays: list[Stay]) -> dict[tuple[str, int], str]:
    """By car, the name of the area that it drove into last and is in still."""
    of = stays[0].compound_id if stays else 0
    plates = {stay.plate for stay in stays} - {""}
    tickets = {stay.ticket_id for stay in stays} - {None}
    whose = Q(plate__in=plates) | Q(ticket__in=tickets)
    rows = Stay.objects.of(of).open().filter(whose, area__isnull=False)
    rows = rows.select_related("area").order_by("entered_at")
    return {_car(row): row.area.name for row in rows if row.area}


def _kind(stay: Stay) -> str:
    return stay.vehicle.kind if stay.vehicle else "unknown"


def _places(stays: list[Stay]) -> dict[int, list[str]]:
    """Numbers of the places of each car: its permit's, else those that its home holds."""
    today = timezone.localdate()
    cars = {stay.vehicle_id: stay.vehicle for stay in stays if stay.vehicle is not None}
    found: dict[int, list[str]] = {}
    permits = Permit.objects.valid_on(today).filter(vehicle__in=list(cars), place__isnull=False)
    for permit in permits.select_related("place"):
        found.setdefault(permit.vehicle_id or 0, []).append(str(permit.place))
    homes = {car.unit_id for car in cars.values() if car.unit_id}
    held = Holding.objects.valid_on(today).filter(unit__in=homes).select_related("place")
    for row in held.order_by("place__number"):
        for pk, car in cars.items():
            if car.unit_id == row.unit_id and pk is not None:
                numbers = found.setdefault(pk, [])
                numbers.extend({row.place.number} - set(numbers))
    return found
