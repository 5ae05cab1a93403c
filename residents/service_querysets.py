"""Who may read which notices and requests."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from community.querysets import OFFICE, STAFF, CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)


class NoticeQuerySet(CompoundQuerySet[M]):
    """The office sees every notice; others those that are out, for them, and still stand."""

    roles = OFFICE

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        office = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(office | Q(pk__in=self.all().for_reader(user).values("pk")))

    def standing(self, now: datetime | None = None) -> Self:
        """Out, not over, not withdrawn."""
        now = now or timezone.now()
        ends = Q(ends_at=None) | Q(ends_at__gt=now)
        return self.filter(ends, publish_at__lte=now, withdrawn_at=None)

    def for_reader(self, user: User) -> Self:
        """Standing notices addressed to a user, by their roles and homes."""
        from residents.models import Residency

        staff, residents, landlords = (
            user.compounds_as(roles) for roles in (STAFF, {"resident"}, {"landlord"})
        )
        homes = Residency.objects.filter(person__user=user).current(timezone.localdate())
        lives_in = homes.values("compound_id")
        told = (
            Q(audience="everyone", compound_id__in=user.roles_by_compound())
            | Q(audience="everyone", compound_id__in=lives_in)
            | Q(audience="residents", compound_id__in=lives_in)
            | Q(audience="residents", compound_id__in=residents)
            | Q(audience="landlords", compound_id__in=landlords)
            | Q(audience="staff", compound_id__in=staff)
        )
        near = Q(buildings=None) | Q(buildings__in=homes.values("unit__building_id"))
        near |= Q(compound_id__in=staff)
        return self.standing().filter(told & near).distinct()


class OfNoticeQuerySet(CompoundQuerySet[M]):
    """Who read what: the office's, and one's own."""

    roles = OFFICE

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(Q(compound_id__in=user.compounds_as(self.roles)) | Q(user_id=user.pk))


class RequestQuerySet(CompoundQuerySet[M]):
    """The office sees all, whoever works on one sees it, and who reported it sees their own."""

    roles = OFFICE
    to = ""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        own = Q(**{f"{self.to}person__user_id": user.pk})
        return self.filter(self._worked_by(user) | own)

    def _worked_by(self, user: User) -> Q:
        office = Q(compound_id__in=user.compounds_as(self.roles))
        staff = {f"{self.to}assigned_to_id": user.pk}
        return office | Q(compound_id__in=user.compounds_as(STAFF), **staff)

    def open(self) -> Self:
        return self.filter(state__in=["reported", "assigned", "in_work"])

    def overdue(self, now: datetime | None = None) -> Self:
        return self.open().filter(due_at__lt=now or timezone.now())


class OfRequestQuerySet(RequestQuerySet[M]):
    to = "request__"


class NoteQuerySet(OfRequestQuerySet[M]):
    """Internal notes stay with the staff."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated or user.is_superuser:
            return super().visible_to(user)
        own = Q(request__person__user_id=user.pk, is_internal=False)
        return self.filter(self._worked_by(user) | own)
