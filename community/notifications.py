"""``tell(who, what)``: a message to a user or a bare address, through named channels.

In-app is always there. Other channels register themselves with :func:`channel`; a message is a
row first, so that a channel that is down loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from community import verdicts
from community.models import Compound, Notification, User

log = logging.getLogger(__name__)
Sender = Callable[[Notification, str], None]
_channels: dict[str, Sender] = {}


def channel(name: str) -> Callable[[Sender], Sender]:
    """Register a way to deliver; it raises when the message did not go out."""

    def register(sender: Sender) -> Sender:
        _channels[name] = sender
        return sender

    return register


@channel("in_app")
def show_in_app(notification: Notification, text: str) -> None:
    """The row is the message: the reader's page shows it."""


def tell(
    who: User | str,
    kind: str,
    *,
    compound: Compound,
    key: str,
    facts: dict[str, Any] | None = None,
    via: str = "in_app",
) -> Notification:
    """Leave a message once per ``key``; ``facts`` hold ids, codes and numbers for its sentence."""
    reader: dict[str, Any] = {"user": who} if isinstance(who, User) else {"address": who}
    row, _ = Notification.objects.get_or_create(
        key=key,
        defaults={"compound": compound, "kind": kind, "channel": via, "facts": facts or {}}
        | reader,
    )
    return row


def deliver_waiting(limit: int = 200) -> int:
    """Hand undelivered messages to their channels; what fails stays and is tried again."""
    sent = 0
    waiting = Notification.objects.filter(delivered_at=None).select_related("user")[:limit]
    for row in waiting:
        sender = _channels.get(row.channel)
        if sender is None:
            continue
        try:
            sender(row, words(row))
        except Exception as error:
            log.warning("notification %s not delivered: %s", row.pk, type(error).__name__)
            continue
        sent += Notification.objects.filter(pk=row.pk, delivered_at=None).update(
            delivered_at=timezone.now()
        )
    return sent


def words(row: Notification) -> str:
    """The message's sentence in the active language."""
    return verdicts.sentence(row.kind, row.facts)


def unread(user: User) -> Iterable[Notification]:
    rows: Iterable[Notification] = Notification.objects.visible_to(user).filter(read_at=None)
    return rows
