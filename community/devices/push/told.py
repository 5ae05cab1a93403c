"""What a camera's push says, whatever its maker: the one form that every reader of pushes gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Literal

from community.devices.outbox import Letter

#: ``poll``: the camera asks whether there is something to do. ``input``: a contact changed.
#: ``access``: a terminal at a door let somebody in, or did not. ``other``: nothing for us.
What = Literal["plate", "heartbeat", "poll", "input", "access", "other"]


class NotUnderstood(ValueError):
    """The body is not what this kind of camera sends. ``code`` is for the log."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Body:
    """A raw push: ``rest`` is what the address holds after the kind, ``zone`` the device's own."""

    data: bytes
    content_type: str
    rest: str
    zone: tzinfo


@dataclass(frozen=True)
class PlateTold:
    """One car. ``plate`` is None where the camera says that there was none to read.

    ``vendor_id`` is the camera's own name for this event, the same when it is sent again.
    ``confidence`` is 0..1; None where the maker's format has none. ``captured_at`` is aware, by
    the camera's clock; None where it said none that can be read. ``is_realtime`` is False for a
    record that is sent later, and where neither a mark nor a time says that it is live.
    """

    plate: str | None
    vendor_id: str = ""
    colour: str = ""
    confidence: float | None = None
    captured_at: datetime | None = None
    is_realtime: bool = False
    picture: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class InputTold:
    """A contact at the camera: its number from 0, and whether it is closed now."""

    number: int
    is_on: bool


@dataclass(frozen=True)
class AccessTold:
    """What a terminal at a door decided by itself. ``way``: face, card, fingerprint, other."""

    way: str
    person: str
    vendor_id: str
    granted: bool
    captured_at: datetime | None
    is_realtime: bool


@dataclass(frozen=True)
class Told:
    """One push, read. ``event`` is what the answer must name again, if anything."""

    what: What
    serial: str = ""
    plate: PlateTold | None = None
    input: InputTold | None = None
    access: AccessTold | None = None
    event: str = ""
    is_offline: bool = False


@dataclass(frozen=True)
class Answer:
    """What the camera hears: short, with its length, never compressed."""

    body: bytes
    content_type: str = "application/json"


@dataclass(frozen=True)
class Format:
    """One maker's way to push. ``answer`` opens only where it is given a letter that says so.

    ``heartbeat`` tells whether these cameras say that they are alive when no car comes.
    ``carries`` tells whether an answer can carry an order to the camera's own relay.
    """

    name: str
    read: Callable[[Body], Told]
    answer: Callable[[Told | None, Letter | None], Answer]
    heartbeat: bool = False
    carries: bool = False
