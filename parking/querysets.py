"""Reads of vehicles."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from community.querysets import CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)


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
        return self.registered().filter(
            Q(valid_until=None) | Q(valid_until__gte=day), valid_from__lte=day
        )
