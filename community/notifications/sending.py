"""One HTTP request to a provider, and what its answer means whoever the provider is."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from typing import Any

import httpx
from django.conf import settings

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer, Resolver, exchange
from community.notifications.base import NotSent, Unsure

TIMEOUT_S, BODY_S = 8.0, 3.0
#: How long a channel rests when a provider says "too many" and not for how long.
REST_S = 60.0
LONGEST_REST_S = 3600.0


def post(
    url: str,
    *,
    headers: Mapping[str, str],
    content: bytes = b"",
    timeout_s: float = TIMEOUT_S,
    resolve: Resolver | None = None,
) -> Answer:
    """POST once. Raises ``NotSent`` or ``Unsure``; the answer may have any status."""
    try:
        request = httpx.Request("POST", url, headers=dict(headers), content=content)
        return exchange(request, timeout_s=timeout_s, resolve=resolve, body_s=BODY_S)
    except DeviceFault as fault:
        ours = fault.code in ("address_refused", "certificate_refused", "settings_invalid")
        raise NotSent(fault.code, ours=ours) from fault
    except DeviceSilent as silence:
        raise Unsure(silence.code) from silence
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError) as error:
        raise NotSent("settings_invalid", ours=True) from error


def check_status(answer: Answer) -> None:
    """Raises for every status that is not 2xx."""
    status = answer.status
    if 200 <= status < 300:
        return
    if status in (429, 503):
        raise NotSent("too_many", retry_after_s=retry_after(answer))
    if 300 <= status < 400:
        raise NotSent("redirected", ours=True)
    if status in (401, 403):
        raise NotSent("not_authorised", ours=True)
    if status >= 500:
        # It broke somewhere on its way through the provider: before or after sending.
        raise Unsure(f"answered_{status}")
    raise NotSent(f"answered_{status}", ours=status in (404, 405))


def retry_after(answer: Answer) -> float:
    """Seconds to wait, from ``Retry-After`` as a number or a date (RFC 9110, 10.2.3)."""
    text = answer.headers.get("retry-after", "").strip()
    seconds = REST_S
    if text.isascii() and text.isdigit():
        seconds = float(text[:9])
    elif text:
        try:
            seconds = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            seconds = REST_S
    return min(max(seconds, 1.0), LONGEST_REST_S)


def json_of(answer: Answer) -> dict[str, Any]:
    """The answer's object. Raises ``Unsure`` for anything else: nobody knows what it means."""
    try:
        value = json.loads(answer.body)
    except (ValueError, RecursionError) as error:
        raise Unsure("answer_not_understood") from error
    if not isinstance(value, dict):
        raise Unsure("answer_not_understood")
    return value


def compact(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def text_of(settings_: Mapping[str, Any], name: str, default: str = "") -> str:
    """A text among a channel's settings. Raises ``NotSent("settings_invalid")``."""
    value = settings_.get(name, default)
    if not isinstance(value, str) or len(value) > 2000:
        raise NotSent("settings_invalid", ours=True)
    return value.strip()


def base_url(settings_: Mapping[str, Any], default: str) -> str:
    """The provider's address; plain HTTP only where somebody wrote it so."""
    url = text_of(settings_, "url", default).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise NotSent("settings_invalid", ours=True)
    return url


def secret_of(credentials: Mapping[str, Any], name: str) -> str:
    """Raises ``NotSent("credentials_missing")``."""
    value = credentials.get(name)
    if not isinstance(value, str) or not value:
        raise NotSent("credentials_missing", ours=True)
    return value


def public_only(host: str, port: int) -> list[str]:
    """Resolver for addresses that anybody may hand in: none inside our own network.

    Raises ``DeviceFault``.
    """
    found = addresses.resolve(host, port)
    for each in found:
        address = ip_address(each)
        address = addresses.hidden(address) or address
        if not address.is_global and not (address.is_loopback and settings.DEVICE_LOOPBACK):
            raise DeviceFault("address_refused")
    return found
