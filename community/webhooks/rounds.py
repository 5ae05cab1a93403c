"""Who carries: a bounded number of threads, each with one receiver, none with two.

A receiver that is slow or silent keeps one thread busy for ten seconds, rests after three
failures, and holds up nobody else.
"""

from __future__ import annotations

import time

from django.utils import timezone

from community.partners import Partners
from community.webhooks import operations, post

#: Receivers that one process serves at the same moment.
THREADS = 16
#: After so many seconds a thread gives way to receivers that wait, however much is left.
TURN_S = 20.0


def go() -> int:
    """Queue what is new, then serve whoever has something due; returns how many are served.

    Returns at once: the job process has other work. In tests each is served before it returns.
    """
    operations.queue_new()
    operations.give_up_old()
    return _partners.go(lambda most, busy: operations.due_webhooks(timezone.now(), most, set(busy)))


def is_idle() -> bool:
    """Whether this process serves nobody now."""
    return _partners.is_idle()


def _serve(webhook_id: int) -> None:
    """Tell one receiver what is due, oldest first, until nothing is or its turn ends."""
    if not operations.claim(webhook_id, timezone.now()):
        return
    end = time.monotonic() + TURN_S
    while time.monotonic() < end:
        delivery = operations.next_due(webhook_id, timezone.now())
        if delivery is None:
            break
        operations.settle(delivery, post.send(delivery))
    operations.release(webhook_id, timezone.now())


_partners = Partners("webhook", THREADS, _serve)
