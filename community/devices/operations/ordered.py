"""Rows of orders, looked up and made: the short questions of each opening."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from community.models import Command
from community.prepared import prepared


def made(key: str, given: dict[str, Any], *, is_first: bool) -> tuple[Command, bool]:
    """The order of this key, and whether it is new. ``is_first``: none can be there."""
    if is_first:
        return Command.objects.create(key=key, **given), True
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
