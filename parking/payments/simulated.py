"""A provider of payments that moves no money, and can fail in every way that a real one does.

One file per account, ``VAR_DIR/simulated/payments-<account>.json``, is shared by all processes and
written under a lock; it holds the orders, the refunds and the behaviour set by ``behave``:

- ``refuse``: takes nothing. ``silent``: takes it, and the answer is lost. ``vanish``: cannot be
  reached.
- ``late``: an order that is paid still says that it waits. ``closed_late``: closing is refused.
- ``wrong_amount``: says that so many fen more were paid.

Notices are signed with the account's ``secret`` (HMAC-SHA256 of the body), see ``notice_of``; that
they come late, twice or in another order is up to whoever delivers them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings as django_settings
from django.utils import timezone

from parking.payments.base import (
    CLOSED,
    DONE,
    FAILED,
    PAID,
    WAITING,
    BadNotice,
    BillRow,
    Notice,
    NotTaken,
    Order,
    Return,
    Told,
    Unsure,
)

SIGNATURE = "Simulated-Signature"
CHINA = ZoneInfo("Asia/Shanghai")
BEHAVIOUR = ("refuse", "silent", "vanish", "late", "closed_late", "wrong_amount")
EMPTY: dict[str, Any] = {"orders": {}, "refunds": {}, "behaviour": {}}


@contextmanager
def _books(account: int) -> Iterator[dict[str, Any]]:
    """The account's file, held alone: what is changed inside is kept."""
    path = Path(django_settings.VAR_DIR) / "simulated" / f"payments-{account}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        text = file.read()
        books = json.loads(text) if text else json.loads(json.dumps(EMPTY))
        try:
            yield books
        finally:
            file.seek(0)
            file.truncate()
            file.write(json.dumps(books))


def behave(account: int, **behaviour: Any) -> None:
    """Set how the account's provider behaves from now on. Raises ValueError for what it cannot."""
    if unknown := set(behaviour) - set(BEHAVIOUR):
        raise ValueError(f"no such behaviour: {sorted(unknown)}")
    with _books(account) as books:
        books["behaviour"] = behaviour


def pay(account: int, number: str, amount_fen: int | None = None) -> bool:
    """Somebody pays an order; False where it cannot be paid any more."""
    with _books(account) as books:
        order = books["orders"].get(number)
        if order is None or order["state"] != WAITING:
            return False
        order |= {"state": PAID, "paid_at": timezone.now().isoformat(), "theirs": f"S{number}"}
        if amount_fen is not None:
            order["amount"] = amount_fen
        return True


def notice_of(
    account: int, number: str, secret: str, key: str = ""
) -> tuple[dict[str, str], bytes]:
    """Headers and body of the notice about an order, as it stands now."""
    with _books(account) as books:
        order = books["orders"].get(number, {})
    body = json.dumps({"id": key or f"n-{number}-{order.get('state')}", "number": number, **order})
    return {SIGNATURE: _sign(secret, body.encode())}, body.encode()


def _sign(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Simulated:
    """See the module."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.account = int(settings["account"])
        self.secret = str(credentials.get("secret") or "simulated")

    def place(self, order: Order) -> str:
        link = f"/park/simulated/{order.number}/"
        with self._open() as books:
            kept = {
                "state": WAITING,
                "amount": order.amount_fen,
                "theirs": "",
                "about": order.about,
            }
            books["orders"].setdefault(order.number, kept)
            self._answer(books)
        return link

    def ask(self, number: str) -> Told:
        with self._open() as books:
            order = books["orders"].get(number)
            self._answer(books)
            if order is None:
                return Told(number, CLOSED)
            if books["behaviour"].get("late") and order["state"] == PAID:
                return Told(number, WAITING, order["amount"])
            return self._told(number, order, books["behaviour"])

    def close(self, number: str) -> None:
        with self._open() as books:
            order = books["orders"].get(number)
            if books["behaviour"].get("closed_late") or (order and order["state"] == PAID):
                raise NotTaken("order_paid")
            if order:
                order["state"] = CLOSED
            self._answer(books)

    def give_back(self, back: Return) -> str:
        with self._open() as books:
            order = books["orders"].get(back.payment_number)
            if order is None or order["state"] != PAID:
                return FAILED
            kept = {"amount": back.amount_fen, "of": back.payment_number, "day": _today()}
            gone = sum(
                each["amount"] for number, each in books["refunds"].items()
                if each["of"] == back.payment_number and number != back.number
            )  # fmt: skip
            if gone + back.amount_fen > order["amount"]:
                return FAILED
            books["refunds"].setdefault(back.number, kept)
            self._answer(books)
        return DONE

    def bill(self, day: date) -> list[BillRow]:
        with self._open() as books:
            self._answer(books)
            paid = [
                BillRow(number, each["theirs"], each["amount"])
                for number, each in books["orders"].items()
                if each["state"] == PAID and _day(each["paid_at"]) == day.isoformat()
            ]
            back = [
                BillRow(number, f"S{number}", each["amount"], is_refund=True)
                for number, each in books["refunds"].items()
                if each["day"] == day.isoformat()
            ]
        return paid + back

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), _sign(self.secret, body)):
            raise BadNotice("signature_wrong")
        try:
            whole = json.loads(body)
            told = self._told(whole["number"], whole, {})
            return Notice(str(whole["id"])[:80], told)
        except (ValueError, KeyError, TypeError) as error:
            raise BadNotice("not_understood") from error

    def reply(self, *, taken: bool) -> tuple[int, dict[str, Any]]:
        return (200, {"taken": True}) if taken else (400, {"taken": False})

    @contextmanager
    def _open(self) -> Iterator[dict[str, Any]]:
        with _books(self.account) as books:
            if books["behaviour"].get("vanish"):
                raise NotTaken("unreachable")
            if books["behaviour"].get("refuse"):
                raise NotTaken("refused")
            yield books

    def _answer(self, books: dict[str, Any]) -> None:
        """The deed is done; whether anybody hears of it is another question."""
        if books["behaviour"].get("silent"):
            raise Unsure("no_answer")

    def _told(self, number: str, order: Mapping[str, Any], behaviour: Mapping[str, Any]) -> Told:
        at = datetime.fromisoformat(order["paid_at"]) if order.get("paid_at") else None
        fen = order["amount"] + behaviour.get("wrong_amount", 0)
        return Told(number, order["state"], fen, order.get("theirs", ""), at)


def _today() -> str:
    return timezone.now().astimezone(CHINA).date().isoformat()


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(CHINA).date().isoformat()
