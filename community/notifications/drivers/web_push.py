"""Browser messages (RFC 8030, 8188, 8291) signed with our VAPID key (RFC 8292).

``to`` is the browser's subscription as JSON. Browsers hand us the addresses to post to, so only
public ones under https are used. 404 and 410 mean that the browser is gone. Setting: ``contact``,
a mailto: or https: address for the push service's people.
"""

from __future__ import annotations

import json
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings as django_settings
from py_vapid import Vapid, VapidException
from pywebpush import WebPusher, WebPushException

from community.notifications import vapid
from community.notifications.base import Message, NotSent, Receipt
from community.notifications.drivers.wecom_robot import shortened
from community.notifications.registry import register
from community.notifications.sending import check_status, compact, post, public_only, text_of

#: How long the push service may keep it for a browser that is off, in seconds.
TTL_S = 86_400
TOKEN_S = 12 * 3600
#: Every push service takes 4096 bytes sealed; what the sealing adds is about a hundred.
LONGEST_TEXT = 2400


@register("web_push")
class WebPush:
    """See the module."""

    repeatable = True

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        self.contact = text_of(settings, "contact", "mailto:linli@localhost.localdomain")

    def send(self, message: Message) -> Receipt:
        try:
            subscription = json.loads(message.to)
            endpoint = checked_endpoint(subscription["endpoint"])
            sealed = WebPusher(subscription).encode(self._body(message))["body"]
        except (ValueError, KeyError, TypeError, IndexError, WebPushException) as error:
            raise NotSent("browser_gone", lasting=True) from error
        headers = self._headers(endpoint) | {"Topic": message.key[:32]}
        answer = post(endpoint, headers=headers, content=sealed, resolve=public_only)
        if answer.status in (404, 410):
            raise NotSent("browser_gone", lasting=True)
        if answer.status in (400, 413):
            raise NotSent("provider_refused", lasting=True)
        check_status(answer)
        return Receipt(reference=answer.headers.get("location", "")[-100:])

    def _body(self, message: Message) -> bytes:
        text = shortened(message.text, LONGEST_TEXT)
        return compact({"title": message.title, "body": text, "path": message.path})

    def _headers(self, endpoint: str) -> dict[str, str]:
        parts = urlsplit(endpoint)
        claims = {
            "aud": f"{parts.scheme}://{parts.netloc}",
            "exp": int(time.time()) + TOKEN_S,
            "sub": self.contact,
        }
        try:
            signed = Vapid.from_pem(vapid.private_pem()).sign(claims)
        except VapidException as error:
            raise NotSent("settings_invalid", ours=True) from error
        return {
            **{str(name): str(value) for name, value in signed.items()},
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "TTL": str(TTL_S),
            "Urgency": "normal",
        }


def checked_endpoint(url: Any) -> str:
    """Raises ValueError for what no push service has as its address."""
    if not isinstance(url, str) or len(url) > 1000 or not url.isascii():
        raise ValueError("no address")
    parts = urlsplit(url)
    secure = parts.scheme == "https" or django_settings.DEVICE_LOOPBACK
    if not secure or parts.scheme not in ("https", "http") or not parts.hostname or parts.username:
        raise ValueError("no address")
    if "[" in parts.netloc:  # no push service is known by a bare IPv6 address
        raise ValueError("no address")
    return url
