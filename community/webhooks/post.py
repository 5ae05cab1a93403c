"""One attempt: one connection, one request, a bounded answer. No transaction is open meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
import structlog

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import exchange
from community.models import WebhookDelivery
from community.webhooks import letters, receivers

log = structlog.get_logger(__name__)
#: The whole attempt, and of it at most so long for the body of the answer, in seconds.
ATTEMPT_S, BODY_S = 10.0, 2.0


@dataclass(frozen=True)
class Outcome:
    """``code`` is empty where the receiver took it; ``status`` is None without an answer."""

    code: str
    status: int | None = None


def send(delivery: WebhookDelivery) -> Outcome:
    """Tell the receiver once; never raises, never follows a redirect, asks no proxy."""
    body = letters.body_of(delivery)
    try:
        request = httpx.Request(
            "POST",
            delivery.webhook.url,
            headers=letters.headers_of(delivery, body),
            content=body,
        )
        answer = exchange(request, timeout_s=ATTEMPT_S, resolve=receivers.resolve, body_s=BODY_S)
    except (DeviceFault, DeviceSilent) as trouble:
        return Outcome(trouble.code)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return Outcome("settings_invalid")
    except Exception:
        log.exception("webhook_broke", webhook=delivery.webhook_id, delivery=delivery.pk)
        return Outcome("broke")
    return Outcome(_code(answer.status), answer.status)


def _code(status: int) -> str:
    if 200 <= status < 300:
        return ""
    return "redirected" if 300 <= status < 400 else f"answered_{status}"
