"""Who may read which people and residencies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q

from community import keyring
from community.querysets import CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)
READERS = frozenset({"guard", "desk", "manager"})


class PersonQuerySet(CompoundQuerySet[M]):
    """The office and the guards see the compound's people; a resident sees their own file."""

    roles = READERS
    own = "user"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        shared = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(shared | Q(**{self.own: user}))

    def by_number(self, field: str, value: str, compounds: Iterable[int]) -> Self:
        """Files with this phone or document (``field``), already in the form it is kept in."""
        found = Q(pk__in=[])
        for compound in compounds:
            indexes = keyring.blind_indexes(value, compound, field)
            found |= Q(compound_id=compound, **{f"{field}_index__in": indexes})
        return self.filter(found)

    def search(self, text: str, compounds: Iterable[int]) -> Self:
        """Files by part of a name, or by a whole phone or document number, in these compounds."""
        from residents import rules

        compounds = list(compounds)
        found = Q(name__icontains=text.strip())
        for field, value in (("phone", rules.plain_phone(text)), ("document", rules.plain(text))):
            if value.strip("+").isalnum() and len(value) >= 5:
                same = self.by_number(field, value, compounds)
                found |= Q(pk__in=same.values("pk"))
        return self.filter(found)


class ResidencyQuerySet(PersonQuerySet[M]):
    own = "person__user"

    def current(self, on: date) -> Self:
        """Residencies in force on a day of the compound's calendar."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)
