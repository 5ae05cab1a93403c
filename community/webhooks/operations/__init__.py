"""Every change of webhooks and of what they are told."""

from community.webhooks.operations.hooks import (
    add_webhook,
    allowed_kinds,
    change_webhook,
    issue_secret,
)
from community.webhooks.operations.queue import (
    claim,
    due_webhooks,
    forget_told,
    give_up_old,
    next_due,
    queue_new,
    release,
    send_again,
    send_test,
    settle,
)

__all__ = [
    "add_webhook",
    "allowed_kinds",
    "change_webhook",
    "claim",
    "due_webhooks",
    "forget_told",
    "give_up_old",
    "issue_secret",
    "next_due",
    "queue_new",
    "release",
    "send_again",
    "send_test",
    "settle",
]
