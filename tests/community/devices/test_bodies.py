"""Bodies of devices are bounded in bytes, in time and by address before Django takes them in."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from community.devices import bodies
from community.devices.bodies import MARK, MOST, BoundedBodies

pytestmark = pytest.mark.pure
PATH = f"/devices/{'a' * 22}/vzenith"
CHUNK = b"x" * 65536


async def _send(message: Any) -> None:
    return None


def run(
    chunks: Callable[[], Awaitable[dict[str, Any]]], path: str = PATH, slowest_s: float = 5.0
) -> tuple[str, int]:
    """Why the body was cut, and how many bytes the application was given."""
    found: dict[str, Any] = {}

    async def application(scope: Any, receive: Any, send: Any) -> None:
        size = 0
        while True:
            message = await receive()
            size += len(message.get("body", b""))
            if message["type"] != "http.request" or not message.get("more_body"):
                break
        found.update(mark=scope.get(MARK), size=size)

    scope: dict[str, Any] = {"type": "http", "path": path}
    asyncio.run(BoundedBodies(application, slowest_s)(scope, chunks, _send))
    return found["mark"], found["size"]


def stream(total: int, pause_s: float = 0.0) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A body of so many bytes, as the server hands it over; chunked bodies come the same way."""
    left = [total]

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause_s)
        if left[0] < 0:
            return {"type": "http.disconnect"}
        part = CHUNK[: min(len(CHUNK), left[0])]
        left[0] = left[0] - len(part) if left[0] > len(part) else -1
        return {"type": "http.request", "body": part, "more_body": left[0] > 0}

    return receive


def test_a_body_of_a_camera_passes_whole():
    assert run(stream(3_000_000)) == ("", 3_000_000)


def test_fifty_megabytes_are_read_to_their_end_and_not_kept():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    mark, size = run(stream(50 * 1024 * 1024))
    assert (mark, size <= MOST) == ("too_large", True)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40 * 1024


def test_a_body_without_end_is_left(monkeypatch):
    monkeypatch.setattr(bodies, "DRAINED", 20 * 1024 * 1024)
    assert run(stream(10**12))[0] == "too_large"


def test_a_body_that_drips_is_left():
    assert run(stream(10_000_000, pause_s=0.02), slowest_s=0.1)[0] == "too_slow"


def test_nothing_is_kept_for_an_address_without_a_secret():
    assert run(stream(200_000), path="/devices/guess/vzenith") == ("no_secret", 0)


def test_other_addresses_are_not_touched():
    assert run(stream(20_000_000), path="/api/v1/readings/") == (None, 20_000_000)
