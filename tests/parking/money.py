"""Tariffs, stays and payments, for tests. All plates and names are invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound
from parking import operations
from parking.models import ParkedAs, Payment, PaymentAccount, PaymentNotice, Stay, Tariff
from parking.payments import simulated
from parking.tariffs.rules import Rate, Rules, Window, dump

PLATE = "皖A90C31"
#: 5 yuan for each begun hour after half an hour, 30 a day.
HOURLY = Rules(
    (Rate((Window(0, 0, 60, 500),), free_minutes=30, cap_day_fen=3000),), day_counts="entry"
)
SECRET = "test secret"


def tariff(compound: Compound, rules: Rules = HOURLY, **values: Any) -> Tariff:
    """A tariff in force since long ago."""
    draft = operations.save_tariff(
        compound=compound, name="临停收费", starts_on=timezone.localdate(), rules=dump(rules)
    )
    on = operations.switch_on(draft)
    Tariff.objects.filter(pk=on.pk).update(starts_on=values.get("starts_on", "2024-01-01"))
    on.refresh_from_db()
    return on


def account(compound: Compound) -> PaymentAccount:
    return operations.save_account(
        compound=compound, name="模拟", driver="simulated", settings={},
        credentials={"secret": SECRET},
    )  # fmt: skip


def inside(compound: Compound, minutes: int = 90, plate: str = PLATE, **values: Any) -> Stay:
    """A visitor's car that came in some minutes ago."""
    values = {"parked_as": ParkedAs.VISITOR, "plate_kind": "blue"} | values
    entered = timezone.now() - timedelta(minutes=minutes)
    return Stay.objects.create(compound=compound, plate=plate, entered_at=entered, **values)


def leave(stay: Stay, at: datetime | None = None) -> Stay:
    """The car has left, and what follows from that is done."""
    Stay.objects.filter(pk=stay.pk).update(left_at=at or timezone.now())
    operations.close_charge(stay)
    stay.refresh_from_db()
    return stay


def paid(payment: Payment, amount_fen: int | None = None) -> tuple[Any, bytes]:
    """Somebody pays an order at the simulated provider; its notice."""
    simulated.pay(payment.account_id, payment.number, amount_fen)
    return simulated.notice_of(payment.account_id, payment.number, SECRET)


def told(payment: Payment, amount_fen: int | None = None) -> PaymentNotice:
    headers, body = paid(payment, amount_fen)
    return operations.take_notice(payment.account, headers, body)


STORED = dump(HOURLY)


def cash(stay: Stay, cashier: Any, fen: int = 1000) -> Payment:
    """Cash taken some time, whatever the price is."""
    now = timezone.now()
    return Payment.objects.create(
        compound=stay.compound, stay=stay, number=f"LPcash{stay.pk}", way="cash", state="paid",
        amount_fen=fen, priced_until=now, created_at=now, paid_at=now, taken_by=cashier,
        shift=operations.begin_shift(stay.compound, cashier),
    )  # fmt: skip
