"""What a provider of payments must be able to do, and how it says that it could not.

A provider is built as ``Provider(settings, credentials)`` for one account. Each call is one
bounded exchange; nothing is retried and no redirect followed. All amounts are in fen, all times
aware. Our numbers (6 to 32 letters and digits) are the key by which a repeat is the same order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, runtime_checkable

#: States of an order and of a refund, as every driver tells them.
WAITING, PAID, CLOSED, FAILED = "waiting", "paid", "closed", "failed"
DONE, PENDING = "done", "pending"


@dataclass(frozen=True)
class Order:
    """Something to be paid until ``expires_at``. ``way`` is "code" (a QR) or "phone" (a link)."""

    number: str
    amount_fen: int
    about: str
    way: str
    notify_url: str
    expires_at: datetime
    #: Of the phone that pays, where it pays by link.
    payer_address: str = "127.0.0.1"


@dataclass(frozen=True)
class Told:
    """How an order stands at the provider's."""

    number: str
    state: str
    amount_fen: int = 0
    provider_number: str = ""
    paid_at: datetime | None = None


@dataclass(frozen=True)
class Return:
    """Money to be given back: ``amount_fen`` of the ``total_fen`` of one payment."""

    number: str
    payment_number: str
    amount_fen: int
    total_fen: int
    reason: str
    #: Where the provider tells of it later, if it takes its time.
    notify_url: str = ""


@dataclass(frozen=True)
class Returned:
    """How a refund stands at the provider's: "done", "pending" or "failed"."""

    number: str
    payment_number: str
    state: str
    amount_fen: int = 0
    done_at: datetime | None = None


@dataclass(frozen=True)
class Notice:
    """What a provider says unasked. ``key`` is the same when it repeats itself."""

    key: str
    told: Told | Returned


@dataclass(frozen=True)
class BillRow:
    """One line of a provider's list of a day; ``is_refund``: money that went back."""

    number: str
    provider_number: str
    amount_fen: int
    is_refund: bool = False


class NotTaken(Exception):
    """Certainly nothing happened. ``ours``: the account's settings are at fault."""

    def __init__(self, code: str, *, ours: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.ours = ours


class Unsure(Exception):
    """It was handed over, and what came back does not say what became of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BadNotice(Exception):
    """Not from the provider, too old, or not to be read. ``code`` is for our own records."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@runtime_checkable
class PaymentProvider(Protocol):
    """See the module. Each call raises ``NotTaken`` or ``Unsure``, nothing else."""

    def place(self, order: Order) -> str:
        """Hand an order over; returns what the code shows or the phone opens."""

    def ask(self, number: str) -> Told:
        """How an order stands. An order that is not known there is ``closed``."""

    def close(self, number: str) -> None:
        """Let it be paid no more; an order that is paid stays paid."""

    def give_back(self, back: Return) -> str:
        """Returns "done", "pending" or "failed"; the same number again is the same refund."""

    def bill(self, day: date) -> list[BillRow]:
        """Everything that moved on a day of the provider's calendar (Asia/Shanghai)."""

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        """A notice, proved to be the provider's. Raises ``BadNotice`` only."""

    def reply(self, *, taken: bool) -> tuple[int, dict[str, Any]]:
        """Status and body that the provider waits for after a notice."""
