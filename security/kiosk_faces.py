"""A face at a tablet: one way in beside the others, where the gate takes faces.

A stranger, or whoever enrolled no face, is told nothing and asked for nothing.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.verdicts import sentence
from community.vision.faces.challenge import Task
from community.vision.faces.tiers import Thresholds, Tier
from community.vision.faces.tracks import Recognition
from security import face_words
from security.kiosk import Kiosk, for_kiosks, told
from security.kiosk_burst import MESSAGE_BYTES, BadMessage, Burst, Sees, frames_of, look_at
from security.kiosk_gallery import EYES
from security.models import FaceRule, Passage
from security.operations.faces import FaceSeen, buildings_of, handle_face, rule_of
from security.pipeline import jpeg

SALT, TICKET_S = "kiosk-face", 30
#: So often a task may be tried before another way is asked for.
TRIES = 2
WIDEST = 1280
ASKS_BESIDE = frozenset({"face_second_way", "face_unsure"})


@require_POST
@for_kiosks
def face(request: HttpRequest, kiosk: Kiosk) -> HttpResponse:
    """A few pictures of whoever stands here; with the ticket of a task, those of doing it."""
    body = request.read(MESSAGE_BYTES + 1)
    rule, engine = rule_of(kiosk.lane), EYES.engine()
    if rule is None or engine is None:
        return JsonResponse({"state": "off"})
    try:
        if len(body) > MESSAGE_BYTES:
            raise BadMessage("too large")
        frames = frames_of(body)
        task = _task(request, kiosk)
    except (BadMessage, signing.BadSignature):
        return JsonResponse({"code": "bad_request"}, status=400)
    try:
        held = EYES.gallery(kiosk.lane.compound_id, engine, buildings_of(rule))
    except DatabaseError:
        held = None
    if held is None or not len(held[0]):
        return JsonResponse({"state": "nobody"})
    burst = look_at(engine, frames)
    if burst.sees is not Sees.SOMEBODY:
        return JsonResponse({"state": burst.sees.value} | _say(burst.sees))
    found = burst.recognise(*held)
    if found.match is None or found.tier is Tier.UNKNOWN:
        return JsonResponse({"state": "nobody"})
    done = task is not None and burst.did(Task(task["task"]), engine, found.match.key, held)
    return JsonResponse(_answer(kiosk, rule, Known(burst, found, held[1], task, done)))


def _say(sees: Sees) -> dict[str, str]:
    return {"why": _("One at a time, please.")} if sees is Sees.SEVERAL else {}


def _task(request: HttpRequest, kiosk: Kiosk) -> dict[str, Any] | None:
    """The task that these pictures answer. Raises BadSignature."""
    ticket = request.headers.get("X-Face-Ticket", "")[:500]
    if not ticket:
        return None
    asked: dict[str, Any] = signing.loads(ticket, salt=SALT, max_age=TICKET_S)
    if (asked["lane"], asked["device"]) != (kiosk.lane.pk, kiosk.device.pk):
        raise signing.BadSignature
    return asked


@dataclass(frozen=True)
class Known:
    """Who was recognised in a message, the task that it answers, and whether they did it."""

    burst: Burst
    found: Recognition
    thresholds: Thresholds
    task: dict[str, Any] | None
    hurdle: bool

    @property
    def sure(self) -> bool:
        return self.found.tier is Tier.OPEN


def _answer(kiosk: Kiosk, rule: FaceRule, known: Known) -> dict[str, Any]:
    hurdle, tried = known.hurdle, known.task["tried"] if known.task else 0
    if known.sure and rule.asks_task and not hurdle and tried < TRIES:
        return _ask_for_task(kiosk, tried)
    passage = handle_face(_seen(kiosk, known, hurdle=hurdle))
    return {"state": "nobody"} if passage is None else _told(passage)


def _told(passage: Passage) -> dict[str, Any]:
    if passage.state == Passage.State.WAITING and passage.code in ASKS_BESIDE:
        return {
            "state": "second",
            "passage": passage.pk,
            "title": _("One more way, please"),
            "why": sentence(passage.code, passage.facts),
        }
    return {"state": "over", **told(passage)}


def _ask_for_task(kiosk: Kiosk, tried: int) -> dict[str, Any]:
    """One task by lot; whoever cannot do it uses another way in, which everybody has."""
    task = secrets.choice(list(Task))
    words = {
        Task.BLINK: _("Please close your eyes for a moment and open them"),
        Task.TURN_LEFT: _("Please turn your head to your left"),
        Task.TURN_RIGHT: _("Please turn your head to your right"),
    }
    asked = {"task": task.value, "tried": tried + 1, "key": secrets.token_hex(8)}
    asked |= {"lane": kiosk.lane.pk, "device": kiosk.device.pk}
    again = _("That was not seen. Once more, or use a card, a code or a PIN.")
    return {
        "state": "task",
        "title": words[task],
        "why": again if tried else _("Or use a card, a code or a PIN."),
        "ticket": signing.dumps(asked, salt=SALT),
    }


def _seen(kiosk: Kiosk, known: Known, *, hurdle: bool) -> FaceSeen:
    assert known.burst.best is not None  # noqa: S101 - for the type checker
    assert known.found.match is not None  # noqa: S101 - likewise
    frame, face = known.burst.best
    scale = min(1.0, WIDEST / frame.shape[1])
    x, y, w, h = (round(side * scale) for side in face.box)
    key = known.task["key"] if known.task else secrets.token_hex(8)
    return FaceSeen(
        lane_id=kiosk.lane.pk,
        key=f"kf-{key}",
        way_id=known.found.match.key,
        sure=known.sure,
        hurdle=hurdle,
        received_at=timezone.now(),
        device_id=kiosk.device.pk,
        likeness=face_words.likeness(known.found.match, known.thresholds),
        others=face_words.others(known.found.match),
        picture=jpeg(frame, WIDEST),
        box=(x, y, w, h),
    )


urlpatterns = [path("kiosk/face/", face, name="kiosk-face")]
