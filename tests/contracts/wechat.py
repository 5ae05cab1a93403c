"""WeChat Pay on the loopback: it checks our signature step by step, signs its answers, misbehaves.

Written from the provider's documentation of API v3, apart from our own code: only the sealing of
notices is shared, and tested by itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.community.notifications.providers import Asked, Provider, Reply

MERCHANT, SERIAL, PLATFORM, SEAL = "1900000001", "5157F09EFDC096DE", "PUB_KEY_ID_01", "k" * 32
OURS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
THEIRS = rsa.generate_private_key(public_exponent=65537, key_size=2048)
FIELD = re.compile(r'(\w+)="([^"]*)"')
HEAD = (
    "交易时间,商户号,微信订单号,商户订单号,交易类型,交易状态,"
    "微信退款单号,商户退款单号,订单金额,申请退款金额"
)


def pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


OUR_PEM, THEIR_PEM = pem(OURS), public_pem(THEIRS)


def signed(body: bytes) -> dict[str, str]:
    stamp, nonce = str(int(time.time())), "n" * 32
    text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    raw = THEIRS.sign(text, padding.PKCS1v15(), hashes.SHA256())
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": base64.b64encode(raw).decode(),
        "Wechatpay-Serial": PLATFORM,
    }


@dataclass
class Till:
    """The provider's books; ``unsigned``: an answer that somebody else wrote."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    refunds: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsigned: bool = False
    broken_bill: bool = False
    #: Money goes back later; its notice tells when.
    slow: bool = False
    not_there: str = "ORDER_NOT_EXIST"
    #: Status and code with which each request is refused.
    refuses: tuple[int, str] | None = None

    def __call__(self, asked: Asked) -> Reply:
        if not self._is_signed(asked):
            return 401, {}, json.dumps({"code": "SIGN_ERROR", "message": "签名错误"}).encode()
        if self.refuses:
            code = {"code": self.refuses[1], "message": "拒绝"}
            return self.refuses[0], {}, json.dumps(code).encode()
        if asked.path == "/file/token":
            return 200, {}, self._bill_file()
        status, told = self._answer(asked)
        body = json.dumps(told).encode() if told is not None else b""
        headers = {} if self.unsigned or status >= 400 else signed(body)
        return status, headers, body

    def _is_signed(self, asked: Asked) -> bool:
        schema, _, rest = asked.headers["authorization"].partition(" ")
        told = dict(FIELD.findall(rest))
        parts = (asked.method, asked.target, told["timestamp"], told["nonce_str"])
        message = "".join(f"{part}\n" for part in parts).encode() + asked.body + b"\n"
        try:
            OURS.public_key().verify(
                base64.b64decode(told["signature"]), message, padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            return False
        known = (told["mchid"], told["serial_no"]) == (MERCHANT, SERIAL)
        return known and schema == "WECHATPAY2-SHA256-RSA2048"

    def _answer(self, asked: Asked) -> tuple[int, Any]:
        told = json.loads(asked.body) if asked.body else {}
        if asked.path in ("/v3/pay/transactions/native", "/v3/pay/transactions/h5"):
            return self._place(told, asked.path.rsplit("/", 1)[1])
        if asked.path == "/v3/refund/domestic/refunds":
            return self._refund(told)
        if asked.path == "/v3/bill/tradebill":
            return self._bill(parse_qs(urlsplit(asked.target).query)["bill_date"][0])
        number = asked.path.split("/out-trade-no/")[1].split("/")[0]
        order = self.orders.get(number)
        if order is None:
            return 404, {"code": self.not_there, "message": "订单不存在"}
        if asked.path.endswith("/close"):
            if order["trade_state"] == "SUCCESS":
                return 400, {"code": "ORDER_PAID", "message": "订单已支付"}
            order["trade_state"] = "CLOSED"
            return 204, None
        return 200, order

    def _place(self, told: dict[str, Any], kind: str) -> tuple[int, Any]:
        assert set(told) - {"scene_info"} == {
            "appid", "mchid", "description", "out_trade_no", "time_expire", "notify_url", "amount",
        }  # fmt: skip
        if told["amount"]["total"] == 666:
            return 400, {"code": "PARAM_ERROR", "message": "参数错误"}
        self.orders.setdefault(
            told["out_trade_no"],
            {
                "mchid": MERCHANT, "appid": told["appid"], "out_trade_no": told["out_trade_no"],
                "trade_state": "NOTPAY", "amount": told["amount"], "transaction_id": "",
            },
        )  # fmt: skip
        if kind == "h5":
            return 200, {"h5_url": "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?p=1"}
        return 200, {"code_url": "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"}

    def _refund(self, told: dict[str, Any]) -> tuple[int, Any]:
        order = self.orders.get(told["out_trade_no"], {})
        if order.get("trade_state") != "SUCCESS":
            return 404, {"code": "RESOURCE_NOT_EXISTS", "message": "订单不存在"}
        status = "PROCESSING" if self.slow else "SUCCESS"
        back = self.refunds.setdefault(told["out_refund_no"], told | {"status": status})
        return 200, {"status": back["status"], "out_refund_no": told["out_refund_no"]}

    def _bill(self, _day: str) -> tuple[int, Any]:
        if not self.orders:
            return 400, {"code": "NO_STATEMENT_EXIST", "message": "账单文件不存在"}
        found = hashlib.sha1(self._bill_file(), usedforsecurity=False).hexdigest()
        wrong = "0" * 40 if self.broken_bill else found
        place = "https://api.mch.weixin.qq.com/file/token?token=x"
        return 200, {"hash_type": "SHA1", "hash_value": wrong, "download_url": place}

    def _bill_file(self) -> bytes:
        rows = [HEAD]
        for number, order in self.orders.items():
            if order["trade_state"] == "SUCCESS":
                yuan = f"{order['amount']['total'] / 100:.2f}"
                cells = ["2026-03-02 10:00:00", MERCHANT, order["transaction_id"], number, "NATIVE",
                         "SUCCESS", "0", "0", yuan, "0.00"]  # fmt: skip
                rows.append(",".join(f"`{cell}" for cell in cells))
        for number, back in self.refunds.items():
            if back["status"] != "SUCCESS":
                continue
            yuan = f"{back['amount']['refund'] / 100:.2f}"
            cells = ["2026-03-02 11:00:00", MERCHANT, "4200", back["out_trade_no"], "NATIVE",
                     "REFUND", "5000", number, "0.00", yuan]  # fmt: skip
            rows.append(",".join(f"`{cell}" for cell in cells))
        return ("\ufeff" + "\r\n".join([*rows, "总交易单数,应结订单总金额", "`1,`0.00"])).encode()

    # What happens at the payer's.

    def pay(self, number: str, amount_fen: int | None = None) -> None:
        order = self.orders[number]
        order |= {
            "trade_state": "SUCCESS", "transaction_id": f"42000{number[-8:]}",
            "success_time": "2026-03-02T10:00:00+08:00",
        }  # fmt: skip
        if amount_fen is not None:
            order["amount"] = order["amount"] | {"total": amount_fen}

    def notice(self, number: str) -> tuple[dict[str, str], bytes]:
        return notified("transaction", "SUCCESS", number, self.orders[number])

    def refund_notice(
        self, number: str, status: str = "SUCCESS", fen: int | None = None
    ) -> tuple[dict[str, str], bytes]:
        """A slow refund came to its end: SUCCESS, ABNORMAL (the payer's card is gone) or CLOSED."""
        back = self.refunds[number]
        back["status"] = status
        amount = back["amount"]["refund"] if fen is None else fen
        plain = {
            "mchid": MERCHANT, "out_trade_no": back["out_trade_no"], "out_refund_no": number,
            "transaction_id": "4200", "refund_id": f"5000{number[-8:]}", "refund_status": status,
            "user_received_account": "招商银行信用卡0403",
            "amount": {"total": back["amount"]["total"], "refund": amount,
                       "payer_total": back["amount"]["total"], "payer_refund": amount},
        }  # fmt: skip
        if status == "SUCCESS":
            plain["success_time"] = "2026-03-02T11:00:00+08:00"
        return notified("refund", status, f"{number}-{status}-{amount}", plain)


def notified(about: str, status: str, key: str, plain: Any) -> tuple[dict[str, str], bytes]:
    """Headers and body of a notice about a "transaction" or a "refund"."""
    label = about.encode()
    sealed = AESGCM(SEAL.encode()).encrypt(b"n" * 12, json.dumps(plain).encode(), label)
    body = {
        "id": f"EV-{key}", "create_time": "2026-03-02T10:00:01+08:00",
        "event_type": f"{about.upper()}.{status}", "resource_type": "encrypt-resource",
        "resource": {
            "algorithm": "AEAD_AES_256_GCM", "original_type": about, "associated_data": about,
            "nonce": "n" * 12, "ciphertext": base64.b64encode(sealed).decode(),
        },
    }  # fmt: skip
    text = json.dumps(body).encode()
    return signed(text), text


def settings(url: str) -> dict[str, Any]:
    return {"url": url, "appid": "wx8888888888888888", "mchid": MERCHANT}


def credentials(**other: str) -> dict[str, Any]:
    return {
        "private_key": OUR_PEM, "serial_no": SERIAL, "api_v3_key": SEAL,
        "platform_key": THEIR_PEM, "platform_serial": PLATFORM,
    } | other  # fmt: skip


__all__ = ["OURS", "Provider", "Till", "credentials", "date", "pem", "settings"]
