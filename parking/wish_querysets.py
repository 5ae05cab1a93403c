"""Who may read what people ask for and report of their cars."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from community.querysets import OFFICE, CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)
#: Those who look at cars where they stand.
WATCH = frozenset({"guard", "desk", "manager"})


class WishQuerySet(CompoundQuerySet[M]):
    """The desk sees what people ask for; a person their own."""

    roles = OFFICE

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(Q(compound_id__in=user.compounds_as(self.roles)) | Q(person__user=user))


class ReportQuerySet(WishQuerySet[M]):
    """What has to be looked at where the car stands: the guard's too."""

    roles = WATCH


class BlockedQuerySet(ReportQuerySet[M]):
    """A car in the way, until somebody says that it has gone."""

    def open(self) -> Self:
        return self.filter(ended_at=None)


class FireLaneQuerySet(CompoundQuerySet[M]):
    """Where fire lanes are: whoever sets cameras up needs to know, too."""

    roles = WATCH | {"installer"}


class FireQuerySet(CompoundQuerySet[M]):
    """The cars seen in fire lanes."""

    roles = WATCH


class FireCaseQuerySet(FireQuerySet[M]):
    def standing(self) -> Self:
        return self.filter(left_at=None)

    def with_pack(self) -> Self:
        """Those whose owner was told and did not drive away in time."""
        return self.filter(pack_at__isnull=False)


class SightingQuerySet(FireQuerySet[M]):
    path = "case__compound_id"
