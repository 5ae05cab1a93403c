"""Where a lane leads: which stays end and which begin when a car drives through it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from community.models import Lane
from community.prepared import prepared
from parking.models import Area, AreaLane

#: Areas within areas, at most: a row of a level of a garage.
DEEPEST = 3
Key = int | None  # an area's key; None for the compound as a whole


@dataclass(frozen=True)
class Way:
    """Keys of the areas left (innermost first) and entered (outermost first)."""

    leaves: tuple[Key, ...]
    enters: tuple[Key, ...]

    @property
    def leads_in(self) -> bool:
        """From the street into the compound."""
        return None in self.enters

    @property
    def leads_out(self) -> bool:
        return None in self.leaves


INWARD, OUTWARD = Way((), (None,)), Way((None,), ())


def way_of(lane: Lane | int | None, direction: str) -> Way:
    """One question; a lane without a row of its own leads between street and compound."""
    key = lane.pk if isinstance(lane, Lane) else lane
    inward = direction == Lane.Direction.ENTRY
    led: AreaLane | None = _led_by.first(lane=key) if key is not None else None
    if led is None:
        return INWARD if inward else OUTWARD
    outside = () if led.from_street else path_of(led.outer)
    inside = path_of(led.inner)
    return _between(outside, inside) if inward else _between(inside, outside)


@prepared(lane=int)
def _led_by(lane: int) -> QuerySet[Any, AreaLane]:
    rows = AreaLane.objects.filter(lane=lane).order_by("pk")
    return rows.select_related(*_chain("inner"), *_chain("outer"))[:1]


def path_of(area: Area | None) -> tuple[Key, ...]:
    """The compound and the areas around this one, outermost first, with itself."""
    path: list[Key] = []
    while area is not None and not area.whole:
        path.append(area.pk)
        area = area.parent
    return (None, *reversed(path))


def _between(start: tuple[Key, ...], end: tuple[Key, ...]) -> Way:
    leaves = tuple(key for key in reversed(start) if key not in end)
    return Way(leaves, tuple(key for key in end if key not in start))


def _chain(name: str) -> list[str]:
    return ["__".join([name, *["parent"] * deep]) for deep in range(DEEPEST)]
