"""``tell(who, what)``: a message to a user or a bare address, on the ways that reach them.

The row is the message: the reader's pages show it at once. What more is done for it is said by its
kind (``kinds``), planned step by step (``ladder``), and sent by the job process (``rounds``), never
inside a transaction of the teller's. Each way is a messenger behind one contract (``base``).
"""

from __future__ import annotations

from collections.abc import Iterable

from community.models import Notification, User
from community.notifications import rounds
from community.notifications.kinds import EVERYBODY, NOBODY, STAFF, declare
from community.notifications.letters import sentence as words
from community.notifications.operations import tell
from community.notifications.reach import DESK

__all__ = [
    "DESK",
    "EVERYBODY",
    "NOBODY",
    "STAFF",
    "declare",
    "deliver_waiting",
    "tell",
    "unread",
    "words",
]


def deliver_waiting() -> int:
    """Plan and send what waits; returns how many messages are settled or went out."""
    return rounds.go()


def unread(user: User) -> Iterable[Notification]:
    rows: Iterable[Notification] = Notification.objects.visible_to(user).filter(read_at=None)
    return rows
