"""The tablet at a gate: bound to its lane by a revocable token, works for whoever stands there.

No way in is greater than another: code, card and PIN take the same road (``handle_shown``).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from hashlib import sha256
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from community.devices import operations as devices
from community.models import Device, Lane
from community.verdicts import sentence
from community.vision import codes, pictures
from community.vision.arrays import Frame
from parking import leaving
from parking.tariff_words import yuan
from residents import ways
from residents.ways import Presented
from security.kiosk_burst import somebody_near
from security.kiosk_gallery import EYES
from security.models import Passage, Presentation
from security.operations import Shown, handle_shown
from security.operations.calls import call_guard

COOKIE = "linli_kiosk"
COOKIE_DAYS = 400
AGAIN_MS = 3000
FRAME_BYTES, FRAME_PIXELS = 600_000, 1920 * 1080
MARKS = {"allow": "allow", "deny": "deny", "ask": "ask", "fail": "fail"}
KINDS = frozenset({"card", "pin", "qr"})
#: Rules whose sentence is for who decides, never for who stands at the tablet.
FOR_GUARDS = frozenset({"watch_listed", "card_two_gates", "pass_home_empty"})
#: A code read again within this is still held up; nobody walks through and comes back so fast.
HELD_UP = timedelta(seconds=20)


@dataclass(frozen=True)
class Kiosk:
    """A tablet that may speak for its lane now."""

    device: Device
    lane: Lane


def kiosk_of(request: HttpRequest) -> Kiosk | None:
    """The tablet that this browser is; None once its token is revoked or its lane is gone."""
    device = devices.authenticate(request.COOKIES.get(COOKIE, ""))
    if device is None or device.kind != Device.Kind.KIOSK:
        return None
    named = device.settings.get("lane") if isinstance(device.settings, dict) else None
    rows = Lane.objects.select_related("gate__compound", "gate__face_rule", "barrier")
    rows = rows.filter(is_active=True)
    lane = rows.filter(pk=named, compound_id=device.compound_id).first() if named else None
    return Kiosk(device, lane) if lane is not None else None


def for_kiosks(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """JSON for a tablet; one that is bound no more is told to show the binding page."""

    @wraps(view)
    def guarded(request: HttpRequest, **keys: Any) -> HttpResponse:
        kiosk = kiosk_of(request)
        if kiosk is None:
            return JsonResponse({"code": "not_bound"}, status=401)
        return view(request, kiosk, **keys)

    return never_cache(guarded)


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The tablet's one page, or the page that binds it."""
    kiosk = kiosk_of(request)
    if kiosk is None:
        return render(request, "kiosk/bind.html", {"error": ""})
    context = {
        "kiosk": kiosk,
        "lane": kiosk.lane,
        "gate": kiosk.lane.gate,
        "again": again_ms(kiosk.device),
        "faces": takes_faces(kiosk.lane),
    }
    return render(request, "kiosk/page.html", context)


def again_ms(device: Device) -> int:
    """How long this tablet waits between two looks for the office while it is cut off."""
    named = device.settings.get("again_ms") if isinstance(device.settings, dict) else None
    return named if type(named) is int and 200 <= named <= 60_000 else AGAIN_MS


@never_cache
@require_POST
def bind(request: HttpRequest) -> HttpResponse:
    """Bind this browser to a lane with the token of a tablet, as the office shows it once."""
    token = request.POST.get("token", "").strip()
    device = devices.authenticate(token)
    if device is None or device.kind != Device.Kind.KIOSK:
        error = _("This is no token of a tablet, or it was revoked. Ask the manager for a new one.")
        return render(request, "kiosk/bind.html", {"error": error}, status=422)
    answer = redirect("kiosk")
    answer.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_DAYS * 86_400,
        path=reverse("kiosk"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Strict",
    )
    return answer


@require_POST
@for_kiosks
def show(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A card was read, or a home's number and PIN were typed, or a code was scanned here."""
    kind, key = request.POST.get("kind", ""), request.POST.get("key", "")
    if kind not in KINDS or not 8 <= len(key) <= 64:
        return JsonResponse({"code": "bad_request"}, status=400)
    value, home = request.POST.get("value", "")[: ways.LONGEST], request.POST.get("home", "")[:32]
    scanned = ways.of_code(value) if kind == "qr" else None
    return _answer(kiosk, key, scanned or Presented(kind, value, home))


@require_POST
@for_kiosks
def frame(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """One JPEG of the tablet's camera; 204 while no code is in it. Nothing of it is kept.

    Where the gate takes faces, it also says whether somebody is near enough to be looked at.

    A code that is still held up is the same showing: it opens once and counts once.
    """
    body = request.read(FRAME_BYTES + 1)
    if len(body) > FRAME_BYTES or pictures.format_of(body) != "jpeg":
        return JsonResponse({"code": "bad_request"}, status=400)
    try:
        image = pictures.decode(body, max_bytes=FRAME_BYTES, max_pixels=FRAME_PIXELS)
    except pictures.PictureError:
        return JsonResponse({"code": "bad_request"}, status=400)
    text = codes.read_code(image)
    if text is None:
        near = "quiet" not in request.GET and takes_faces(kiosk.lane) and _somebody_near(image)
        return JsonResponse({"state": "face"}) if near else HttpResponse(status=204)
    return _answer(kiosk, _key_of(kiosk, text), ways.of_code(text) or Presented("qr", text))


def takes_faces(lane: Lane) -> bool:
    rule = getattr(lane.gate, "face_rule", None)
    return bool(rule is not None and rule.is_on)


def _somebody_near(image: Frame) -> bool:
    engine = EYES.engine()
    return engine is not None and somebody_near(engine, image)


def _key_of(kiosk: Kiosk, text: str) -> str:
    """The key of the showing that this code belongs to: one that lasts, or a new one."""
    start = f"code-{sha256(text.encode()).hexdigest()[:40]}-"
    now = timezone.now()
    rows = Presentation.objects.filter(lane=kiosk.lane, key__startswith=start)
    last = rows.filter(received_at__gte=now - HELD_UP).order_by("-id").first()
    return last.key if last is not None else f"{start}{secrets.token_hex(8)}"


@require_POST
@for_kiosks
def call(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Ring at the guards' desk."""
    call_guard(kiosk.lane, kiosk.device)
    return JsonResponse({"title": _("The guard is called"), "why": _("Please wait here.")})


@require_safe
@for_kiosks
def alive(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """Whether this tablet may still speak for its lane; asked after a break of the network."""
    return JsonResponse({"lane": kiosk.lane.pk})


def _answer(kiosk: Kiosk, key: str, what: Presented) -> JsonResponse:
    shown = Shown(kiosk.lane.pk, key, what, timezone.now(), kiosk.device.pk)
    return JsonResponse(told(handle_shown(shown)))


def told(passage: Passage) -> dict[str, Any]:
    """What the tablet says: never a name, since anybody may stand beside."""
    titles = {"allow": _("Please come in"), "deny": _("Not opened"), "ask": _("One moment")}
    if passage.direction == Lane.Direction.EXIT:
        titles["allow"] = _("Goodbye")
    opened = passage.outcome == Passage.Outcome.ALLOW
    why = "" if opened else sentence(passage.code, passage.facts)
    if passage.code == leaving.UNPAID:
        why = _("%(amount)s is due. Pay on the page of your ticket; then the barrier opens.")
        why = why % {"amount": yuan(passage.facts.get("due", 0))}
    if passage.code in FOR_GUARDS:
        why = _("The guard is asked. Please wait here.")
    return {
        "passage": passage.pk,
        "outcome": MARKS[passage.outcome],
        "title": titles.get(passage.outcome, titles["deny"]),
        "why": why,
    }


urlpatterns = [
    path("kiosk/", page, name="kiosk"),
    path("kiosk/bind/", bind, name="kiosk-bind"),
    path("kiosk/show/", show, name="kiosk-show"),
    path("kiosk/frame/", frame, name="kiosk-frame"),
    path("kiosk/call/", call, name="kiosk-call"),
    path("kiosk/alive/", alive, name="kiosk-alive"),
]
