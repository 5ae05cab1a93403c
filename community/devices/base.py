"""What a device must be able to do, and how it says that it could not.

A driver is built as ``Driver(settings, credentials)`` for one device and thrown away after use.
``settings`` are the device's own, with two additions: ``device_id`` and, when a command is sent,
``send_before`` (an aware datetime): a driver that has sent nothing by then raises
``DeviceFault("expired")``.

There is no ``close``: a barrier closes itself by its own loop or photocell.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol, runtime_checkable

#: How long the relay stays closed when nobody says otherwise, in milliseconds.
PULSE_MS = 800


@dataclass(frozen=True)
class Health:
    """How a device is now. Nothing is known about the position of one that is offline.

    ``stays_on``: whether its relay is on now and not in a pulse; None where that cannot be read.
    """

    state: Literal["online", "faulty", "offline"]
    code: str = ""
    stays_on: bool | None = None


class DeviceFault(Exception):
    """Certainly nothing happened: the device refused, or nothing was sent to it.

    The command becomes ``failed``.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DeviceSilent(Exception):
    """The command was sent, and what came back does not say whether it was obeyed.

    The command becomes ``unknown``; it is never sent again.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class BarrierState(StrEnum):
    """Where the arm or the leaf is, told by a position input. A command accepted is no position."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Inputs:
    """What a door's inputs say now. None, or an unknown contact: no such input, or no answer.

    ``exit_button``: somebody inside presses it now; ``exit_age_s``: seconds since it was last
    pressed, None while it never was; ``exit_count``: how often it was, as the controller counts;
    ``exit_sure``: a press between two reads is told too, or the door has no such button.
    ``fire``: the fire alarm's contact.
    """

    contact: BarrierState = BarrierState.UNKNOWN
    exit_button: bool | None = None
    fire: bool | None = None
    exit_age_s: float | None = None
    exit_count: int | None = None
    exit_sure: bool = False

    @property
    def tells_exit(self) -> bool:
        """Whether no press of the exit button stays unknown, however short."""
        return self.exit_sure or self.exit_age_s is not None or self.exit_count is not None


@runtime_checkable
class Opener(Protocol):
    """What every device that lets somebody through can do."""

    def open(self, *, command_id: int, pulse_ms: int = PULSE_MS) -> None:
        """Open once; the device itself ends the pulse. Returns when the device said yes.

        Sends at most one command. Raises :class:`DeviceFault` or :class:`DeviceSilent`.
        """

    def state(self) -> BarrierState:
        """A harmless read that never raises: ``UNKNOWN`` when the device cannot be asked."""

    def health(self) -> Health:
        """A harmless read that never raises."""


@runtime_checkable
class Door(Opener, Protocol):
    """A door or a pedestrian gate with an electric lock."""

    def inputs(self) -> Inputs:
        """A harmless read that never raises: nothing known when the door cannot be asked."""


@runtime_checkable
class LockerBank(Protocol):
    """A bank of compartments, numbered from 1. It opens one; whoever stands there shuts it."""

    def open_compartment(self, *, command_id: int, number: int) -> None:
        """Open one compartment. Returns when the bank said yes, which is not yet an open door.

        Sends at most one command. Raises :class:`DeviceFault` or :class:`DeviceSilent`.
        """

    def doors(self, numbers: Iterable[int]) -> dict[int, BarrierState]:
        """What each of these doors says now; ``UNKNOWN`` or missing where it cannot be asked.

        A harmless read that never raises.
        """

    def health(self) -> Health:
        """A harmless read that never raises."""


@runtime_checkable
class Barrier(Opener, Protocol):
    """A vehicle barrier. It can also be held open, which always has an end."""

    def keep_open(self, *, command_id: int, until: datetime) -> None:
        """Hold open until released. ``until`` is for devices that keep time themselves."""

    def release(self, *, command_id: int) -> None:
        """End ``keep_open``; the barrier closes when its own loop is free."""
