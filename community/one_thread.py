"""Django under ASGI with each request in one thread from its first middleware to its last.

Among our middleware are some without an asynchronous form. Django then goes to and fro: into a
thread, back to the loop for those that have one, into the thread again for each of their hooks and
for the view, eight times for every request. Each crossing waits until another thread lets go of
the interpreter. All of our pages are synchronous: they are given the thread once.
"""

from __future__ import annotations

import sys
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler

#: Seconds after which a thread that computes makes room for one that waits; Python's own 0.005 is
#: what each of a transaction's statements may wait for its answer, and all writers with it.
SWITCH_S = 0.0005


class OneThread(ASGIHandler):
    """Streams and WebSockets are not concerned: what a view gives back is sent by the loop."""

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: Any) -> Any:
        return await sync_to_async(self.get_response, thread_sensitive=True)(request)


def application() -> OneThread:
    """As ``django.core.asgi.get_asgi_application``, for a process that serves pages."""
    sys.setswitchinterval(SWITCH_S)
    django.setup(set_prefix=False)
    return OneThread()
