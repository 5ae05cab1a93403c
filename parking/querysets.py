"""Reads of vehicles."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from community.querysets import OFFICE, CompoundQuerySet
from community.vision import grammar

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import Compound, User

M = TypeVar("M", bound=models.Model)
#: Plates further apart than this are not alike (two characters that nobody mixes up).
ALIKE = 2.0
#: How many of the roughly likest plates are compared with care.
COMPARED = 60


class VehicleQuerySet(CompoundQuerySet[M]):
    """Staff see the compound's cars; an owner sees their own."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        staff = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(staff | Q(owner__user=user))

    def registered(self) -> Self:
        return self.filter(ended_at=None)

    def valid_on(self, day: date) -> Self:
        """Registered, and inside the period of the right on a day of the compound's calendar."""
        return self.registered().filter(_covers(day))

    def in_state(self, state: str, day: date) -> Self:
        """Vehicles whose ``state_on`` a day is this one; none for an unknown state."""
        barred = ~Q(barred_reason="") & (Q(barred_until=None) | Q(barred_until__gte=day))
        early, over = Q(valid_from__gt=day), Q(valid_until__lt=day)
        states = {
            "ended": Q(ended_at__isnull=False),
            "barred": barred & Q(ended_at=None),
            "early": early & ~barred & Q(ended_at=None),
            "expired": over & ~early & ~barred & Q(ended_at=None),
            "valid": _covers(day) & ~barred & Q(ended_at=None),
        }
        return self.filter(states[state]) if state in states else self.none()

    def likeliest(self, compound: Compound, plate: str, limit: int = 3) -> list[M]:
        """Registered vehicles whose plates look most like ``plate``, the likest first.

        Each gets a ``distance`` (0 the same, see ``grammar.distance``). For a guard's choice:
        it compares all plates of the compound, and a similar plate never opens by itself.
        """
        distances = self.likest(compound, [plate], limit)[plate]
        found = self.select_related("unit").in_bulk(list(distances))
        for pk, vehicle in found.items():
            vehicle.distance = distances[pk]  # type: ignore[attr-defined]
        return [found[pk] for pk in distances if pk in found]

    def likest(
        self, compound: Compound | int, texts: Iterable[str], limit: int = 3
    ) -> dict[str, dict[int, float]]:
        """For each text the keys of the likeliest vehicles with their distance, likest first.

        One question for all texts.
        """
        rows = self.of(compound).registered().order_by().values_list("pk", "plate")
        plates = list(rows)
        return {text: _nearest(grammar.normalise(text), plates, limit) for text in texts}

    def search(self, text: str) -> Self:
        """Plates (however they are typed), homes and owners' names that hold the text."""
        plate = grammar.normalise(text)
        wanted = Q(unit__code__icontains=text) | Q(owner__name__icontains=text)
        return self.filter(wanted | Q(plate__contains=plate) if plate else wanted)


class ImportRowQuerySet(CompoundQuerySet[M]):
    """Staged rows name people and homes: for those who may take in lists."""

    roles = OFFICE
    path = "batch__compound_id"


def _covers(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_until=None) | Q(valid_until__gte=day))


def _nearest(text: str, plates: list[tuple[int, str]], limit: int) -> dict[int, float]:
    text = text[: grammar.MOST]
    rough = sorted(plates, key=lambda row: (-_shared(text, row[1]), row[1]))[:COMPARED]
    near = sorted((grammar.distance(text, other), pk) for pk, other in rough)
    return {pk: distance for distance, pk in near[:limit] if distance <= ALIKE}


def _shared(one: str, other: str) -> int:
    """Places with the same character, also when one of the two lacks a character."""
    return max(
        sum(map(str.__eq__, one, other)),
        sum(map(str.__eq__, one[1:], other)),
        sum(map(str.__eq__, one, other[1:])),
        sum(map(str.__eq__, one[::-1], other[::-1])),
    )
