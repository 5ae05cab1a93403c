"""Who carries: a bounded number of threads, each with one receiver, none with two.

A receiver that is slow or silent keeps one thread busy for ten seconds, rests after three
failures, and holds up nobody else.
"""

from __future__ import annotations

import os
import threading
import time

import structlog
from django.conf import settings
from django.db import connections
from django.utils import timezone

from community.webhooks import operations, post

log = structlog.get_logger(__name__)
#: Receivers that one process serves at the same moment.
THREADS = 16
#: After so many seconds a thread gives way to receivers that wait, however much is left.
TURN_S = 20.0

_lock = threading.Lock()
_busy: set[int] = set()


def _after_fork() -> None:
    # Threads do not survive a fork; what they carried is due again when its lease ends.
    _busy.clear()


os.register_at_fork(after_in_child=_after_fork)


def go() -> int:
    """Queue what is new, then serve whoever has something due; returns how many are served.

    Returns at once: the job process has other work. In tests each is served before it returns.
    """
    operations.queue_new()
    operations.give_up_old()
    with _lock:
        free = THREADS - len(_busy)
        chosen = operations.due_webhooks(timezone.now(), free, _busy) if free > 0 else []
        _busy.update(chosen)
    for webhook_id in chosen:
        if settings.DEVICE_DELIVERY == "inline":
            _serve(webhook_id)
        else:
            name = f"webhook-{webhook_id}"
            threading.Thread(target=_work, args=(webhook_id,), daemon=True, name=name).start()
    return len(chosen)


def is_idle() -> bool:
    """Whether this process serves nobody now."""
    with _lock:
        return not _busy


def _work(webhook_id: int) -> None:
    try:
        _serve(webhook_id)
    except Exception:
        # Nothing is lost: what was not written down is due again.
        log.exception("webhook_round_failed", webhook=webhook_id)
    finally:
        connections.close_all()


def _serve(webhook_id: int) -> None:
    """Tell one receiver what is due, oldest first, until nothing is or its turn ends."""
    try:
        if not operations.claim(webhook_id, timezone.now()):
            return
        end = time.monotonic() + TURN_S
        while time.monotonic() < end:
            delivery = operations.next_due(webhook_id, timezone.now())
            if delivery is None:
                break
            operations.settle(delivery, post.send(delivery))
        operations.release(webhook_id, timezone.now())
    finally:
        with _lock:
            _busy.discard(webhook_id)
