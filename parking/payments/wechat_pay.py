"""WeChat Pay, API v3, for a merchant of one's own: Native (a QR code) and H5 (a link).

Settings: ``appid``, ``mchid``, ``site`` (our own public address, for the notices), ``url`` (else
the public endpoint; a test bench has its own).
Credentials: ``private_key`` (PEM) and ``serial_no`` of the merchant's certificate, ``api_v3_key``
(32 characters), ``platform_key`` (PEM) and ``platform_serial`` (the id of WeChat Pay's public key,
or the serial number of its certificate). Sources: "Native: place an order", "H5: place an order",
"Query by merchant's order number", "Close an order", "Apply for a refund", "Apply for a trade
bill", "Payment notice" in the provider's documentation of API v3.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import LONGEST, Answer, exchange
from parking.payments import bills, signatures
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

ENDPOINT = "https://api.mch.weixin.qq.com"
TIMEOUT_S = 8.0
#: A day's list of some ten thousand payments.
LONGEST_BILL = 8 * 1024 * 1024
#: A notice signed longer ago is not believed: somebody may have kept it.
FRESH = timedelta(minutes=5)
MOST_NOTICE = 32 * 1024
STATES = {
    "SUCCESS": PAID, "REFUND": PAID, "NOTPAY": WAITING, "USERPAYING": WAITING, "CLOSED": CLOSED,
    "REVOKED": CLOSED, "PAYERROR": FAILED,
}  # fmt: skip
RETURNS = {"SUCCESS": DONE, "PROCESSING": PENDING, "CLOSED": FAILED, "ABNORMAL": FAILED}
#: What is wrong with our account, and not with one order. Most other 403s are about the order.
KEYS = frozenset(
    {"SIGN_ERROR", "NO_AUTH", "NOAUTH", "APPID_MCHID_NOT_MATCH", "MCH_NOT_EXISTS",
     "REQUEST_BLOCKED"}
)  # fmt: skip
#: The documentation wrote this code in more than one way over the years.
NOT_THERE = frozenset({"order_not_exist", "ordernotexist", "resource_not_exists"})


class WeChatPay:
    """See the module."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.url = _text(settings, "url", ENDPOINT).rstrip("/")
        self.appid, self.merchant = _text(settings, "appid"), _text(settings, "mchid")
        self.serial = _text(credentials, "serial_no")
        self.seal_key = _text(credentials, "api_v3_key")
        self.platform_serial = _text(credentials, "platform_serial")
        if not self.url.startswith(("https://", "http://")) or len(self.seal_key.encode()) != 32:
            raise NotTaken("settings_invalid", ours=True)
        try:
            self.key = signatures.private_key(_text(credentials, "private_key"))
            self.platform_key = signatures.public_key(_text(credentials, "platform_key"))
        except (ValueError, TypeError) as error:
            raise NotTaken("settings_invalid", ours=True) from error

    def place(self, order: Order) -> str:
        if not order.notify_url.startswith(("https://", "http://")):
            raise NotTaken("settings_invalid", ours=True)
        body: dict[str, Any] = {
            "appid": self.appid,
            "mchid": self.merchant,
            "description": order.about[:120],
            "out_trade_no": order.number,
            "time_expire": order.expires_at.isoformat(timespec="seconds"),
            "notify_url": order.notify_url,
            "amount": {"total": order.amount_fen, "currency": "CNY"},
        }
        kind, name = ("h5", "h5_url") if order.way == "phone" else ("native", "code_url")
        if kind == "h5":
            body["scene_info"] = {
                "payer_client_ip": order.payer_address, "h5_info": {"type": "Wap"},
            }  # fmt: skip
        told = self._call("POST", f"/v3/pay/transactions/{kind}", body)
        link = told.get(name)
        if not isinstance(link, str) or not link or len(link) > 512:
            raise Unsure("answer_not_understood")
        return link

    def ask(self, number: str) -> Told:
        target = f"{self._order(number)}?mchid={quote(self.merchant)}"
        try:
            told = self._call("GET", target)
        except NotTaken as refusal:
            if refusal.code in NOT_THERE:
                return Told(number, CLOSED)
            raise
        return self._told(told, Unsure)

    def close(self, number: str) -> None:
        self._call("POST", f"{self._order(number)}/close", {"mchid": self.merchant})

    def give_back(self, back: Return) -> str:
        body = {
            "out_trade_no": back.payment_number,
            "out_refund_no": back.number,
            "reason": back.reason[:80],
            "amount": {"refund": back.amount_fen, "total": back.total_fen, "currency": "CNY"},
        } | ({"notify_url": back.notify_url} if back.notify_url.startswith("https://") else {})
        told = self._call("POST", "/v3/refund/domestic/refunds", body)
        state = RETURNS.get(str(told.get("status")))
        if state is None:
            raise Unsure("answer_not_understood")
        return state

    def bill(self, day: date) -> list[BillRow]:
        target = f"/v3/bill/tradebill?bill_date={day:%Y-%m-%d}&bill_type=ALL"
        try:
            told = self._call("GET", target)
        except NotTaken as refusal:
            if refusal.code == "no_statement_exist":
                return []
            raise
        place = urlsplit(str(told.get("download_url", "")))
        file = f"{place.path}?{place.query}" if place.query else place.path
        answer = self._send("GET", file, longest=LONGEST_BILL)
        if answer.status != 200 or not bills.has_hash(answer.body, told):
            raise Unsure("bill_not_whole")
        try:
            return bills.rows_of(answer.body)
        except ValueError as error:
            raise Unsure("bill_not_understood") from error

    def read_notice(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice:
        if len(body) > MOST_NOTICE or not self._is_theirs(headers, body):
            raise BadNotice("signature_wrong")
        stamp = headers.get("Wechatpay-Timestamp", "")
        if not stamp.isdigit() or abs(now.timestamp() - int(stamp[:12])) > FRESH.total_seconds():
            raise BadNotice("too_old")
        try:
            whole = json.loads(body)
            inner = whole["resource"]
            plain = signatures.unseal(
                self.seal_key, inner["nonce"], inner.get("associated_data", ""), inner["ciphertext"]
            )
            told, key = json.loads(plain), str(whole["id"])[:80]
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadNotice("not_understood") from error
        about = str(whole.get("event_type")).partition(".")[0]
        if not isinstance(told, dict) or about not in ("TRANSACTION", "REFUND"):
            raise BadNotice("not_about_a_payment")
        if told.get("mchid") != self.merchant:
            raise BadNotice("another_merchant")
        return Notice(key, _returned(told) if about == "REFUND" else self._told(told, BadNotice))

    def reply(self, *, taken: bool) -> tuple[int, dict[str, Any]]:
        if taken:
            return 200, {"code": "SUCCESS", "message": ""}
        return 400, {"code": "FAIL", "message": "refused"}

    # One exchange.

    def _order(self, number: str) -> str:
        return f"/v3/pay/transactions/out-trade-no/{quote(number, safe='')}"

    def _told(self, told: Mapping[str, Any], fault: type[Unsure] | type[BadNotice]) -> Told:
        state = STATES.get(str(told.get("trade_state")))
        amount = told.get("amount") or {}
        fen = amount.get("total", 0) if isinstance(amount, dict) else None
        if state is None or not isinstance(fen, int) or isinstance(fen, bool):
            raise fault("not_understood")
        at = _moment(told, fault) if state == PAID else None
        number, theirs = str(told.get("out_trade_no", "")), str(told.get("transaction_id", ""))
        return Told(number[:32], state, fen, theirs[:64], at)

    def _call(self, method: str, target: str, body: Any = None) -> dict[str, Any]:
        """The answer's object, proved to be the provider's."""
        answer = self._send(method, target, body)
        if 200 <= answer.status < 300:
            if not self._is_theirs(answer.headers, answer.body):
                raise Unsure("answer_not_signed")
            return _object(answer.body) if answer.body else {}
        code = str(_object(answer.body).get("code", "")) if answer.body[:1] == b"{" else ""
        if answer.status >= 500 or (answer.status == 429 and not code):
            raise Unsure(f"answered_{answer.status}")
        wrong_keys = answer.status == 401 or code in KEYS or (answer.status == 403 and not code)
        raise NotTaken(code.lower()[:64] or f"answered_{answer.status}", ours=wrong_keys)

    def _send(
        self, method: str, target: str, body: Any = None, *, longest: int = LONGEST
    ) -> Answer:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")) if body else ""
        stamp, nonce = str(int(time.time())), secrets.token_hex(16)
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "User-Agent": "Linli/1",
            "Wechatpay-Serial": self.platform_serial,
            "Authorization": signatures.authorisation(
                self.key, merchant=self.merchant, serial=self.serial, method=method,
                target=target, stamp=stamp, nonce=nonce, body=text,
            ),
        }  # fmt: skip
        try:
            request = httpx.Request(
                method, self.url + target, headers=headers, content=text.encode()
            )
            return exchange(request, timeout_s=TIMEOUT_S, longest=longest)
        except DeviceFault as fault:
            raise NotTaken(fault.code, ours=fault.code == "certificate_refused") from fault
        except DeviceSilent as silence:
            raise Unsure(silence.code) from silence
        except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
            raise NotTaken("settings_invalid", ours=True) from error

    def _is_theirs(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Signed by WeChat Pay, with the key that we know."""
        names = ("Timestamp", "Nonce", "Signature", "Serial")
        stamp, nonce, signature, serial = (headers.get(f"Wechatpay-{name}", "") for name in names)
        if serial != self.platform_serial:
            return False
        signed = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        return signatures.is_signed(self.platform_key, signed, signature)


def _moment(told: Mapping[str, Any], fault: type[Unsure] | type[BadNotice]) -> datetime:
    try:
        at = datetime.fromisoformat(str(told.get("success_time")))
    except ValueError as error:
        raise fault("not_understood") from error
    if at.tzinfo is None:
        raise fault("not_understood")
    return at


def _returned(told: Mapping[str, Any]) -> Returned:
    """What a notice says of a refund. Raises ``BadNotice``."""
    state = RETURNS.get(str(told.get("refund_status")))
    amount = told.get("amount") or {}
    fen = amount.get("refund") if isinstance(amount, dict) else None
    if state is None or not isinstance(fen, int) or isinstance(fen, bool):
        raise BadNotice("not_understood")
    number, order = str(told.get("out_refund_no", "")), str(told.get("out_trade_no", ""))
    at = _moment(told, BadNotice) if state == DONE else None
    return Returned(number[:64], order[:32], state, fen, at)


def _object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unsure("answer_not_understood") from error
    if not isinstance(value, dict):
        raise Unsure("answer_not_understood")
    return value


def _text(values: Mapping[str, Any], name: str, default: str = "") -> str:
    """Raises ``NotTaken("settings_invalid")`` for a missing or overlong text."""
    value = values.get(name, default)
    if not isinstance(value, str) or not value.strip() or len(value) > 8000:
        raise NotTaken("settings_invalid", ours=True)
    return value.strip()
