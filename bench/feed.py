"""The feed under load: event committed → received by a WebSocket client; lost and doubled.

200 screens and a writer process of 30 events/s. By default on SQLite with one web process, which is
stalled, killed and started again while a share of the screens is cut off for a minute. With
``--production`` on PostgreSQL and Redis with two web processes, and both are restarted as well. One
event in ten is of a kind that the screens' role may not see: receiving one counts as ``leaked``.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable
from typing import Any

from bench import screens, stage
from bench.screens import Screen, Writer

CLIENTS = 200
RATE = 30
CALM_S = 20
CUT_SHARE = 20  # screens cut off
CUT_S = 60
STALL_S = 10

Trouble = Callable[[list[Screen]], Awaitable[None]]


def run(options: Namespace) -> dict[str, Any]:
    if getattr(options, "production", False):
        return _in_production()
    with stage.fresh_database(os.environ.get("LINLI_BENCH_DATABASE", "")):
        web = stage.Web()
        try:
            return _measure([web.port], lambda clients: _trouble(web, clients))
        finally:
            web.close()


def _measure(ports: list[int], trouble: Trouble) -> dict[str, Any]:
    compound, cookie = screens.people()
    writer = Writer(compound, RATE)
    try:
        figures, calm = asyncio.run(_show(ports, cookie, writer, trouble))
    finally:
        writer.stop()
    load = round(os.getloadavg()[0], 1)
    return screens.figures(figures, writer, calm, compound) | {"events_s": RATE, "load": load}


async def _show(
    ports: list[int], cookie: str, writer: Writer, trouble: Trouble
) -> tuple[list[Screen], tuple[float, float]]:
    """The screens at the end, and from when to when nothing was wrong."""
    # Half of the screens begin at one process, half at the other.
    turns = [ports[index % len(ports) :] + ports[: index % len(ports)] for index in range(CLIENTS)]
    clients = [Screen(turn, cookie) for turn in turns]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    await screens.connected(clients)
    await asyncio.sleep(2)
    began = time.monotonic()
    await asyncio.sleep(CALM_S)
    calm = began, time.monotonic()
    await asyncio.sleep(3)  # what was written in calm is also shown in calm
    await trouble(clients)
    await asyncio.to_thread(writer.stop)
    await screens.caught_up(clients, max(writer.committed))
    await screens.stop(tasks)
    return clients, calm


async def _cut_meanwhile(clients: list[Screen], faults: Callable[[], Awaitable[None]]) -> None:
    """A share of the screens is cut off for a minute; the faults happen within it."""
    for client in clients[:CUT_SHARE]:
        await client.cut()
    cut_at = time.monotonic()
    await asyncio.sleep(3)
    await faults()
    await asyncio.sleep(max(0, cut_at + CUT_S - time.monotonic()))
    for client in clients[:CUT_SHARE]:
        client.is_cut = False
    await asyncio.sleep(5)


async def _stall(web: stage.Web) -> None:
    web.signal(signal.SIGSTOP)
    await asyncio.sleep(STALL_S)
    web.signal(signal.SIGCONT)
    await asyncio.sleep(10)


async def _trouble(web: stage.Web, clients: list[Screen]) -> None:
    async def faults() -> None:
        await _stall(web)
        await asyncio.to_thread(web.kill_and_restart)

    await _cut_meanwhile(clients, faults)


def _in_production() -> dict[str, Any]:
    with (
        stage.servers() as (url, postgres, redis),
        stage.fresh_database(url, production=True),
    ):
        webs = [stage.Web(), stage.Web()]

        async def faults() -> None:
            await _stall(webs[0])
            await asyncio.to_thread(stage.end, webs[1].process)
            await asyncio.sleep(5)  # its screens have moved to the other one by now
            await asyncio.to_thread(webs[1].start_again)
            for server in (redis, postgres):
                # In this thread, though it blocks: a server ends with the thread that started it.
                _restart(server)
                await asyncio.sleep(5)

        try:
            figures = _measure(
                [web.port for web in webs], lambda clients: _cut_meanwhile(clients, faults)
            )
        finally:
            for web in webs:
                web.close()
    return {"stage": "PostgreSQL, Redis, 2 web processes", **figures}


def _restart(server: Any) -> None:
    """Stop it as its own unit would, and start it until it stays: a busy machine takes its time."""
    server.stop(60, signal.SIGINT)
    for _ in range(10):
        time.sleep(1)
        server.start_again()
        time.sleep(2)
        if server.is_running:
            return
    raise RuntimeError(f"a server does not come back:\n{server.log[-1000:]}")
