"""Who carries: a bounded number of threads, each with one channel, none with two.

A provider that is slow keeps one thread busy and holds up nobody else; no transaction is open
while one is talked to.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import structlog
from django.conf import settings
from django.db import connections
from django.utils import timezone

from community.models import Channel, Delivery
from community.notifications import channels, ladder, letters, operations, reach, readers, settling
from community.notifications.base import Messenger, NotSent, Receipt, Unsure
from community.notifications.registry import messenger_for

log = structlog.get_logger(__name__)
THREADS = 8
#: After so many seconds a thread gives way to channels that wait.
TURN_S = 20.0

_lock = threading.Lock()
_busy: set[int] = set()


def _after_fork() -> None:
    # Threads do not survive a fork; what they carried is taken up by the sweeper.
    _busy.clear()


os.register_at_fork(after_in_child=_after_fork)


def go(now: datetime | None = None) -> int:
    """Plan what is new, then serve each channel that has something due; returns how many settled.

    Returns at once: the job process has other work. In tests each is served before it returns.
    """
    now = now or timezone.now()
    settling.recover(now, _tells_repeats)
    settling.drop_unneeded(now)
    settled = operations.plan_waiting(now)
    with _lock:
        chosen = operations.channels_due(now, _busy, THREADS - len(_busy))
        _busy.update(chosen)
    for channel_id in chosen:
        if settings.DEVICE_DELIVERY == "inline":
            settled += _serve(channel_id, now)
        else:
            name = f"messages-{channel_id}"
            threading.Thread(target=_work, args=(channel_id,), daemon=True, name=name).start()
    return settled


def _tells_repeats(row: Delivery) -> bool:
    channel = Channel.objects.filter(compound_id=row.compound_id, medium=row.medium).first()
    try:
        return channel is not None and messenger_for(channel).repeatable
    except NotSent:
        return False


def _work(channel_id: int) -> None:
    try:
        _serve(channel_id)
    except Exception:
        # Nothing is lost: what was not settled is taken up by the sweeper.
        log.exception("message_round_failed", channel=channel_id)
    finally:
        connections.close_all()


def _serve(channel_id: int, now: datetime | None = None) -> int:
    """Send what is due on one channel until nothing is, it must rest, or its turn ends."""
    count, end = 0, time.monotonic() + TURN_S
    try:
        while time.monotonic() < end:
            moment = now or timezone.now()
            channel = Channel.objects.select_related("compound").get(pk=channel_id)
            if not channel.is_active or (channel.paused_until and channel.paused_until > moment):
                break
            rows = operations.claim(channel, moment)
            if not rows:
                break
            count += deliver(channel, rows, moment)
    finally:
        with _lock:
            _busy.discard(channel_id)
    return count


def deliver(channel: Channel, rows: Sequence[Delivery], now: datetime) -> int:
    """One attempt at one message to one reader; returns how many deliveries went out."""
    told = [row.notification for row in rows]
    try:
        messenger = messenger_for(channel)
        found = reach.addresses(told[0], channel.medium)
    except NotSent as trouble:
        _not_sent(channel, rows, trouble, now)
        return 0
    if not found:
        settling.failed(rows, "no_address", now)
        return 0
    settling.note_address(rows, found[0])
    return _send(channel, messenger, rows, found, now)


def _send(
    channel: Channel, messenger: Messenger, rows: Sequence[Delivery], to: list[str], now: datetime
) -> int:
    """To each of the reader's addresses; one that takes it is enough."""
    told = [row.notification for row in rows]
    receipt: Receipt | None = None
    trouble: NotSent | Unsure | None = None
    for address in to:
        try:
            message = letters.compose(told, _key(rows), address)
            receipt = messenger.send(message)
        except (NotSent, Unsure) as error:
            trouble = error
            if getattr(error, "code", "") == "browser_gone":
                readers.forget_browser(address)
        except Exception:
            log.exception("messenger_broke", channel=channel.pk, driver=channel.driver)
            trouble = Unsure("messenger_broke")
    if receipt is not None:
        channels.worked(channel, now)
        settling.sent(rows, delivered=receipt.delivered, reference=receipt.reference, now=now)
        return len(rows)
    if isinstance(trouble, NotSent):
        _not_sent(channel, rows, trouble, now)
    elif trouble is not None:
        _unsure(messenger, rows, trouble, now)
    return 0


def _key(rows: Sequence[Delivery]) -> str:
    """The same at every attempt of a message that did not grow meanwhile."""
    parts = "-".join(str(row.pk) for row in rows)
    return sha256(f"{parts}@{rows[0].created_at.isoformat()}".encode()).hexdigest()[:32]


def _not_sent(channel: Channel, rows: Sequence[Delivery], trouble: NotSent, now: datetime) -> None:
    if trouble.retry_after_s is not None:
        until = now + timedelta(seconds=trouble.retry_after_s)
        channels.pause(channel, until, trouble.code)
        settling.again(rows, trouble.code, until, counts=False, now=now)
        return
    if trouble.ours:
        channels.note_trouble(channel, trouble.code, now)
    if trouble.lasting:
        settling.failed(rows, trouble.code, now)
        return
    wait = ladder.back_off(rows[0].attempts + 1)
    settling.again(rows, trouble.code, now + wait, counts=True, now=now)


def _unsure(messenger: Messenger, rows: Sequence[Delivery], trouble: Unsure, now: datetime) -> None:
    """Said once, not twice: where the provider tells no repeats, another way is taken instead."""
    if messenger.repeatable:
        wait = ladder.back_off(rows[0].attempts + 1)
        settling.again(rows, trouble.code, now + wait, counts=True, now=now)
    else:
        settling.failed(rows, trouble.code, now)


def is_idle() -> bool:
    """Whether this process sends nothing now."""
    with _lock:
        return not _busy
