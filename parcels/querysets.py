"""Who may read lockers, parcels and couriers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from community.querysets import OFFICE, STAFF, CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)


class CompartmentQuerySet(CompoundQuerySet[M]):
    roles = STAFF | {"courier"}
    path = "bank__compound_id"


class DeskQuerySet(CompoundQuerySet[M]):
    """What only the desk and the manager deal with."""

    roles = OFFICE


class CourierPartQuerySet(DeskQuerySet[M]):
    """What belongs to a courier's account."""


class OwnedQuerySet(CompoundQuerySet[M]):
    """The office sees all, a person what is theirs (``own`` leads to their sign-in)."""

    roles = OFFICE
    own = "person__user"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        shared = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(shared | Q(**{self.own: user}))


class ChoiceQuerySet(OwnedQuerySet[M]):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class QuestionQuerySet(OwnedQuerySet[M]):
    def unsettled(self) -> Self:
        return self.filter(settled_at=None)


#: What the desk has to do with parcels that are here, each as its own list.
WORK = {
    "look": ~Q(doubt=""),
    "move": Q(rung=3),
    "back": Q(rung=4),
    "home": Q(state="desk", bring_home=True),
    "send": Q(state="desk", kind="outgoing"),
}
ANY_WORK = WORK["look"] | WORK["move"] | WORK["back"] | WORK["home"] | WORK["send"]


class ParcelQuerySet(OwnedQuerySet[M]):
    """Couriers find their own deliveries through ``of_courier``, never by searching."""

    def live(self) -> Self:
        return self.filter(ended_at=None)

    def to_do(self, what: str = "") -> Self:
        """Here and waiting for the desk: one of ``WORK``, or any of it."""
        return self.live().filter(WORK[what] if what else ANY_WORK)

    def of_courier(self, courier: Any) -> Self:
        return self.filter(courier=courier)

    def with_waybill(self, text: str) -> Self:
        """Parcels whose waybill is this, or ends in it (four characters at least)."""
        plain = "".join(sign for sign in text.upper() if sign.isalnum())
        if len(plain) < 4:
            return self.none()
        return self.filter(waybill_tail=plain[-4:], waybill__endswith=plain)


class OfParcelQuerySet(OwnedQuerySet[M]):
    own = "parcel__person__user"
