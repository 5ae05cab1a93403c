"""The feed under load: event committed → received by a WebSocket client; lost and doubled.

200 clients of one web process and a writer process of 30 events/s; then the server is stalled,
killed and restarted, and a share of the clients is cut off for a minute. One event in ten is of
a kind that the clients' role may not see: receiving one counts as ``leaked``.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from argparse import Namespace
from dataclasses import dataclass, field
from typing import Any

from bench import stage

CLIENTS = 200
RATE = 30
CALM_S = 20
CUT_SHARE = 20  # clients cut off
SEQUENCE = re.compile(r'"sequence": (\d+)')
HIGH = re.compile(r'"high": (\d+)')


@dataclass
class Client:
    """A screen as the guard's page is one: it remembers the last number and resumes after it."""

    url: str
    cookie: str
    last: int
    received: dict[int, float] = field(default_factory=dict)
    doubled: int = 0
    reconnects: int = -1
    is_cut: bool = False
    socket: Any = None

    async def run(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        headers = {"Cookie": f"sessionid={self.cookie}"}
        while True:
            if self.is_cut:
                await asyncio.sleep(0.2)
                continue
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                url = f"{self.url}?after={self.last}&lang=zh-hans"
                async with connect(
                    url, additional_headers=headers, compression=None, open_timeout=30
                ) as self.socket:
                    self.reconnects += 1
                    async for text in self.socket:
                        self._take(str(text))
            await asyncio.sleep(0.5)

    def _take(self, text: str) -> None:
        now = time.monotonic()
        if found := SEQUENCE.search(text):
            number = int(found[1])
            self.doubled += number in self.received
            self.received.setdefault(number, now)
            self.last = max(self.last, number)
        elif '"tick"' in text and (high := HIGH.search(text)):
            self.last = max(self.last, int(high[1]))


class Writer:
    """The writing process; notes for each visible event when its commit had returned."""

    def __init__(self, compound: int) -> None:
        self.committed: dict[int, float] = {}
        self.hidden: set[int] = set()
        self.process = stage.spawn(
            "-m", "bench.feed", str(compound), str(RATE), stdout=subprocess.PIPE
        )
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()

    def _collect(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            number, at, kind = line.split()
            if kind == "hidden":
                self.hidden.add(int(number))
            else:
                self.committed[int(number)] = float(at)

    def stop(self) -> None:
        stage.end(self.process, signal.SIGTERM)
        self.thread.join(5)


def run(options: Namespace) -> dict[str, Any]:
    url = os.environ.get("LINLI_BENCH_DATABASE", "")
    with stage.fresh_database(url):
        compound, cookie = _people()
        web = stage.Web()
        writer = Writer(compound)
        try:
            return asyncio.run(_measure(web, writer, cookie))
        finally:
            writer.stop()
            web.close()


def _people() -> tuple[int, str]:
    from community.models import Compound, Role, User

    compound = Compound.objects.create(code=stage.new_name("bench"), name="bench")
    guard = User.objects.create_user(stage.new_name("guard"), password=None)
    Role.objects.create(user=guard, compound=compound, role="guard")
    return compound.pk, stage.session_for(guard)


async def _measure(web: stage.Web, writer: Writer, cookie: str) -> dict[str, Any]:
    clients = [
        Client(f"ws://127.0.0.1:{web.port}/ws/feed/", cookie, last=0) for _ in range(CLIENTS)
    ]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    await _connected(clients)
    await asyncio.sleep(2)
    started = time.monotonic()
    await asyncio.sleep(CALM_S)
    calm = started, time.monotonic()
    await _trouble(web, clients)
    await asyncio.to_thread(writer.stop)
    await _caught_up(clients, writer)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return _figures(clients, writer, calm)


async def _connected(clients: list[Client]) -> None:
    limit = time.monotonic() + 60
    while any(client.reconnects < 0 for client in clients):
        if time.monotonic() > limit:
            raise TimeoutError("not every client could connect")
        await asyncio.sleep(0.1)


async def _trouble(web: stage.Web, clients: list[Client]) -> None:
    """Clients cut for 60 s; within that minute a stall of 10 s and a kill -9 with restart."""
    for client in clients[:CUT_SHARE]:
        client.is_cut = True
        await client.socket.close()
    cut_at = time.monotonic()
    await asyncio.sleep(3)
    web.signal(signal.SIGSTOP)
    await asyncio.sleep(10)
    web.signal(signal.SIGCONT)
    await asyncio.sleep(10)
    await asyncio.to_thread(web.kill_and_restart)
    await asyncio.sleep(max(0, cut_at + 60 - time.monotonic()))
    for client in clients[:CUT_SHARE]:
        client.is_cut = False
    await asyncio.sleep(5)


async def _caught_up(clients: list[Client], writer: Writer) -> None:
    """Give every client up to 60 s to reach the end of the ledger."""
    end = max(writer.committed)
    limit = time.monotonic() + 60
    while time.monotonic() < limit and any(client.last < end for client in clients):
        await asyncio.sleep(0.2)


def _figures(clients: list[Client], writer: Writer, calm: tuple[float, float]) -> dict[str, Any]:
    delays = [
        (client.received[number] - at) * 1000
        for number, at in writer.committed.items()
        if calm[0] <= at <= calm[1]
        for client in clients
        if number in client.received
    ]
    expected = set(writer.committed)
    return {
        "clients": CLIENTS,
        "events": len(expected),
        "events_s": RATE,
        "screen_ms_p50": round(stage.percentile(delays, 0.5), 1),
        "screen_ms_p99": round(stage.percentile(delays, 0.99), 1),
        "screen_ms_max": round(max(delays, default=0), 1),
        "measured": len(delays),
        "lost": sum(len(expected - client.received.keys()) for client in clients),
        "doubled": sum(client.doubled for client in clients),
        "leaked": sum(len(writer.hidden & client.received.keys()) for client in clients),
        "reconnects": sum(client.reconnects for client in clients),
    }


def write(compound_id: int, rate: int) -> None:
    """The writer process: real passages, each its own transaction, at an even pace."""
    import django

    django.setup()
    from django.utils import timezone

    from community import events
    from community.models import Gate, Lane, LedgerHead
    from security.models import Passage

    gate = Gate.objects.create(compound_id=compound_id, name="bench", kind="vehicle")
    lane = Lane.objects.create(compound_id=compound_id, gate=gate, name="1", direction="entry")
    due = time.monotonic()
    for number in range(10_000_000):
        with events.writing():
            if number % 10 == 9:
                events.record("user.added", compound=compound_id, user=1)
            else:
                passage = _passage(Passage, lane, number, timezone.now())
                events.record(
                    "gate.passage_decided",
                    compound=compound_id,
                    passage=passage.pk,
                    lane=lane.pk,
                    outcome="allow",
                    code="vehicle_registered",
                )
        at = time.monotonic()
        last = LedgerHead.objects.get(pk=compound_id).last  # one writer: this is ours
        print(last, at, "hidden" if number % 10 == 9 else "seen", flush=True)
        due += 1 / rate
        time.sleep(max(0.0, due - time.monotonic()))


def _passage(model: Any, lane: Any, number: int, now: Any) -> Any:
    return model.objects.create(
        compound_id=lane.compound_id,
        lane=lane,
        direction="entry",
        plate=f"豫A{number % 100_000:05d}",
        kind="blue",
        confidence=0.98,
        outcome="allow",
        code="vehicle_registered",
        facts={"unit": "3-2-1202"},
        state="opened",
        seen_at=now,
        decided_at=now,
    )


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]))
