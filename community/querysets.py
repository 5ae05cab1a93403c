"""Reads that keep each user inside the compounds where they hold a role."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)

#: Roles that work for the property office.
STAFF = frozenset({"guard", "desk", "cashier", "manager", "installer"})
#: Roles that may change places, devices, people and vehicles.
OFFICE = frozenset({"desk", "manager"})


class CompoundQuerySet(models.QuerySet[M]):
    """Rows of one compound each; ``visible_to`` shows them to that compound's staff.

    A subclass names other roles in ``roles`` or narrows the rows in its own ``visible_to``.
    """

    roles: frozenset[str] = STAFF
    path = "compound_id"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The rows that ``user`` may read: none when signed out, all for the operator."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        return self.filter(**{f"{self.path}__in": user.compounds_as(self.roles)})

    def of(self, compound: models.Model | int) -> Self:
        return self.filter(**{self.path: compound if isinstance(compound, int) else compound.pk})


class PlacesQuerySet(CompoundQuerySet[M]):
    """Places are no secret inside a compound: any role there sees them."""

    roles = STAFF | {"resident", "landlord", "courier"}


class CompoundSelfQuerySet(PlacesQuerySet[M]):
    path = "id"


class ManagerOnlyQuerySet(CompoundQuerySet[M]):
    roles = frozenset({"manager"})


class OwnOrManagedQuerySet(ManagerOnlyQuerySet[M]):
    """One's own rows (``user``), and for managers all of their compounds."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        managed = Q(**{f"{self.path}__in": user.compounds_as(self.roles)})
        return self.filter(Q(user_id=user.pk) | managed)


class DeviceQuerySet(CompoundQuerySet[M]):
    """Cameras, barriers, doors, locker banks."""

    def active(self) -> Self:
        return self.filter(is_active=True)


class UserQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Oneself, and for managers everyone who holds a role in their compounds."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        shared = Q(held_roles__compound_id__in=user.compounds_as({"manager"}))
        return self.filter(Q(pk=user.pk) | shared).distinct()


class NotificationQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Each reader sees their own messages only."""
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class OwnQuerySet(models.QuerySet[M]):
    """One's own rows, whoever else there is."""

    path = "compound_id"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(user_id=user.pk) if user.is_authenticated else self.none()


class DeliveryQuerySet(CompoundQuerySet[M]):
    """The office sees what went out; each reader what was sent to them."""

    roles = OFFICE

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        office = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(office | Q(notification__user_id=user.pk))


class EventQuerySet(CompoundQuerySet[M]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Events of the user's compounds whose kind one of their roles there may see."""
        from community.events import kinds_for

        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        seen = Q(pk__in=[])
        for compound_id, roles in user.roles_by_compound().items():
            seen |= Q(compound_id=compound_id, kind__in=kinds_for(roles))
        return self.filter(seen)

    def after(self, sequence: int) -> Self:
        return self.filter(sequence__gt=sequence).order_by("sequence")


def roles_held(pairs: Iterable[tuple[int, str]]) -> dict[int, set[str]]:
    """``(compound, role)`` pairs grouped by compound."""
    held: dict[int, set[str]] = {}
    for compound_id, role in pairs:
        held.setdefault(compound_id, set()).add(role)
    return held
