"""What a receiver is sent: one JSON body, and headers that prove where it comes from.

``Linli-Signature: v1=<hex>`` is the HMAC-SHA256, under the webhook's secret, of the timestamp, a
dot and the body. While an old secret still counts there are two, joined by a comma.
"""

from __future__ import annotations

import hmac
import json
import time
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.utils import timezone

from community.models import Webhook, WebhookDelivery

TEST = "webhook.test"


def body_of(delivery: WebhookDelivery) -> bytes:
    """The same bytes at every attempt. Payloads hold ids, codes and numbers only."""
    event = delivery.event
    told: dict[str, Any] = {
        "delivery": str(delivery.key),
        "compound": delivery.webhook.compound.code,
        "kind": event.kind if event else TEST,
        "sequence": event.sequence if event else None,
        "at": _moment(event.at if event else delivery.created_at),
        "actor": event.actor_id if event else None,
        "payload": event.payload if event else {},
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def headers_of(delivery: WebhookDelivery, body: bytes, now: float | None = None) -> dict[str, str]:
    """The headers of one attempt, signed now."""
    stamp = str(int(time.time() if now is None else now))
    signed = ",".join(f"v1={sign(secret, stamp, body)}" for secret in secrets_of(delivery.webhook))
    return {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Linli-Webhook/1",
        "Linli-Delivery": str(delivery.key),
        "Linli-Event": delivery.event.kind if delivery.event else TEST,
        "Linli-Timestamp": stamp,
        "Linli-Signature": signed,
    }


def secrets_of(webhook: Webhook) -> list[str]:
    """The secrets that count now, the newest first."""
    until = webhook.old_secret_until
    old = webhook.old_secret if until is not None and until > timezone.now() else ""
    return [secret for secret in (webhook.secret, old) if secret]


def sign(secret: str, stamp: str, body: bytes) -> str:
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()


def _moment(at: datetime) -> str:
    return at.isoformat()
