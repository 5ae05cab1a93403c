"""One row of everything about tariffs and payments."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound, Lane
from parking import operations
from parking.models import Debt
from parking.pay.tickets import ticket_of
from security.models import Passage
from tests.community import factories
from tests.parking import money


def paid(at: Compound) -> dict[str, Any]:
    """The keys of the rows."""
    account = money.account(at)
    draft = operations.save_tariff(
        compound=at, name="草稿", starts_on=timezone.localdate(), rules=money.STORED
    )
    coupon = operations.give_coupon(
        compound=at, kind="whole", value=0, giver="鲜果店", valid_from=timezone.now(),
        valid_until=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    stay = money.inside(at, plate="皖A77777")
    payment = money.cash(stay, factories.user("cashier", at=at))
    debt = Debt.objects.create(
        compound=at, stay=stay, plate=stay.plate, amount_fen=1, reason="other",
        created_at=timezone.now(),
    )  # fmt: skip
    rows = {
        "payment_accounts": account, "tariffs": draft, "coupons": coupon, "payments": payment,
        "debts": debt, "receipts": operations.issue_receipt(payment),
        "cash_shifts": payment.shift, "unpaid": _waiting(at, stay.pk),
    }  # fmt: skip
    keys: dict[str, Any] = {name: row.pk for name, row in rows.items()}
    return keys | {"compound_code": at.code, "pay_ticket": ticket_of(stay)}


def _waiting(at: Compound, stay: int) -> Passage:
    lane = Lane.objects.filter(gate__compound=at).first()
    now = timezone.now()
    return Passage.objects.create(
        compound=at, lane=lane, direction="exit", plate="皖A77777", outcome="ask",
        code="exit_unpaid", facts={"stay": stay, "due": 1000}, state="gone", seen_at=now,
        decided_at=now,
    )  # fmt: skip
