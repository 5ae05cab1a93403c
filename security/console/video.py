"""A lane's smooth picture: its newest frames as motion JPEG, for as long as the reader may look.

The stream is bounded: so many frames a second, so long, so many viewers of one web process, one for
each session. It ends with a part that says why, so that no last frame is taken for a live one.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import contextmanager
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from community import feed
from community.models import Lane, User
from community.sessions import is_alive
from security import stills
from security.console.access import for_guards
from security.models import GUARDS

FRAME_S = 0.1
LASTS_S = 300.0
VIEWERS = 8
#: Seconds between two looks at whether the reader still may; the mark that wants frames goes along.
LOOK_S = 2.0
BOUNDARY = "frame"
#: Who watches in this process: the newest stream of each session.
_watching: dict[str, object] = {}


@for_guards
@require_GET
def video(request: Any, key: int) -> HttpResponse | StreamingHttpResponse:
    """``multipart/x-mixed-replace``; 503 with a reason where no picture can be had now."""
    lanes = Lane.objects.visible_to(request.user).of(request.compound).filter(is_active=True)
    lane = get_object_or_404(lanes, pk=key)
    session = request.session.session_key
    if session not in _watching and len(_watching) >= VIEWERS:
        return _not_now("full", _("Too many people watch at this moment. Try again in a minute."))
    if stills.newest(lane) is None:
        return _not_now("away", _("The camera gives no picture now. It is being tried again."))
    answer = StreamingHttpResponse(
        frames(lane, request.session, request.user.pk),
        content_type=f"multipart/x-mixed-replace; boundary={BOUNDARY}",
    )
    answer["X-Accel-Buffering"] = "no"
    return answer


def _not_now(code: str, text: str) -> HttpResponse:
    answer = HttpResponse(text, status=503, content_type="text/plain; charset=utf-8")
    answer["X-Ended"] = code
    answer["Retry-After"] = "10"
    return answer


async def frames(lane: Lane, session: Any, user_id: int) -> AsyncIterator[bytes]:
    """The parts of the stream; the last one names why it ended: away, time, role or moved."""
    with watching(session.session_key) as is_newest:
        end, look_at, mark = time.monotonic() + LASTS_S, 0.0, -1
        why = ""
        while not why:
            now = time.monotonic()
            if now >= look_at:
                look_at = now + LOOK_S
                await asyncio.to_thread(stills.want, lane.pk)
                if not await still_may(session, user_id, lane.pk):
                    why = "role"
                    break
            found = await asyncio.to_thread(stills.newest, lane, mark)
            why = _ending(found is None, not is_newest(), now >= end)
            if found and found[1]:
                mark = found[0]
                yield _part("image/jpeg", found[1])
            await asyncio.sleep(FRAME_S)
        yield _part("text/plain", b"", why) + f"--{BOUNDARY}--\r\n".encode()


def _ending(away: bool, moved: bool, over: bool) -> str:
    if away:
        return "away"
    if moved:
        return "moved"
    return "time" if over else ""


def _part(kind: str, body: bytes, ended: str = "") -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    if ended:
        head += f"X-Ended: {ended}\r\n"
    return head.encode() + b"\r\n" + body + b"\r\n"


@contextmanager
def watching(session: str) -> Any:
    """Counts as a viewer; a newer stream of the same session ends this one."""
    own = object()
    _watching[session] = own
    try:
        yield lambda: _watching.get(session) is own
    finally:
        if _watching.get(session) is own:
            del _watching[session]


@sync_to_async
def still_may(session: Any, user_id: int, lane_id: int) -> bool:
    """Whether the session goes on, with a role that watches this lane. All is read again."""
    return bool(feed.guarded(_still_may, session, user_id, lane_id))


def _still_may(session: Any, user_id: int, lane_id: int) -> bool:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    lane = Lane.objects.filter(pk=lane_id, is_active=True).first()
    if user is None or lane is None or not is_alive(session, user):
        return False
    return bool(user.roles_in(lane.compound_id) & GUARDS)
