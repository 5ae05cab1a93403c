"""Screens that follow the feed, and the process that writes what they show."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench import stage

SEQUENCE = re.compile(r'"sequence": (\d+)')
HIGH = re.compile(r'"high": (\d+)')
#: No sign of life for so long, and a screen says that it is cut off and connects anew.
SILENCE_S = 12.0
HIDDEN = "user.added"


@dataclass
class Screen:
    """A guard's page: it remembers the last number and resumes after it, wherever it connects."""

    ports: Sequence[int]
    cookie: str
    last: int = 0
    received: dict[int, float] = field(default_factory=dict)
    doubled: int = 0
    reconnects: int = -1
    is_cut: bool = False
    socket: Any = None
    port: int = 0

    async def run(self) -> None:
        attempt = 0
        while True:
            if self.is_cut:
                await asyncio.sleep(0.2)
                continue
            self.port = self.ports[attempt % len(self.ports)]
            attempt += 1
            await self._follow()
            await asyncio.sleep(0.5)

    async def _follow(self) -> None:
        from websockets.asyncio.client import connect
        from websockets.exceptions import WebSocketException

        url = f"ws://127.0.0.1:{self.port}/ws/feed/?after={self.last}&lang=zh-hans"
        headers = {"Cookie": self.cookie}
        with contextlib.suppress(OSError, WebSocketException, TimeoutError):
            async with connect(
                url, additional_headers=headers, compression=None, open_timeout=30
            ) as self.socket:
                self.reconnects += 1
                while True:
                    async with asyncio.timeout(SILENCE_S):
                        text = await self.socket.recv()
                    self._take(str(text))

    def _take(self, text: str) -> None:
        now = time.monotonic()
        if found := SEQUENCE.search(text):
            number = int(found[1])
            self.doubled += number in self.received
            self.received.setdefault(number, now)
            self.last = max(self.last, number)
        elif '"tick"' in text and (high := HIGH.search(text)):
            self.last = max(self.last, int(high[1]))

    async def cut(self) -> None:
        self.is_cut = True
        if self.socket is not None:
            await self.socket.close()


class Writer:
    """The writing process; notes for each event when its commit had returned."""

    def __init__(self, compound: int, rate: int) -> None:
        self.committed: dict[int, float] = {}
        words = ("-m", "bench.screens", str(compound), str(rate))
        self.process = stage.spawn(*words, stdout=subprocess.PIPE)
        self.thread = threading.Thread(target=self._collect, daemon=True)
        self.thread.start()

    def _collect(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            number, at = line.split()
            self.committed[int(number)] = float(at)

    def stop(self) -> None:
        stage.end(self.process, signal.SIGTERM)
        self.thread.join(5)


def people() -> tuple[int, str]:
    """A fresh compound, and the cookie of a guard who is signed in there."""
    from django.conf import settings

    from community.models import Compound, Role, User

    compound = Compound.objects.create(code=stage.new_name("bench"), name="bench")
    guard = User.objects.create_user(stage.new_name("guard"), password=None)
    Role.objects.create(user=guard, compound=compound, role="guard")
    return compound.pk, f"{settings.SESSION_COOKIE_NAME}={stage.session_for(guard)}"


async def connected(screens: list[Screen]) -> None:
    limit = time.monotonic() + 60
    while any(screen.reconnects < 0 for screen in screens):
        if time.monotonic() > limit:
            raise TimeoutError("not every screen could connect")
        await asyncio.sleep(0.1)


async def caught_up(screens: list[Screen], end: int) -> None:
    """Give every screen up to 60 s to reach the end of the ledger."""
    limit = time.monotonic() + 60
    while time.monotonic() < limit and any(screen.last < end for screen in screens):
        await asyncio.sleep(0.2)


def ledger(compound: int) -> tuple[set[int], set[int]]:
    """The numbers that the guard's screens should have shown, and those that they must not.

    From the ledger itself: a commit whose answer a restart swallowed counts as well.
    """
    from django.db import connection

    from community.models import Event

    connection.close()  # its server may have been restarted meanwhile
    rows = list(Event.objects.of(compound).values_list("sequence", "kind"))
    hidden = {number for number, kind in rows if kind == HIDDEN}
    return {number for number, _ in rows} - hidden, hidden


def figures(
    screens: list[Screen], writer: Writer, calm: tuple[float, float], compound: int
) -> dict[str, Any]:
    delays = [
        (screen.received[number] - at) * 1000
        for number, at in writer.committed.items()
        if calm[0] <= at <= calm[1]
        for screen in screens
        if number in screen.received
    ]
    expected, hidden = ledger(compound)
    return {
        "clients": len(screens),
        "events": len(expected),
        "screen_ms_p50": round(stage.percentile(delays, 0.5), 1),
        "screen_ms_p99": round(stage.percentile(delays, 0.99), 1),
        "screen_ms_max": round(max(delays, default=0), 1),
        "measured": len(delays),
        "lost": sum(len(expected - screen.received.keys()) for screen in screens),
        "doubled": sum(screen.doubled for screen in screens),
        "leaked": sum(len(hidden & screen.received.keys()) for screen in screens),
        "reconnects": sum(screen.reconnects for screen in screens),
    }


def write(compound_id: int, rate: int) -> None:
    """The writer process: real passages, each its own transaction, at an even pace.

    A database that is away is asked again; an event whose commit it never confirmed may then be
    there twice, under two numbers, and both count.
    """
    import django

    django.setup()
    from django.db import DatabaseError, InterfaceError, connection

    from community.models import Gate, Lane, LedgerHead

    gate = Gate.objects.create(compound_id=compound_id, name="bench", kind="vehicle")
    lane = Lane.objects.create(compound_id=compound_id, gate=gate, name="1", direction="entry")
    due = time.monotonic()
    for number in range(10_000_000):
        try:
            _write_one(lane, number)
            at = time.monotonic()
            last = LedgerHead.objects.get(pk=compound_id).last  # one writer: this is ours
            print(last, at, flush=True)
        except (DatabaseError, InterfaceError):
            connection.close()
            time.sleep(0.2)
            due = time.monotonic()
        due += 1 / rate
        time.sleep(max(0.0, due - time.monotonic()))


def _write_one(lane: Any, number: int) -> None:
    from community import events

    with events.writing():
        if number % 10 == 9:
            events.record(HIDDEN, compound=lane.compound_id, user=1)
            return
        passage = _passage(lane, number)
        events.record(
            "gate.passage_decided",
            compound=lane.compound_id,
            passage=passage.pk,
            lane=lane.pk,
            outcome="allow",
            code="vehicle_registered",
        )


def _passage(lane: Any, number: int) -> Any:
    from django.utils import timezone

    from security.models import Passage

    now = timezone.now()
    return Passage.objects.create(
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


async def stop(tasks: Iterable[asyncio.Task[None]]) -> None:
    waiting = list(tasks)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]))
