"""Homes by pattern: buildings × entrances × floors × homes on each floor."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_HOMES, MOST_BUILDINGS = 5000, 200
CODE = re.compile(r"^[0-9A-Za-z\u4e00-\u9fff]{1,10}$")
RANGE = re.compile(r"^(\d{1,4})\s*[-~–—至到]\s*(\d{1,4})$")


@dataclass(frozen=True)
class Home:
    building: str
    entrance: str
    floor: int
    room: str

    @property
    def code(self) -> str:
        """Building-entrance-room; without the entrance where a building has but one way in."""
        parts = [self.building, self.entrance, self.room]
        return "-".join(part for part in parts if part)


@dataclass(frozen=True)
class Pattern:
    """``entrances`` 0: the building has one, which is not named."""

    buildings: tuple[str, ...]
    entrances: int
    first_floor: int
    floors: int
    homes: int

    @property
    def count(self) -> int:
        return len(self.buildings) * max(1, self.entrances) * self.floors * self.homes

    @property
    def top(self) -> int:
        return self.first_floor + self.floors - 1

    def all(self) -> list[Home]:
        """Raises ValidationError for more homes than are made at once."""
        if self.count > MOST_HOMES:
            raise ValidationError(
                _("These are %(count)s homes. Make at most %(most)s at once, a few at a time."),
                params={"count": self.count, "most": MOST_HOMES},
            )
        entrances = [str(number) for number in range(1, self.entrances + 1)] or [""]
        return [
            Home(building, entrance, floor, f"{floor}{home:02d}")
            for building in self.buildings
            for entrance in entrances
            for floor in range(self.first_floor, self.top + 1)
            for home in range(1, self.homes + 1)
        ]


def read_buildings(typed: str) -> tuple[str, ...]:
    """``1-8, 10, A`` as building numbers in order, each once. Raises ValidationError."""
    found: list[str] = []
    for part in filter(None, (piece.strip() for piece in re.split(r"[,，、;；\s]+", typed))):
        match = RANGE.match(part)
        if match:
            first, last = int(match[1]), int(match[2])
            if not first <= last < first + MOST_BUILDINGS:
                raise ValidationError(
                    _("“%(part)s” is no range. Write it like 1-8."), params={"part": part[:20]}
                )
            found += [str(number) for number in range(first, last + 1)]
        elif CODE.match(part):
            found.append(part)
        else:
            raise ValidationError(
                _("“%(part)s” is no building number. Use digits or letters, like 1-8 or A."),
                params={"part": part[:20]},
            )
    buildings = tuple(dict.fromkeys(found))
    if not buildings:
        raise ValidationError(_("Enter the buildings, like 1-8."))
    if len(buildings) > MOST_BUILDINGS:
        raise ValidationError(_("These are too many buildings. Make them a few at a time."))
    return buildings
