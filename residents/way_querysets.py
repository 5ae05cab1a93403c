"""Who may read ways in and visits."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from community import keyring
from community.querysets import OFFICE, CompoundQuerySet
from community.vision import grammar
from residents import ways
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

    def awake(self) -> Self:
        """Those that may open something now: a face sleeps while nothing stands beside it."""
        return self.filter(ended_at=None, paused_at=None)


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
        """Visits of this user's own household, in the homes where they live today.

        Not those of a home that they let to others, nor of another household in the same home.
        """
        from residents.models import Letting, Residency

        now = Residency.objects.current(timezone.localdate())
        let = Letting.objects.filter(landlord__user=user).current()
        mine = now.filter(person__user=user).exclude(unit__in=let.values("unit"))
        same = now.filter(household__in=mine.exclude(household=None).values("household"))
        hosts = Q(host__user=user) | Q(host__in=same.values("person")) | Q(host=None)
        return self.filter(hosts, unit__in=mine.values("unit"))

    def search(self, text: str) -> Self:
        """By the visitor, the home, the host, or a plate however it is typed."""
        from residents.models import VisitPlate

        plate = grammar.normalise(text)
        found = Q(name__icontains=text) | Q(unit__code__icontains=text)
        found |= Q(host__name__icontains=text)
        if plate:
            cars = VisitPlate.objects.filter(plate__contains=plate)
            found |= Q(pk__in=cars.values("visit"))
        return self.filter(found)

    def spoken(self, text: str, compound_id: int) -> Self:
        """Passes of a compound with these six digits, with or without blanks; else none."""
        digits = "".join(text.split())
        if not ways.is_pin(digits):
            return self.none()
        indexes = keyring.blind_indexes(digits, compound_id, "spoken")
        return self.filter(compound_id=compound_id, spoken_index__in=indexes)

    def expected(self, at: datetime, until: datetime) -> Self:
        """Whom to expect between two moments, and who is still inside."""
        from residents.models import VisitStay

        left = Q(most_entries=None) | Q(entries__lt=F("most_entries"))
        coming = left & Q(revoked_at=None, ends_at__gt=at, starts_at__lt=until)
        inside = VisitStay.objects.inside().values("visit")
        return self.filter(coming | Q(pk__in=inside))

    def live(self, at: datetime) -> Self:
        """Passes that may be used at this moment."""
        left = Q(most_entries=None) | Q(entries__lt=F("most_entries"))
        return self.filter(left, revoked_at=None, starts_at__lte=at, ends_at__gt=at)


class VisitPartQuerySet(CompoundQuerySet[M]):
    """What belongs to a visit is seen by whoever sees the visit."""

    roles = OFFICE | {"guard"}

    def visible_to(self, user: User | AnonymousUser) -> Self:
        from residents.models import Visit

        return self.filter(visit__in=Visit.objects.visible_to(user).values("pk"))


class VisitStayQuerySet(VisitPartQuerySet[M]):
    def inside(self) -> Self:
        return self.filter(left_at=None)
