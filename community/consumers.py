"""The live feed's WebSocket: says hello, replays what was missed, then follows the ledger."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import structlog
from asgiref.sync import sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from community import feed
from community.events import kinds_for
from community.middleware import current_compound
from community.models import User
from community.sessions import is_alive

BAD_REQUEST, SIGNED_OUT, NO_ROLE, TRY_AGAIN = 4400, 4401, 4403, 1013
log = structlog.get_logger(__name__)
RECHECK = 10.0  # seconds between two looks at whether the reader still may


def same_origin(scope: dict[str, Any]) -> bool:
    """A browser's Origin is our own Host, or one that the settings trust."""
    headers = dict(scope["headers"])
    origin = headers.get(b"origin", b"").decode("latin-1")
    if not origin:
        return True  # not a browser: the session cookie alone decides
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return urlsplit(origin).netloc.lower() == headers.get(b"host", b"").decode("latin-1").lower()


@sync_to_async
def permitted(scope: dict[str, Any]) -> tuple[int, frozenset[str]]:
    """Compound and kinds that the session may see now; ``(0, …)`` signed out, none without role.

    Everything is read again: an ended session or role counts from its next look.
    """
    # Sockets share a thread that no request ends: a broken connection would stay there for ever.
    return feed.guarded(_permitted, scope)


def _permitted(scope: dict[str, Any]) -> tuple[int, frozenset[str]]:
    session, user = scope.get("session"), scope.get("user")
    if user is None or not user.is_authenticated or session is None:
        return 0, frozenset()
    fresh = User.objects.filter(pk=user.pk, is_active=True).first()
    if fresh is None or not is_alive(session, fresh):
        return 0, frozenset()
    compound = current_compound(fresh, session)
    if compound is None:
        return -1, frozenset()
    return compound.pk, frozenset(kinds_for(fresh.roles_in(compound)))


class BreakOff:
    """Around everything that serves sockets: a fault closes the socket with a code, and a line in
    the log names it. The screen comes again, and asks for what came after its last number."""

    def __init__(self, application: Any) -> None:
        self.application = application

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        try:
            await self.application(scope, receive, send)
        except Exception as error:
            log.warning("socket_broke_off", error=type(error).__name__)
            with contextlib.suppress(Exception):
                await send({"type": "websocket.close", "code": TRY_AGAIN})


class FeedConsumer(AsyncWebsocketConsumer):
    """``/ws/feed/?after=<sequence>&lang=<code>``; see ``docs/architecture.md`` for the messages."""

    # No layer of its own: a screen must open while Redis is away. Hints come to the hub.
    channel_layer_alias = "none"
    pump: asyncio.Task[None] | None = None

    async def connect(self) -> None:
        if not same_origin(self.scope):
            await self.close()  # refused before it opens: a foreign page learns nothing
            return
        await self.accept()
        try:
            cursor, language = self._asked()
        except ValueError:
            await self.close(BAD_REQUEST)
            return
        compound, kinds = await permitted(self.scope)
        if not compound or not kinds:
            await self.close(NO_ROLE if compound else SIGNED_OUT)
            return
        self.pump = asyncio.create_task(self._run(compound, kinds, cursor, language))

    def _asked(self) -> tuple[int | None, str]:
        query = parse_qs(self.scope["query_string"].decode("latin-1"))
        after = query.get("after", [""])[0]
        language = query.get("lang", [settings.LANGUAGE_CODE])[0]
        if language not in dict(settings.LANGUAGES):
            raise ValueError(language)
        if after and not re.fullmatch(r"[0-9]{1,18}", after):
            raise ValueError(after)
        return (int(after) if after else None), language

    async def disconnect(self, code: int) -> None:
        if self.pump:
            self.pump.cancel()

    async def _run(
        self, compound: int, kinds: frozenset[str], cursor: int | None, language: str
    ) -> None:
        try:
            async with feed.hub().listening(compound) as stream:
                cursor = await self._greet(stream, compound, cursor)
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._follow(stream, kinds, cursor, language))
                    both.create_task(self._watch(compound, kinds))
        except* Exception as errors:
            # The database may be restarting. A screen that hears nothing must know: it comes
            # again, here or at another process, and asks for what came after its last number.
            log.warning("feed_broke_off", error=type(errors.exceptions[0]).__name__)
            with contextlib.suppress(Exception):
                await self.close(TRY_AGAIN)

    async def _greet(self, stream: feed.Stream, compound: int, cursor: int | None) -> int:
        high, low = stream.high, stream.low
        if cursor is not None and cursor > high:
            # Another process was faster: what this screen saw there, we have not read yet.
            high, low = await feed.hub().head(compound)
        hello = {"type": "hello", "high": high, "low": low, "compound": compound}
        await self.send(json.dumps(hello))
        if cursor is None:
            return high
        if cursor < low or cursor > high:
            # Older than retention, or of another life of the database: start from a snapshot.
            await self.send(json.dumps({"type": "snapshot", "high": stream.high}))
            return stream.high
        return cursor

    async def _follow(
        self, stream: feed.Stream, kinds: frozenset[str], cursor: int, language: str
    ) -> None:
        hub, spoke = feed.hub(), time.monotonic()
        while True:
            while cursor < stream.high:
                texts, cursor = await hub.texts(stream, cursor, kinds, language)
                for text in texts:
                    await self.send(text)
                spoke = time.monotonic() if texts else spoke
            # What happens may all be hidden from this role: its page needs signs of life still.
            if time.monotonic() - spoke >= feed.TICK:
                await self.send(feed.tick(stream))
                spoke = time.monotonic()
                continue
            # No await between the comparison and this wait: a move cannot be missed.
            with contextlib.suppress(TimeoutError):
                # wait_for would start a task each time
                async with asyncio.timeout(feed.TICK):
                    await stream.moved()

    async def _watch(self, compound: int, kinds: frozenset[str]) -> None:
        """Ends the socket when the session ended or the roles changed; the page comes again."""
        # Screens that came together, after a restart, must not all ask in the same moment.
        await asyncio.sleep(RECHECK * random.random())  # noqa: S311
        while True:
            if (now := await permitted(self.scope)) != (compound, kinds):
                await self.close(SIGNED_OUT if not now[0] else NO_ROLE)
                return
            await asyncio.sleep(RECHECK)
