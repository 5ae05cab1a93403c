"""Who sees the money: those who take it and those who answer for it; and one's own stays."""

from __future__ import annotations

from typing import Self, TypeVar

from django.db import models

from community.querysets import CompoundQuerySet

M = TypeVar("M", bound=models.Model)

#: Roles that see prices, payments and debts; a guard takes cash at the booth.
MONEY = frozenset({"guard", "desk", "cashier", "manager"})
#: Roles that put right what went wrong with money.
TILL = frozenset({"desk", "cashier", "manager"})


class MoneyQuerySet(CompoundQuerySet[M]):
    roles = MONEY


class TillQuerySet(CompoundQuerySet[M]):
    roles = TILL


class PaymentQuerySet(MoneyQuerySet[M]):
    def settled(self) -> Self:
        """Money that is there: paid, and not wholly given back."""
        return self.filter(state="paid")


class DebtQuerySet(MoneyQuerySet[M]):
    def open(self) -> Self:
        return self.filter(settled_at=None, waived_at=None)
