"""Who may read ways in and visits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from community.querysets import OFFICE, CompoundQuerySet
from residents.querysets import OwnQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)


class WayInQuerySet(OwnQuerySet[M]):
    """The office sees all ways in of its compound; a person their own. Guards see passages."""

    roles = OFFICE
    own = "person__user"

    def active(self) -> Self:
        return self.filter(ended_at=None)


class VisitQuerySet(CompoundQuerySet[M]):
    """Office and guards see whom to expect; a household sees its own visitors only."""

    roles = OFFICE | {"guard"}

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        shared = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(shared | Q(pk__in=self.at_home_of(user).values("pk")))

    def at_home_of(self, user: User) -> Self:
        """Visits to the homes where this user lives today."""
        from residents.models import Residency

        today = timezone.localdate()
        homes = Residency.objects.current(today).filter(person__user=user).values("unit")
        return self.filter(unit__in=homes)

    def live(self, at: datetime) -> Self:
        """Passes that may be used at this moment."""
        left = Q(most_entries=None) | Q(entries__lt=F("most_entries"))
        return self.filter(left, revoked_at=None, starts_at__lte=at, ends_at__gt=at)


class VisitStayQuerySet(CompoundQuerySet[M]):
    roles = OFFICE | {"guard"}

    def visible_to(self, user: User | AnonymousUser) -> Self:
        from residents.models import Visit

        return self.filter(visit__in=Visit.objects.visible_to(user).values("pk"))

    def inside(self) -> Self:
        return self.filter(left_at=None)
