"""Providers of payments: a contract, drivers by name, and one that moves no money."""

from parking.payments.base import (
    BadNotice,
    BillRow,
    Notice,
    NotTaken,
    Order,
    PaymentProvider,
    Return,
    Told,
    Unsure,
)
from parking.payments.registry import DRIVERS, provider_for

__all__ = [
    "DRIVERS",
    "BadNotice",
    "BillRow",
    "NotTaken",
    "Notice",
    "Order",
    "PaymentProvider",
    "Return",
    "Told",
    "Unsure",
    "provider_for",
]
