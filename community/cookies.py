"""Cookies of one machine that serves both HTTP and HTTPS (ADR 9).

Browsers keep cookies by host, not by port or scheme. Over HTTPS the session's cookie is called
``__Host-…`` and is ``Secure``: it never travels in the clear, and a cookie that somebody planted
over HTTP does not count here. Over HTTP the plain names are used; the two never mix.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings

from community.hosts import Application, Receive, Scope, Send

PREFIX = "__Host-"
Headers = list[tuple[bytes, bytes]]


class CookiesByScheme:
    """Renames cookies at the door, so that the application behind it knows the plain names only."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.application(scope, receive, send)
            return
        is_secure = scope.get("scheme") in ("https", "wss")
        inside = {**scope, "headers": self._inward(scope["headers"], is_secure)}

        async def outward(message: Any) -> None:
            if is_secure and message["type"] in ("http.response.start", "websocket.accept"):
                message = {**message, "headers": self._outward(message.get("headers", []))}
            await send(message)

        await self.application(inside, receive, outward)

    def _inward(self, headers: Headers, is_secure: bool) -> Headers:
        return [
            (name, self._read(value.decode("latin-1"), is_secure) if name == b"cookie" else value)
            for name, value in headers
        ]

    def _read(self, line: str, is_secure: bool) -> bytes:
        """Of a ``Cookie`` header, what belongs to this scheme, under the plain names."""
        kept = []
        for pair in line.split(";"):
            name, _, value = pair.strip().partition("=")
            plain = name.removeprefix(PREFIX)
            if plain not in self.names:
                kept.append(f"{name}={value}")
            elif name.startswith(PREFIX) == is_secure:
                kept.append(f"{plain}={value}")
        return "; ".join(kept).encode("latin-1")

    def _outward(self, headers: Headers) -> Headers:
        return [
            (name, self._write(value) if name.lower() == b"set-cookie" else value)
            for name, value in headers
        ]

    def _write(self, value: bytes) -> bytes:
        name, _, rest = value.decode("latin-1").partition("=")
        if name not in self.names:
            return value
        secure = "" if "; secure" in rest.lower() else "; Secure"
        return f"{PREFIX}{name}={rest}{secure}".encode("latin-1")
