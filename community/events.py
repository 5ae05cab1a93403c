"""The ledger: ``record`` inside ``writing``, numbered without gaps just before commit.

    with events.writing():
        lane = Lane.objects.select_for_update().get(pk=lane_id)
        ...
        events.record("gate.kept_open", compound=lane.compound_id, actor=user, lane=lane.pk)

Events wait in memory until the outermost ``writing`` ends; then one statement takes the numbers
and one inserts the rows, so that the row that serialises a compound is held for a moment only.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone
from django.utils.functional import Promise

from community import prepared_writes
from community.models import Event, HandlerRun, LedgerHead

#: Text in a payload is a code, never a name, a plate or free words.
CODE = re.compile(r"^[a-z0-9][a-z0-9_.:-]{0,63}$")


@dataclass(frozen=True)
class Kind:
    """A kind of event: who may see it, and its name for lists and filters."""

    name: str
    label: str | Promise
    roles: frozenset[str]


@dataclass
class _Draft:
    compound_id: int
    kind: str
    at: datetime | None
    actor_id: int | None
    payload: dict[str, Any]


@dataclass
class _Transaction(threading.local):
    depth: int = 0
    drafts: list[_Draft] = field(default_factory=list)


_kinds: dict[str, Kind] = {}
_handlers: dict[str, dict[str, Callable[[Event], None]]] = {}
_wakers: list[Callable[[Iterable[int]], None]] = []
_open = _Transaction()


def declare(name: str, label: str | Promise, roles: Iterable[str]) -> None:
    """Declare a kind once, in its app's ``handlers.py``; undeclared kinds cannot be recorded."""
    _kinds[name] = Kind(name, label, frozenset(roles))


def kinds() -> dict[str, Kind]:
    return dict(_kinds)


def kinds_for(roles: Iterable[str]) -> list[str]:
    """Names of the kinds that somebody with one of ``roles`` may see."""
    held = set(roles)
    return sorted(name for name, kind in _kinds.items() if kind.roles & held)


def on(kind: str, name: str) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a handler of a kind by name (``app.verb``), at start, in ``handlers.py``."""

    def register(handler: Callable[[Event], None]) -> Callable[[Event], None]:
        _handlers.setdefault(kind, {})[name] = handler
        return handler

    return register


def handler(kind: str, name: str) -> Callable[[Event], None] | None:
    return _handlers.get(kind, {}).get(name)


def wake(waker: Callable[[Iterable[int]], None]) -> None:
    """Add a hint to call after commit with the compounds written to. A hint may be lost."""
    _wakers.append(waker)


@contextmanager
def writing(*, durable: bool = False) -> Iterator[None]:
    """One atomic verb. Nested calls join the outer one and its numbering.

    ``durable``: what it wrote is committed on leaving; refused inside another transaction.
    """
    with transaction.atomic(durable=durable):
        before = len(_open.drafts)
        _open.depth += 1
        try:
            yield
            if _open.depth == 1:
                _flush()
        except BaseException:
            del _open.drafts[before:]
            raise
        finally:
            _open.depth -= 1


@contextmanager
def joining() -> Iterator[None]:
    """As ``writing``, but inside another verb without a savepoint: whoever fails, fails with it."""
    if _open.depth:
        yield
        return
    with writing():
        yield


def record(
    kind: str,
    *,
    compound: models.Model | int,
    actor: models.Model | None = None,
    at: datetime | None = None,
    **payload: Any,
) -> None:
    """Write one line into the ledger of ``compound``, numbered when the transaction ends.

    Raises LookupError for an undeclared kind, ValueError for text that is no code, RuntimeError
    outside ``writing``.
    """
    if not _open.depth:
        raise RuntimeError("record() needs events.writing() around it")
    if kind not in _kinds:
        raise LookupError(f"undeclared kind of event: {kind}")
    _check(payload)
    key = compound if isinstance(compound, int) else compound.pk
    # The anonymous user and devices have no row to point to.
    actor_id = getattr(actor, "pk", None)
    _open.drafts.append(_Draft(key, kind, at, actor_id, payload))


def _check(value: Any) -> None:
    if value is None or isinstance(value, bool | int | float):
        return
    if isinstance(value, str):
        if not CODE.match(value):
            raise ValueError("a payload holds ids, codes and numbers only")
        return
    if isinstance(value, dict):
        for key, item in value.items():
            _check(key)
            _check(item)
        return
    if isinstance(value, list | tuple):
        for item in value:
            _check(item)
        return
    raise ValueError(f"a payload cannot hold {type(value).__name__}")


def _flush() -> None:
    drafts, _open.drafts = _open.drafts, []
    if not drafts:
        return
    by_compound: dict[int, list[_Draft]] = {}
    for draft in drafts:
        by_compound.setdefault(draft.compound_id, []).append(draft)
    # Heads are taken in the order of their keys: two writers of two compounds cannot dead-lock.
    for compound_id in sorted(by_compound):
        _append(compound_id, by_compound[compound_id])
    transaction.on_commit(partial(_wake, list(by_compound)), robust=True)


def _append(compound_id: int, drafts: list[_Draft]) -> None:
    last = _take_numbers(compound_id, len(drafts))
    now = timezone.now()
    rows = [
        Event(
            compound_id=compound_id,
            sequence=last - len(drafts) + 1 + index,
            kind=draft.kind,
            at=draft.at or now,
            recorded_at=now,
            actor_id=draft.actor_id,
            payload=draft.payload,
        )
        for index, draft in enumerate(drafts)
    ]
    prepared_writes.insert_all(rows)
    HandlerRun.objects.bulk_create(
        HandlerRun(compound_id=compound_id, event=row, handler=name, due_at=now)
        for row in rows
        for name in _handlers.get(row.kind, ())
    )


def _take_numbers(compound_id: int, count: int) -> int:
    """Move the head by ``count`` under its row lock; returns the last number taken."""
    taken = _move_head(compound_id, count)
    if taken is None:
        LedgerHead.objects.get_or_create(compound_id=compound_id)
        taken = _move_head(compound_id, count)
    if taken is None:
        raise LookupError(f"no ledger for compound {compound_id}")
    return taken


def _move_head(compound_id: int, count: int) -> int | None:
    """One statement: every one more is time for which all other writers wait."""
    table = connection.ops.quote_name(LedgerHead._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET last = last + %s WHERE compound_id = %s RETURNING last",  # noqa: S608 - the table's own name
            [count, compound_id],
        )
        rows = cursor.fetchall()
    return int(rows[0][0]) if rows else None


def _wake(compound_ids: Iterable[int]) -> None:
    for waker in _wakers:
        waker(compound_ids)
