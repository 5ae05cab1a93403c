"""What devices send is bounded before Django sees it: in bytes, in time, and by its address.

Django takes in a whole body before any view runs, however long it is and however slowly it comes.
Here a body that is too long is read to its end and thrown away, because a camera that is cut off
in the middle sends the same again; the view then gives the answer that stops it. One that comes
too slowly is left, and the connection closed. Nothing is kept of a body for an address that holds
no secret of the right shape.
"""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from community.hosts import Application, Receive, Scope, Send

#: Two pictures in base64 are under 6 MB at the best cameras.
MOST = 12 * 1024 * 1024
#: Thrown away up to here; more than this no camera sends, and the connection is closed.
DRAINED = 80 * 1024 * 1024
PREFIXES = ("/devices/", "/VIID/")
ADDRESS = re.compile(r"^/devices/[A-Za-z0-9]{22}/[a-z]+(/|$)|^/VIID/[A-Za-z]+")
#: Where the view finds why a body was cut: ``too_large``, ``too_slow``, ``no_secret`` or nothing.
MARK = "linli.body"
NOTHING = {"type": "http.request", "body": b"", "more_body": False}


class BoundedBodies:
    """Wraps an application; only addresses of devices are touched."""

    def __init__(self, application: Application, slowest_s: float) -> None:
        self.application = application
        self.slowest_s = slowest_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIXES):
            await self.application(scope, receive, send)
            return
        await self.application(scope, _Bounded(scope, receive, self.slowest_s), send)


class _Bounded:
    """``receive`` of one request."""

    def __init__(self, scope: Scope, receive: Receive, slowest_s: float) -> None:
        self.scope = scope
        self.receive = receive
        self.end = time.monotonic() + slowest_s
        self.size = 0
        self.is_over = False
        scope[MARK] = "" if ADDRESS.match(scope["path"]) else "no_secret"

    async def __call__(self) -> dict[str, Any]:
        if self.is_over:
            return await self._hang_up()
        while True:
            message = await self._next()
            if message is None:
                return self._cut("too_slow")
            if message["type"] != "http.request":
                return message
            self._count(message)
            if self.size > DRAINED:
                return self._cut("too_large")
            if not self.scope[MARK]:
                return message
            if self.is_over:
                return dict(NOTHING)

    def _count(self, message: dict[str, Any]) -> None:
        self.size += len(message.get("body", b""))
        self.is_over = not message.get("more_body", False)
        if self.size > MOST:
            self.scope[MARK] = self.scope[MARK] or "too_large"

    async def _next(self) -> dict[str, Any] | None:
        left = self.end - time.monotonic()
        try:
            return dict(await asyncio.wait_for(self.receive(), max(left, 0.001)))
        except TimeoutError:
            return None

    def _cut(self, why: str) -> dict[str, Any]:
        self.is_over, self.scope[MARK] = True, why
        return dict(NOTHING)

    async def _hang_up(self) -> dict[str, Any]:
        """After the body only the end of the connection is news; what still drips is dropped."""
        while True:
            message = dict(await self.receive())
            if message["type"] != "http.request":
                return message
