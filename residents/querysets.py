"""Who may read which people and residencies."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models
from django.db.models import Q

from community import keyring
from community.querysets import OFFICE, CompoundQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User

M = TypeVar("M", bound=models.Model)
_NUMBER = re.compile(r"\+?[0-9]{5,}X?")
READERS = frozenset({"guard", "desk", "manager"})


class OwnQuerySet(CompoundQuerySet[M]):
    """Roles see the compound's rows; whoever ``own`` leads to sees theirs."""

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
        """Rows with this phone or document (``field``), already in the form it is kept in."""
        found = Q(pk__in=[])
        for compound in compounds:
            indexes = keyring.blind_indexes(value, compound, field)
            same = Q(compound_id=compound, **{f"{field}_index__in": indexes})
            # No number's index is empty; said, so that an index without the empty ones serves.
            found |= same & ~Q(**{f"{field}_index": ""})
        return self.filter(found)

    def with_number(self, text: str, compounds: Iterable[int]) -> list[Any]:
        """Keys of rows whose whole phone or document somebody may have typed, a query for each."""
        from residents import rules

        rows: Any = self.model._default_manager.order_by()
        return [
            rows.by_number(field, value, compounds).values("pk")
            for field, value in (
                ("phone", rules.plain_phone(text)),
                ("document", rules.plain(text)),
            )
            if value.strip("+").isalnum() and len(value) >= 5
        ]

    def among(self, keys: list[Any]) -> Self:
        """Rows whose key one of these queries gives.

        They are united, not joined by "or": so each is answered by its own index.
        """
        if not keys:
            return self.none()
        first, *others = keys
        return self.filter(pk__in=first.union(*others, all=True) if others else first)


class PersonQuerySet(OwnQuerySet[M]):
    """The office and the guards see the compound's people; a resident sees their own file."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return super().visible_to(user).whole()

    def whole(self) -> Self:
        """Without the empty files that were merged into others."""
        return self.filter(merged_into=None)

    def of_phone(self, phone: str, compound: int) -> Self:
        """The one file whose person is known to answer this number (in the form it is kept in)."""
        same = self.by_number("phone", phone, [compound])
        return same.filter(phone_confirmed_at__isnull=False)

    def search(self, text: str, compounds: Iterable[int]) -> Self:
        """Files by part of a name, or by a whole phone or document number, in these compounds."""
        return self.whole().among(self.keys_for(text, compounds))

    def keys_for(self, text: str, compounds: Iterable[int]) -> list[Any]:
        """What ``search`` asks, a query of keys for each way to be found."""
        from residents import rules
        from residents.models import OtherPhone

        compounds, text = list(compounds), text.strip()
        found = self.with_number(text, compounds)
        rows: Any = self.model._default_manager.order_by().filter(compound__in=compounds)
        if not _NUMBER.fullmatch(rules.plain(text)):
            # Numbers are found by their index; only a name is looked for in every file.
            found.append(rows.filter(name__icontains=text).values("pk"))
            if text.isascii():
                found.append(rows.filter(name_latin__icontains=text).values("pk"))
        others = OtherPhone.objects.by_number("phone", rules.plain_phone(text), compounds)
        return [*found, others.order_by().values("person")]


class ResidencyQuerySet(OwnQuerySet[M]):
    own = "person__user"

    def current(self, on: date) -> Self:
        """Residencies in force on a day of the compound's calendar."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)


class HouseholdQuerySet(CompoundQuerySet[M]):
    roles = READERS

    def current(self, on: date) -> Self:
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=on), started_on__lte=on)


class PhoneQuerySet(OwnQuerySet[M]):
    own = "person__user"


class OfficeQuerySet(CompoundQuerySet[M]):
    """What only the desk and the manager deal with."""

    roles = OFFICE


class ImportRowQuerySet(CompoundQuerySet[M]):
    """Staged rows name people and homes: for those who may take in lists."""

    roles = OFFICE
    path = "batch__compound_id"


class LettingQuerySet(OwnQuerySet[M]):
    """The office sees all; a landlord sees every home that they let."""

    roles = OFFICE
    own = "landlord__user"

    def current(self) -> Self:
        return self.filter(ended_on=None)


class LeaseQuerySet(OwnQuerySet[M]):
    roles = OFFICE
    own = "tenant__user"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Tenant and landlord see their lease."""
        mine = super().visible_to(user)
        if not user.is_authenticated or user.is_superuser:
            return mine
        landlords = self.filter(letting__landlord__user=user)
        return self.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=landlords.values("pk")))

    def running(self) -> Self:
        return self.filter(ended_on=None)


class RegistrationQuerySet(OwnQuerySet[M]):
    """The office sees all, a person their own. Landlords are told the state, not the form."""

    roles = OFFICE
    own = "person__user"

    def live(self) -> Self:
        """Accepted and not ended: those for whom the clock runs."""
        return self.filter(state__in=LIVE)

    def let_by(self, user: User) -> Self:
        """Registrations in homes that this landlord lets: for their state only."""
        return self.filter(letting__landlord__user=user)

    def search(self, text: str, compounds: Iterable[int]) -> Self:
        """By part of a name, a home, or a whole phone or document number."""
        compounds, text = list(compounds), text.strip()
        rows: Any = self.model._default_manager.order_by().filter(compound__in=compounds)
        names = rows.filter(name__icontains=text).values("pk")
        homes = rows.filter(unit__code__istartswith=text).values("pk")
        return self.among([names, homes, *self.with_number(text, compounds)])


class WishQuerySet(OwnQuerySet[M]):
    """What people ask: the office sees all, a person their own."""

    roles = OFFICE
    own = "person__user"

    def open(self) -> Self:
        return self.filter(state="open")


class RuleQuerySet(models.QuerySet[M]):
    """Law is no secret: whoever is signed in may read it."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.all() if user.is_authenticated else self.none()


class DeadlineQuerySet(OwnQuerySet[M]):
    roles = OFFICE
    own = "person__user"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The office sees all, a person and a landlord their own."""
        if not user.is_authenticated:
            return self.none()
        if user.is_superuser:
            return self.all()
        shared = Q(compound_id__in=user.compounds_as(self.roles))
        return self.filter(shared | Q(person__user=user) | Q(letting__landlord__user=user))

    def open(self) -> Self:
        return self.filter(state="open")

    def by_urgency(self) -> Self:
        """What is open, the longest overdue first."""
        return self.open().order_by("due_on", "id")

    def overdue(self, on: date) -> Self:
        """What should have been done; a permit is a possibility, never overdue."""
        return self.open().filter(due_on__lt=on).exclude(kind="permit")


class SignalQuerySet(OfficeQuerySet[M]):
    """The office's queue. People learn of what is about them on "my data"."""

    def pending(self) -> Self:
        return self.filter(state__in=["open", "visit"])

    def about(self, user: User, on: date) -> Self:
        """Signals about a user's own files, and about no one in particular in their homes."""
        from residents.models import Residency

        homes = Residency.objects.current(on).filter(person__user=user).values("unit")
        return self.filter(Q(person__user=user) | Q(person=None, unit__in=homes))


#: States of a registration in which the clock runs.
LIVE = ("accepted", "reported", "confirmed", "expiring", "renewed")
