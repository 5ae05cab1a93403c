"""Django under ASGI with each request in one thread, from its first signal to its last.

Among our middleware are some without an asynchronous form. Django then goes to and fro: into a
thread, back to the loop for those that have one, into the thread again for each of their hooks, for
the view and for both signals, ten times for every request, in a thread made for it and ended by
another one. All of our pages are synchronous: they are given a thread once, one that is kept.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import ThreadSensitiveContext, sync_to_async
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.db import close_old_connections
from django.http import FileResponse
from django.urls import set_script_prefix

from community.hosts import Receive, Scope, Send

#: Threads at most: pages that wait for their door (160), and those that are busy.
MOST = 240
#: A writer gives the interpreter away at each statement while others wait for it to end, and gets
#: it back after the turn of whoever took it: 5 ms as Python has it, twenty times in a transaction.
TURN_S = 0.001


class OneThread(ASGIHandler):
    """What a view streams is sent by the loop, as in Django's own handler."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(MOST, thread_name_prefix="page")

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            raise ValueError(f"no pages by {scope['type']}")
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        answered = sync_to_async(self._answered, thread_sensitive=False, executor=self._threads)
        response = await answered(scope, body)
        if response.streaming:
            await self._stream(response, receive, send)
            return
        try:
            await self.send_response(response, send)
        finally:
            if _is_owed(response):
                ended = sync_to_async(_end, thread_sensitive=False, executor=self._threads)
                await asyncio.shield(ended(response))

    def _answered(self, scope: Scope, body: Any) -> Any:
        """The response; one that is whole is closed, with the request's connections."""
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refused = self.create_request(scope, body)
        response: Any = refused if request is None else self.get_response(request)
        response._handler_class = type(self)
        if isinstance(response, FileResponse):
            response.block_size = self.chunk_size
        if response.streaming or _is_owed(response):
            close_old_connections()
        else:
            response.close()
        return response

    async def _stream(self, response: Any, receive: Receive, send: Send) -> None:
        """Until it ends or nobody listens any more; what it reads, it reads in one thread."""
        async with ThreadSensitiveContext():
            gone = asyncio.create_task(self.listen_for_disconnect(receive))
            sent = asyncio.create_task(self.send_response(response, send))
            try:
                await asyncio.wait((gone, sent), return_when=asyncio.FIRST_COMPLETED)
            finally:
                gone.cancel()
                sent.cancel()
                _left, told = await asyncio.gather(gone, sent, return_exceptions=True)
                await sync_to_async(response.close)()
            if isinstance(told, Exception):
                raise told


def _is_owed(response: Any) -> bool:
    """Whether ``close`` has to do something once the answer went out: its ``afterwards``."""
    return bool(getattr(response, "afterwards", None))


def _end(response: Any) -> None:
    try:
        response.close()
    finally:
        close_old_connections()


def application() -> OneThread:
    """As ``django.core.asgi.get_asgi_application``, and threads take shorter turns."""
    sys.setswitchinterval(TURN_S)
    django.setup(set_prefix=False)
    return OneThread()
