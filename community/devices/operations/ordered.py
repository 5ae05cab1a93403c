"""Rows of orders, looked up and made: the short questions of each opening."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from community import prepared_writes
from community.models import Command
from community.prepared import prepared


def made(key: str, given: dict[str, Any], *, is_first: bool) -> tuple[Command, bool]:
    """The order of this key, and whether it is new. ``is_first``: none can be there."""
    if is_first:
        command = Command(key=key, **given)
        prepared_writes.insert(command)
        return command, True
    known: Command | None = _of_key.first(key=key)
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            return Command.objects.create(key=key, **given), True
    except IntegrityError:
        return Command.objects.get(key=key), False


@prepared(key=str)
def _of_key(key: str) -> QuerySet[Any, Command]:
    return Command.objects.filter(key=key)


@prepared(key=int)
def with_device(key: int) -> QuerySet[Any, Command]:
    return Command.objects.select_related("device").filter(pk=key)


#: A claim, if the order still waits and is in time.
claimed = prepared_writes.Update(
    lambda key, now: (
        Command.objects.filter(pk=key, state=Command.State.PENDING, expires_at__gt=now),
        {"state": Command.State.SENDING, "sent_at": now},
    ),
    key=int, now=datetime,
)  # fmt: skip
#: An end, if it still stands as ``before``.
closed = prepared_writes.Update(
    lambda key, before, state, code, now: (
        Command.objects.filter(pk=key, state=before),
        {"state": state, "code": code, "finished_at": now},
    ),
    key=int, before=str, state=str, code=str, now=datetime,
)  # fmt: skip
