"""Cameras and recorders that cannot push: we hold a connection on which they tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from community.devices.pull import dahua, hikvision
from community.devices.pull.told import Event, Gatherer, Options
from community.devices.push import FORMATS as PUSHED
from community.devices.push.told import Body, Format, Told

#: The ``driver`` of a device that we read from; its format stands in the settings.
DRIVER = "pull"


@dataclass(frozen=True)
class PullFormat:
    """One maker's stream. ``pushed`` is the format that the same maker pushes in.

    ``silent_s``: its heartbeat comes several times in so many seconds.
    """

    pushed: Format
    target: Callable[[Options], str]
    gatherer: Callable[[Options], Gatherer]
    read: Callable[[Event, Body, Options], Told]
    silent_s: float


FORMATS = {
    "hikvision": PullFormat(
        PUSHED["hikvision"], hikvision.target, hikvision.Alerts, hikvision.read, hikvision.SILENT_S
    ),
    "dahua": PullFormat(PUSHED["dahua"], dahua.target, dahua.Events, dahua.read, dahua.SILENT_S),
}

__all__ = ["DRIVER", "FORMATS", "Event", "Gatherer", "Options", "PullFormat"]
