"""Reads of parking areas, and of rights that hold for a time."""

from __future__ import annotations

from datetime import date
from typing import Self, TypeVar

from django.db import models
from django.db.models import Q

from community.querysets import CompoundQuerySet

M = TypeVar("M", bound=models.Model)


class AreaQuerySet(CompoundQuerySet[M]):
    """The office's areas."""

    def in_use(self) -> Self:
        return self.filter(is_active=True)


class PeriodQuerySet(CompoundQuerySet[M]):
    """Rows with ``valid_from``, ``valid_until`` and ``ended_at``."""

    def running(self) -> Self:
        """Not ended by anybody, whatever the day."""
        return self.filter(ended_at=None)

    def valid_on(self, day: date) -> Self:
        """In force on a day of the compound's calendar."""
        until = Q(valid_until=None) | Q(valid_until__gte=day)
        return self.running().filter(until, valid_from__lte=day)


class StayQuerySet(CompoundQuerySet[M]):
    """Stays in the compound and in its areas."""

    def whole(self) -> Self:
        """Stays in the compound as a whole: each car once, whichever areas it stands in."""
        return self.filter(area=None)

    def open(self) -> Self:
        return self.filter(left_at=None)
