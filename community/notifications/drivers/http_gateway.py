"""SMS through any gateway that takes our own signed request; see docs/messages.md.

``POST <url>`` with JSON ``{"id", "to", "text", "kind", "at"}`` and three headers:
``Idempotency-Key`` (the id, the same at every attempt), ``Linli-Timestamp`` (seconds since 1970)
and ``Linli-Signature: v1=<hex>``, the HMAC-SHA256 under the shared secret of the timestamp, a dot
and the body. 2xx and 409 (known already) mean taken; the answer may hold ``{"id": …, "delivered":
true}``. 422 means that this number will never get it; 429 and 503 may bring ``Retry-After``.

Settings: ``url``. Credentials: ``secret``.
"""

from __future__ import annotations

import hmac
import json
import time
from hashlib import sha256
from typing import Any

from community.devices.exchange import Answer
from community.notifications.base import Message, NotSent, Receipt
from community.notifications.registry import register
from community.notifications.sending import base_url, check_status, compact, post, secret_of


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Also what the gateway signs its delivery reports with."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


@register("http_gateway")
class HttpGateway:
    """See the module."""

    repeatable = True

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.url = base_url(settings, "")
        self.secret = secret_of(credentials, "secret")

    def send(self, message: Message) -> Receipt:
        body = compact(
            {
                "id": message.key,
                "to": message.to,
                "text": message.text,
                "kind": message.kind,
                "at": message.sent_at,
            }
        )
        stamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Linli/1",
            "Idempotency-Key": message.key,
            "Linli-Timestamp": stamp,
            "Linli-Signature": f"v1={sign(self.secret, stamp, body)}",
        }
        answer = post(self.url, headers=headers, content=body)
        if answer.status == 422:
            raise NotSent("number_refused", lasting=True)
        if answer.status != 409:
            check_status(answer)
        return _receipt(answer)


def _receipt(answer: Answer) -> Receipt:
    """What the gateway says of itself counts only where it can be read."""
    try:
        told = json.loads(answer.body)
    except (ValueError, RecursionError):
        return Receipt()
    if not isinstance(told, dict):
        return Receipt()
    return Receipt(str(told.get("id", ""))[:100], delivered=told.get("delivered") is True)
