"""Payments and debts whose time is over are erased; prices of stays and sums of days stay.

Nothing goes that is still under way: a car inside, an order that waits, a debt that is owed, a
refund of which nobody knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from community import events, retention
from community.models import RetentionRule
from parking.models import (
    CashShift,
    Debt,
    Payment,
    PaymentNotice,
    Receipt,
    Reconciliation,
    Refund,
)

BATCH = 200
#: A provider's list of a day is compared, and money given back, for so long at least.
LEAST_DAYS = 31
Subject = RetentionRule.Subject
UNPAID = (Payment.State.CLOSED, Payment.State.FAILED)
UNDER_WAY = (Refund.State.SENDING, Refund.State.UNKNOWN)


def retire_money(now: datetime) -> int:
    """Apply each compound's periods; the number of payments and debts that went."""
    total = 0
    for subject, erase in ((Subject.DEBTS, _old_debts), (Subject.PAYMENTS, _old_payments)):
        for compound_id, days in retention.periods(subject):
            kept = max(days, LEAST_DAYS)
            count = erase(compound_id, now - timedelta(days=kept))
            retention.note(compound_id, subject, kept, count)
            total += count
    return total


def _old_debts(compound_id: int, cut: datetime) -> int:
    """Debts that ended before ``cut``, and orders that came to nothing."""
    debts = Debt.objects.of(compound_id).filter(Q(settled_at__lt=cut) | Q(waived_at__lt=cut))
    orders = Payment.objects.of(compound_id).filter(state__in=UNPAID, created_at__lt=cut)
    return _in_batches(debts, _erase_debts) + _in_batches(orders, _erase_payments)


def _old_payments(compound_id: int, cut: datetime) -> int:
    """Payments of before ``cut`` with all that hangs on them; then what summed them up."""
    paid = Payment.objects.of(compound_id).settled().filter(paid_at__lt=cut)
    gone = paid.filter(stay__left_at__lt=cut)
    gone = gone.exclude(refunds__state__in=UNDER_WAY).exclude(refunds__created_at__gte=cut)
    count = _in_batches(gone, _erase_payments)
    with events.writing():
        PaymentNotice.objects.of(compound_id).filter(payment=None, at__lt=cut).delete()
        Reconciliation.objects.of(compound_id).filter(day__lt=cut.date()).delete()
        shifts = CashShift.objects.of(compound_id).filter(closed_at__lt=cut)
        shifts.filter(payments=None, refunds=None).delete()
    return count


def _in_batches(rows: Any, erase: Any) -> int:
    total = 0
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with events.writing():
            erase(keys)
        total += len(keys)
    return total


def _erase_debts(keys: list[int]) -> None:
    Debt.objects.filter(pk__in=keys).delete()


def _erase_payments(keys: list[int]) -> None:
    for model in (PaymentNotice, Receipt, Refund):
        rows: Any = model.objects.filter(payment__in=keys)
        rows.delete()
    Payment.objects.filter(pk__in=keys).delete()
