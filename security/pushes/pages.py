"""``/devices/<secret>/<kind>``: one push in, stored, and the answer which that camera needs.

A camera that does not get the answer it waits for sends the same again, some of them for ever. So
whatever can never be taken is answered like everything else: received, and nothing to do. Only
what may be stored later is answered 503.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from community.devices import heard
from community.devices import operations as devices
from community.devices.bodies import MARK, MOST
from community.devices.heard import Heard
from community.devices.outbox import Letter
from community.devices.push import DRIVER, FORMATS, Body, Format, Told
from community.devices.zones import zone_of
from community.logging import along
from community.models import Device
from security.pushes.hearing import hear

log = structlog.get_logger(__name__)


class Answered(HttpResponse):
    """An answer, and what is done once it went out: notes that no camera should wait for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.afterwards: list[Callable[[], object]] = []
        # Django would log the address of an answer that is none, and there is a secret in it.
        self._has_been_logged = True

    def close(self) -> None:
        super().close()
        waiting, self.afterwards = self.afterwards, []
        for deed in waiting:
            try:
                deed()
            except Exception:
                log.exception("push_not_noted")


@csrf_exempt
def push(request: HttpRequest, secret: str, kind: str, rest: str = "") -> HttpResponse:
    """Everything that a device sends. See the module."""
    how = FORMATS.get(kind)
    if how is None:
        return Answered(status=404)
    if request.method not in ("POST", "PUT"):
        return _answer(how)
    device = devices.device_of_push(secret)
    if device is None or not _fits(device, how):
        log.warning("push_refused", code="secret_invalid" if device is None else "kind_mismatch")
        return _answer(how)
    with along(device=device.pk):
        return _receive(request, device, how, rest)


def _fits(device: Device, how: Format) -> bool:
    is_one = isinstance(device.settings, dict) and device.settings.get("format") == how.name
    return device.driver == DRIVER and is_one


def _receive(request: HttpRequest, device: Device, how: Format, rest: str) -> HttpResponse:
    received_at = timezone.now()
    data, cut = read_body(request)
    content_type = str(request.META.get("CONTENT_TYPE", ""))[:1000]
    if cut:
        log.warning("push_refused", code=f"body_{cut}", bytes=len(data))
        return _answer(how, close=True)
    body = Body(data, content_type, rest[:200], zone_of(device))
    try:
        told, outcome = hear(device, how, partial(how.read, body), received_at, size=len(data))
    except OperationalError as error:
        log.error("push_not_stored", why=type(error).__name__)
        return Answered(b"busy", content_type="text/plain", status=503)
    peer = str(request.META.get("REMOTE_ADDR", ""))[:45]
    note = Heard(time.time(), how.name, rest[:80], _what(told), outcome.code, len(data), "", peer)
    answer = _answer(how, told, outcome.letter)
    keep = partial(heard.keep, device.pk, note, data, content_type)
    answer.afterwards = [*outcome.afterwards, keep]
    return answer


def _what(told: Told | None) -> str:
    return told.what if told else ""


def read_body(request: HttpRequest) -> tuple[bytes, str]:
    """The raw body, at most MOST bytes, and why it was cut (``too_large``, ``too_slow``).

    Never ``request.POST``: Django's own reading of forms loses what cameras write wrongly.
    """
    cut = getattr(request, "scope", {}).get(MARK, "")
    if cut:
        return b"", cut
    data = request.read(MOST + 1)
    return (b"", "too_large") if len(data) > MOST else (data, "")


def _answer(
    how: Format, told: Told | None = None, letter: Letter | None = None, *, close: bool = False
) -> Answered:
    answer = how.answer(told, letter)
    response = Answered(answer.body, content_type=answer.content_type)
    # Some cameras read no answer without a length.
    response["Content-Length"] = str(len(answer.body))
    response["Cache-Control"] = "no-store"
    if close:
        response["Connection"] = "close"
    return response
