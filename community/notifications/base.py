"""What a messenger must be able to do, and how it says that it could not.

A messenger is built as ``Messenger(settings, credentials)`` for one channel and one sending, and
thrown away after use. It sends at most one message, in a bounded time, and follows no redirect.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Message:
    """One message to one address. ``key`` stays the same at every attempt."""

    key: str
    to: str
    kind: str
    title: str
    text: str
    #: Facts of the one thing that it tells; empty when it tells several things.
    facts: dict[str, Any] = field(default_factory=dict)
    #: Where to read more: a path on our own site.
    path: str = "/"
    language: str = "zh-hans"
    sent_at: str = ""


@dataclass(frozen=True)
class Receipt:
    """The provider took the message; ``delivered`` when it says that the person has it."""

    reference: str = ""
    delivered: bool = False


class NotSent(Exception):
    """Certainly nothing reached the person.

    ``lasting``: another attempt at this address is useless. ``retry_after_s``: the provider asked
    us to wait, for every message of this channel. ``ours``: the channel's settings are at fault.
    """

    def __init__(
        self,
        code: str,
        *,
        lasting: bool = False,
        ours: bool = False,
        retry_after_s: float | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.lasting = lasting
        self.ours = ours
        self.retry_after_s = retry_after_s


class Unsure(Exception):
    """The message was handed over, and what came back does not say whether it was taken."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@runtime_checkable
class Messenger(Protocol):
    """See the module."""

    #: The provider tells a repeat by the message's key: what is unsure may be sent again.
    repeatable: bool

    def send(self, message: Message) -> Receipt:
        """Hand one message over. Raises :class:`NotSent` or :class:`Unsure`, nothing else."""
