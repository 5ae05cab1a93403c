"""A request in one thread that is kept; what is streamed, by the loop."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from asgiref.testing import ApplicationCommunicator
from django.contrib import admin
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import path

from community import one_thread

urlpatterns: list[Any] = []
SCOPE = {
    "type": "http", "method": "GET", "query_string": b"", "headers": [(b"host", b"testserver")],
}  # fmt: skip


def page(name: str, view: Any) -> str:
    urlpatterns[:] = [path(f"{name}/", view), path("admin/", admin.site.urls)]
    return f"/{name}/"


async def answer(where: str) -> tuple[int, bytes]:
    asked = ApplicationCommunicator(one_thread.application(), {**SCOPE, "path": where})
    await asked.send_input({"type": "http.request", "body": b""})
    told = await asked.receive_output(10)
    body = b""
    while (part := await asked.receive_output(10)).get("more_body"):
        body += part["body"]
    await asked.wait(10)
    return told["status"], body + part.get("body", b"")


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls(__name__)
def test_a_request_stays_in_its_thread_and_gives_its_connection_back():
    seen: list[Any] = []

    def view(request: HttpRequest) -> HttpResponse:
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        response = HttpResponse(b"here")
        response._resource_closers.append(
            lambda: seen.append((threading.current_thread(), connection.connection is not None))
        )
        seen.append((threading.current_thread(), request.path))
        return response

    assert asyncio.run(answer(page("one", view))) == (200, b"here")
    assert seen[0][0] is seen[1][0]
    assert seen[0][0] is not threading.current_thread()


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls(__name__)
def test_what_is_streamed_is_sent_by_the_loop_to_its_end():
    ended = threading.Event()

    async def parts() -> Any:
        try:
            for number in range(3):
                yield str(number).encode()
                await asyncio.sleep(0)
        finally:
            ended.set()

    def view(_request: HttpRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(parts())

    assert asyncio.run(answer(page("parts", view))) == (200, b"012")
    assert ended.is_set()


@pytest.mark.django_db(transaction=True)
@pytest.mark.urls(__name__)
def test_what_is_owed_after_an_answer_is_done_after_it_went_out():
    """A camera waits for no note, and an order counts as handed out once it was sent."""
    told: list[str] = []

    class Owing(HttpResponse):
        afterwards = ("a note",)

        def close(self) -> None:
            super().close()
            told.append("done")

    async def heard() -> None:
        where = page("owing", lambda _request: Owing(b"ok"))
        sends = one_thread.application()

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b""}

        async def send(message: dict[str, Any]) -> None:
            told.append(message["type"])

        await sends({**SCOPE, "path": where}, receive, send)

    asyncio.run(heard())
    assert told == ["http.response.start", "http.response.body", "done"]
