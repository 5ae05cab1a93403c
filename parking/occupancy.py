"""How full each area is: counted from the open stays whenever it is asked, so it cannot drift.

Cars that were let in and have not driven in yet hold their place (``Hold``), or two gates could
give away the last one twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from community.models import Compound
from parking.models import Area, Hold, ParkedAs, Stay

#: Who stands on visitors' places.
VISITING = (ParkedAs.VISITOR.value,)


@dataclass(frozen=True)
class Level:
    """One area now: cars inside, of these visitors, and places held for cars on their way in."""

    area: Area
    inside: int
    visiting: int
    held: int

    @property
    def free(self) -> int:
        """Places that nobody stands on; never below 0, also where cars stand between places."""
        return max(0, self.area.capacity - self.inside)

    @property
    def free_for_visitors(self) -> int:
        quota = self.area.visitors
        left = self.area.capacity - self.inside - self.held
        if quota is not None:
            left = min(left, quota - self.visiting - self.held)
        return max(0, left)

    @property
    def percent(self) -> int:
        """How full it is, 0 to 100."""
        if not self.area.capacity:
            return 100
        return min(100, round(100 * self.inside / self.area.capacity))


def levels(compound: Compound | int) -> list[Level]:
    """Every area in use, in the office's order: one question."""
    rows = counted(Area.objects.of(compound).in_use()).order_by("order", "name")
    return [_level(area) for area in rows]


def levels_of(compound: Compound | int, keys: Iterable[int | None]) -> list[Level]:
    """The areas of these keys that are in use; None is the compound as a whole."""
    return [_level(area) for area in counted(areas_of(compound, keys))]


def areas_of(compound: Compound | int, keys: Iterable[int | None]) -> QuerySet[Area]:
    """Rows in the order in which they are locked."""
    wanted = list(keys)
    rows = Area.objects.of(compound).in_use()
    found = rows.filter(pk__in=[key for key in wanted if key is not None])
    if None in wanted:
        found = found | rows.filter(whole=True)
    result: QuerySet[Area] = found.order_by("pk")
    return result


def counted(areas: Any, *, but: str = "") -> Any:
    """``areas`` with ``inside``, ``visiting`` and ``held``, all of one moment.

    ``but`` is a plate whose own hold does not count: it is the car that asks.
    """
    holds = Hold.objects.filter(area=OuterRef("pk"), until__gt=timezone.now())
    holds = holds.exclude(plate=but) if but else holds
    visiting = Stay.objects.filter(parked_as__in=VISITING)
    return areas.annotate(
        inside=_inside(Stay.objects.all()), visiting=_inside(visiting), held=_count(holds)
    )


def _level(area: Any) -> Level:
    return Level(area, area.inside, area.visiting, area.held)


def level(area: Any) -> Level:
    """Of a row that ``counted`` has given."""
    return _level(area)


def _inside(stays: Any) -> Any:
    stays = stays.filter(compound=OuterRef("compound"), left_at=None)
    whole = _count(stays.filter(area=None))
    return Case(
        When(whole=True, then=whole),
        default=_count(stays.filter(area=OuterRef("pk"))),
        output_field=IntegerField(),
    )


def _count(rows: Any) -> Any:
    """A subquery that counts, and says 0 where there are none."""
    grouped = rows.order_by().values("compound").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(grouped, output_field=IntegerField()), 0)
