"""A provider of payments that moves no money, and can fail in every way that a real one does.

One file per account, ``VAR_DIR/simulated/payments-<account>.json``, is shared by all processes and
written under a lock; it holds the orders, the refunds and the behaviour set by ``behave``:

- ``refuse``: takes nothing. ``silent``: takes it, and the answer is lost. ``vanish``: cannot be
  reached.
- ``late``: an order that is paid still says that it waits. ``closed_late``: closing is refused.
- ``wrong_amount``: says that so many fen more were paid.
- ``slow_refund``: money goes back later: ``finish_refund`` ends it, ``refund_notice`` tells of it.

Notices are signed with the account's ``secret`` (HMAC-SHA256 of the body), see ``notice_of``; that
they come late, twice or in another order is up to whoever delivers them.
"""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
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
    PENDING,
    WAITING,
    BadNotice,
    BillRow,
    Notice,
    NotTaken,
    Order,
    Return,
    Returned,
    Told,
    Unsure,
)

SIGNATURE = "Simulated-Signature"
CHINA = ZoneInfo("Asia/Shanghai")
BEHAVIOUR = ("refuse", "silent", "vanish", "late", "closed_late", "wrong_amount", "slow_refund")
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


def remember(account: int, paid: Iterable[tuple[str, str, int, datetime]]) -> None:
    """Orders that were paid some time ago: our number, theirs, fen, when. For a demo's past."""
    with _books(account) as books:
        for number, theirs, amount_fen, at in paid:
            books["orders"][number] = {
                "state": PAID, "amount": amount_fen, "theirs": theirs, "about": "",
                "paid_at": at.isoformat(),
            }  # fmt: skip


def notice_of(
    account: int, number: str, secret: str, key: str = ""
) -> tuple[dict[str, str], bytes]:
    """Headers and body of the notice about an order, as it stands now."""
    with _books(account) as books:
        order = books["orders"].get(number, {})
    body = json.dumps({"id": key or f"n-{number}-{order.get('state')}", "number": number, **order})
    return {SIGNATURE: _sign(secret, body.encode())}, body.encode()


def finish_refund(account: int, number: str, state: str = DONE) -> None:
    """What came of a slow refund: "done" or "failed"."""
    with _books(account) as books:
        books["refunds"][number]["state"] = state


def refund_notice(
    account: int, number: str, secret: str, key: str = ""
) -> tuple[dict[str, str], bytes]:
    """Headers and body of the notice about a refund, as it stands now."""
    with _books(account) as books:
        refund = books["refunds"].get(number, {})
    state = refund.get("state")
    told = {"id": key or f"r-{number}-{state}", "refund": number, **refund}
    body = json.dumps(told).encode()
    return {SIGNATURE: _sign(secret, body)}, body


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
            slow = books["behaviour"].get("slow_refund")
            kept = {
                "amount": back.amount_fen, "of": back.payment_number, "day": _today(),
                "state": PENDING if slow else DONE,
            }  # fmt: skip
            gone = sum(
                each["amount"] for number, each in books["refunds"].items()
                if each["of"] == back.payment_number and number != back.number
                and each.get("state", DONE) != FAILED
            )  # fmt: skip
            if gone + back.amount_fen > order["amount"]:
                return FAILED
            known = books["refunds"].setdefault(back.number, kept)
            self._answer(books)
            return str(known.get("state", DONE))

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
                if each["day"] == day.isoformat() and each.get("state", DONE) == DONE
            ]
        return paid + back

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        if not hmac.compare_digest(headers.get(SIGNATURE, ""), _sign(self.secret, body)):
            raise BadNotice("signature_wrong")
        try:
            whole = json.loads(body)
            key = str(whole["id"])[:80]
            if "refund" in whole:
                return Notice(key, _returned(whole))
            return Notice(key, self._told(whole["number"], whole, {}))
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


def _returned(whole: Mapping[str, Any]) -> Returned:
    state = {DONE: DONE, PENDING: PENDING, FAILED: FAILED}[whole["state"]]
    at = timezone.now() if state == DONE else None
    return Returned(str(whole["refund"]), str(whole["of"]), state, int(whole["amount"]), at)


def _today() -> str:
    return timezone.now().astimezone(CHINA).date().isoformat()


def _day(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(CHINA).date().isoformat()
