"""The feed is a view of the ledger: one tailer per process, a cursor per socket.

The tailer asks the ledger's heads ten times a second while somebody listens; hints only shorten
the wait. Rendered rows are kept for a while and shared by every socket of a language, so a crowd
that reconnects costs one reading of the ledger.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone, translation

from community import events, hints
from community.models import Event, LedgerHead

log = logging.getLogger(__name__)

POLL = 0.1  # seconds between two looks at the heads
TICK = 5.0  # seconds between two signs of life on a quiet socket
KEPT = 2000  # rendered rows kept per compound
PAGE = 300  # rows read at once

Row = dict[str, Any]
Presenter = Callable[[list[Event], str], dict[int, Row]]
_presenters: dict[str, Presenter] = {}


def present(*kinds: str) -> Callable[[Presenter], Presenter]:
    """Register how events of some kinds look: ``function(events, language) -> {pk: row}``.

    A row has ``html`` and, for the page's own use, ``lane`` and ``passage`` ids.
    """

    def register(function: Presenter) -> Presenter:
        for kind in kinds:
            _presenters[kind] = function
        return function

    return register


def rows(batch: Iterable[Event], language: str) -> dict[int, Row]:
    """Rows of events by primary key, in ``language``; kinds without a presenter have none."""
    groups: dict[Presenter, list[Event]] = {}
    for event in batch:
        presenter = _presenters.get(event.kind)
        if presenter:
            groups.setdefault(presenter, []).append(event)
    made: dict[int, Row] = {}
    with translation.override(language):
        for presenter, group in groups.items():
            made |= _presented(presenter, group, language)
    return made


def _presented(presenter: Presenter, group: list[Event], language: str) -> dict[int, Row]:
    """A fault in how one kind looks must not hold up all others: those rows come bare."""
    try:
        return presenter(group, language)
    except (DatabaseError, InterfaceError):
        raise  # read again once the database is back
    except Exception:
        log.exception("events could not be drawn: %s", {event.kind for event in group})
        return {}


def message(event: Event, row: Row) -> str:
    """The text of one event for the wire."""
    return json.dumps(
        {"type": "event", "sequence": event.sequence, "kind": event.kind}
        | {"at": event.at.isoformat(), "lane": None, "passage": None, "html": ""}
        | row,
        ensure_ascii=False,
    )


@dataclass
class Entry:
    """One event of the buffer, with its texts by language."""

    event: Event
    texts: dict[str, str] = field(default_factory=dict)


class Stream:
    """The recent end of one compound's ledger: entries ``start + 1 … high`` without a gap."""

    def __init__(self, compound_id: int, high: int, low: int) -> None:
        self.compound_id = compound_id
        self.start = self.high = high
        self.low = low
        self.entries: list[Entry] = []
        self.listeners = 0
        self._moved = asyncio.Event()

    def after(self, cursor: int, limit: int = PAGE) -> list[Entry]:
        index = cursor - self.start
        return self.entries[index : index + limit]

    def append(self, batch: list[Event]) -> None:
        self.entries += [Entry(event) for event in batch]
        self.high = batch[-1].sequence
        surplus = len(self.entries) - KEPT
        if surplus > 0:
            del self.entries[:surplus]
            self.start += surplus
        self._moved.set()
        self._moved = asyncio.Event()

    def prepend(self, batch: list[Event]) -> None:
        self.entries[:0] = [Entry(event) for event in batch]
        self.start -= len(batch)

    async def moved(self) -> None:
        await self._moved.wait()


class Hub:
    """Tails the ledger for all sockets of this process; lives on one event loop."""

    def __init__(self) -> None:
        self.streams: dict[int, Stream] = {}
        self.loop = asyncio.get_running_loop()
        self._hint = asyncio.Event()
        self._lock = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._listener: asyncio.Task[None] | None = None
        # One thread, one connection: the tailer never competes with page threads.
        self._thread = ThreadPoolExecutor(1, "feed")

    @contextlib.asynccontextmanager
    async def listening(self, compound_id: int) -> AsyncIterator[Stream]:
        """The compound's stream, tailed for as long as somebody is inside."""
        stream = await self._open(compound_id)
        stream.listeners += 1
        if self._task is None or self._task.done():
            self._task = self.loop.create_task(self._tail())
            self._listener = self.loop.create_task(hints.listen(self.hint))
        try:
            yield stream
        finally:
            stream.listeners -= 1
            if not stream.listeners:
                self.streams.pop(compound_id, None)

    async def head(self, compound_id: int) -> tuple[int, int]:
        """The ledger's ends as they are now, however far this process has read."""
        return await self._call(_head, compound_id)

    async def _open(self, compound_id: int) -> Stream:
        async with self._lock:
            if compound_id not in self.streams:
                high, low = await self._call(_head, compound_id)
                self.streams[compound_id] = Stream(compound_id, high, low)
            return self.streams[compound_id]

    def hint(self, compound_ids: Iterable[int] = ()) -> None:
        """Look at once; may be called from any thread."""
        if self.streams:
            self.loop.call_soon_threadsafe(self._hint.set)

    async def texts(
        self, stream: Stream, cursor: int, kinds: frozenset[str], language: str
    ) -> tuple[list[str], int]:
        """Messages after ``cursor`` that ``kinds`` allows, and the cursor behind them."""
        if cursor < stream.start:
            async with self._lock:
                await self._fill_back(stream, cursor)
        if cursor < stream.start:  # too far back to keep: read past the buffer
            batch = [Entry(e) for e in await self._call(_read, stream.compound_id, cursor, PAGE)]
        else:
            batch = stream.after(cursor)
        wanted = [entry for entry in batch if entry.event.kind in kinds]
        missing = [entry for entry in wanted if language not in entry.texts]
        if missing:
            async with self._lock:
                missing = [entry for entry in missing if language not in entry.texts]
                await self._call(_render, missing, language)
        new = batch[-1].event.sequence if batch else cursor
        return [entry.texts[language] for entry in wanted], new

    async def _fill_back(self, stream: Stream, cursor: int) -> None:
        """Extend the buffer down to ``cursor`` if it may hold that many."""
        missing = stream.start - cursor
        if 0 < missing <= KEPT - len(stream.entries):
            older = await self._call(_read, stream.compound_id, cursor, missing)
            older = [event for event in older if event.sequence <= stream.start]
            if len(older) == stream.start - cursor:
                stream.prepend(older)

    async def _tail(self) -> None:
        while self.streams:
            self._hint.clear()
            try:
                await self._look()
            except Exception:
                # The database may be restarting: say so, and look again.
                log.exception("the feed could not read the ledger")
                await asyncio.sleep(1)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._hint.wait(), POLL)
        if self._listener:
            self._listener.cancel()

    async def _look(self) -> None:
        heads = await self._call(_heads, list(self.streams))
        for compound_id, (last, low) in heads.items():
            stream = self.streams.get(compound_id)
            if stream is None:
                continue
            stream.low = low
            while stream.high < last:
                batch = await self._call(_read, compound_id, stream.high, PAGE)
                if not batch:
                    break
                stream.append(batch)

    async def _call(self, function: Callable[..., Any], *args: Any) -> Any:
        return await self.loop.run_in_executor(self._thread, guarded, function, *args)


def guarded(function: Callable[..., Any], *args: Any) -> Any:
    """Keep the thread's connection between calls; a broken one is thrown away."""
    try:
        return function(*args)
    except (DatabaseError, InterfaceError):
        connection.close()
        raise


def _head(compound_id: int) -> tuple[int, int]:
    found = LedgerHead.objects.filter(pk=compound_id).values_list("last", "low_water").first()
    return found or (0, 0)


def _heads(compound_ids: list[int]) -> dict[int, tuple[int, int]]:
    heads = LedgerHead.objects.filter(pk__in=compound_ids)
    return {pk: (last, low) for pk, last, low in heads.values_list("pk", "last", "low_water")}


def _read(compound_id: int, cursor: int, limit: int) -> list[Event]:
    return list(Event.objects.of(compound_id).after(cursor)[:limit])


def _render(entries: list[Entry], language: str) -> None:
    made = rows([entry.event for entry in entries], language)
    for entry in entries:
        entry.texts[language] = message(entry.event, made.get(entry.event.pk, {}))


def tick(stream: Stream) -> str:
    return json.dumps({"type": "tick", "high": stream.high, "at": timezone.now().isoformat()})


_hubs: dict[int, Hub] = {}


def hub() -> Hub:
    """This event loop's hub."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(id(loop))
    if found is None or found.loop is not loop:
        for key in [key for key, old in _hubs.items() if old.loop.is_closed()]:
            del _hubs[key]
        found = _hubs[id(loop)] = Hub()
    return found


def hubs() -> list[Hub]:
    """Every hub of this process that still runs."""
    return [found for found in list(_hubs.values()) if not found.loop.is_closed()]


def _wake_local(compound_ids: Iterable[int]) -> None:
    for found in hubs():
        found.hint(compound_ids)


events.wake(_wake_local)
