"""Doors of messages: browsers that subscribe, letters to print, reports of providers."""

from __future__ import annotations

import hmac
import json
import time
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from community.models import Channel, Compound, Delivery, User
from community.notifications import paper, readers, settling, vapid
from community.notifications.drivers.http_gateway import sign
from community.querysets import OFFICE

LONGEST_BODY = 8 * 1024
#: A report is taken this long after it was signed, in seconds.
REPORT_S = 600


def _user(request: HttpRequest) -> User:
    user: Any = request.user
    return user


def _body(request: HttpRequest) -> dict[str, Any]:
    """A small JSON object. Raises ValidationError."""
    refused = ValidationError(_("The request was not understood. Try again."), "body")
    if len(request.body) > LONGEST_BODY:
        raise refused
    try:
        value = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise refused from error
    if not isinstance(value, dict):
        raise refused
    return value


def _refused(error: ValidationError) -> JsonResponse:
    return JsonResponse({"error": " ".join(error.messages)}, status=400)


@login_required
@require_http_methods(["GET", "POST", "DELETE"])
def browser(request: HttpRequest) -> JsonResponse:
    """``/push/``: GET our key, POST this browser's subscription, DELETE ``{"endpoint"}``."""
    if request.method == "GET":
        return JsonResponse({"key": vapid.public_key()})
    try:
        given = _body(request)
        if request.method == "DELETE":
            gone = readers.unsubscribe(_user(request), str(given.get("endpoint", "")))
            return JsonResponse({"removed": gone})
        compound = _compound(request)
        agent = request.headers.get("User-Agent", "")
        row = readers.subscribe(_user(request), compound, given, label=agent)
    except ValidationError as error:
        return _refused(error)
    return JsonResponse({"id": row.pk}, status=201)


def _compound(request: HttpRequest) -> Compound:
    compound: Compound | None = getattr(request, "compound", None)
    if compound is None:
        raise ValidationError(_("Nothing is open to you yet"), "compound")
    return compound


def _desk(request: HttpRequest) -> Compound:
    """The compound at whose desk the user works. Raises PermissionDenied."""
    compound: Compound | None = getattr(request, "compound", None)
    if compound is None or not _user(request).roles_in(compound) & OFFICE:
        raise PermissionDenied
    return compound


@login_required
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """What waits for paper: one sheet per reader, and what was printed and not handed over."""
    compound = _desk(request)
    sheets = paper.letters_of(paper.waiting(compound)[:500])  # type: ignore[index]
    out = Delivery.objects.of(compound).filter(medium="paper", state="sent")
    rows = out.select_related("notification__user").order_by("-finished_at")[:50]
    return render(
        request,
        "desk/letters.html",
        {
            "sheets": sheets,
            "printed": paper.letters_of(rows),
            "compound": compound,
            "today": timezone.localdate(),
        },
    )


@login_required
@require_POST
def move_letters(request: HttpRequest, deed: str) -> HttpResponse:
    """``printed`` or ``handed-over``: the ids of the deliveries come as ``delivery``."""
    compound = _desk(request)
    given = request.POST.getlist("delivery")[:1000]
    ids = [int(each) for each in given if each.isdecimal() and len(each) < 19]
    act = {"printed": paper.printed, "handed-over": paper.handed_over}[deed]
    act(ids, compound=compound, actor=_user(request))
    return redirect("letters")


@csrf_exempt
@require_POST
def report(request: HttpRequest, channel_id: int) -> JsonResponse:
    """A gateway says what became of a message: ``{"id", "delivered"}``, signed as ours are.

    Answers 404 to whoever cannot sign, so that channels cannot be counted from outside.
    """
    channel = get_object_or_404(Channel, pk=channel_id, driver="http_gateway", is_active=True)
    body = request.body
    if len(body) > LONGEST_BODY or not _is_signed(request, channel, body):
        return JsonResponse({}, status=404)
    with override("en"):
        try:
            told = _body(request)
        except ValidationError as error:
            return _refused(error)
    arrived = told.get("delivered") is True
    reference = str(told.get("id", ""))[:100]
    count = 0
    if reference:
        count = settling.report(channel, reference, arrived=arrived, now=timezone.now())
    return JsonResponse({"known": count})


def _is_signed(request: HttpRequest, channel: Channel, body: bytes) -> bool:
    stamp = request.headers.get("Linli-Timestamp", "")
    credentials: Any = channel.credentials
    secret = credentials.get("secret", "")
    if not secret or not stamp.isdecimal() or len(stamp) > 12:
        return False
    if abs(time.time() - int(stamp)) > REPORT_S:
        return False
    given = request.headers.get("Linli-Signature", "").removeprefix("v1=")
    return given.isascii() and hmac.compare_digest(given, sign(secret, stamp, body))


urlpatterns = [
    path("push/", browser, name="push"),
    path("desk/letters/", letters, name="letters"),
    path("desk/letters/printed/", move_letters, {"deed": "printed"}, name="letters-printed"),
    path("desk/letters/handed-over/", move_letters, {"deed": "handed-over"}, name="letters-handed"),
    path("messages/reports/<int:channel_id>/", report, name="message-report"),
]
