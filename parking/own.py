"""What of parking is somebody's own: their cars, their stays, places and permits of their home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from parking.models import Holding, Permit, Stay, Vehicle
from residents import visiting
from residents.models import Person


@dataclass(frozen=True)
class Standing:
    """Where a car stands now: the area where it is known, and since when."""

    area: str
    since: Any


def cars_of(person: Person) -> Any:
    return Vehicle.objects.filter(owner=person).registered().order_by("plate")


def standing(plates: list[str], compound_id: int) -> dict[str, Standing]:
    """Cars inside now, by plate: the innermost area that they drove into last."""
    rows = Stay.objects.of(compound_id).open().filter(plate__in=plates).select_related("area")
    found: dict[str, Standing] = {}
    # The whole compound first, then each area in the order of entry: the last one says it.
    for stay in sorted(rows, key=lambda row: (row.area_id is not None, row.entered_at)):
        since = found[stay.plate].since if stay.plate in found else stay.entered_at
        found[stay.plate] = Standing(stay.area.name if stay.area else "", since)
    return found


def stays_of(person: Person) -> Any:
    """Stays of the cars that are registered to somebody, and of visitors whom they invited."""
    mine = Q(vehicle__owner=person) | Q(visit__host=person)
    rows = Stay.objects.of(person.compound_id).whole().filter(mine)
    return rows.select_related("vehicle", "visit", "compound").order_by("-pk")


def may_see_pictures(stay: Stay, person: Person) -> bool:
    """Pictures are shown of one's own car alone, not of those who came to visit."""
    return stay.vehicle is not None and stay.vehicle.owner_id == person.pk


def permits_of(person: Person, today: date) -> Any:
    """Permits of one's cars and of the places of one's home, that did not end yet."""
    homes = [unit.pk for unit in visiting.homes_of(person)]
    mine = Q(vehicle__owner=person) | Q(pool__unit__in=homes, pool__ended_at=None)
    rows = Permit.objects.of(person.compound_id).running().filter(mine)
    return rows.select_related("vehicle", "pool__unit", "place__area").order_by("valid_until", "pk")


def places_of(person: Person, today: date) -> Any:
    """Places that one's home holds, or oneself."""
    homes = [unit.pk for unit in visiting.homes_of(person)]
    rows = Holding.objects.of(person.compound_id).valid_on(today)
    mine = Q(holder=person) | Q(holder=None, unit__in=homes)
    return rows.filter(mine).select_related("place__area", "unit").order_by("place__number")
