"""What the gates saw, decided and did."""

from security.models.alerts import Alert
from security.models.corrections import Correction, Misread
from security.models.doors import DoorWatch, FireAlarm
from security.models.faces import FaceRule
from security.models.home_calls import HomeCall
from security.models.passages import KeepOpen, Passage
from security.models.patrols import (
    PatrolPoint,
    PatrolRound,
    PatrolRoute,
    PatrolScan,
    PatrolStop,
)
from security.models.readings import Picture, Presentation, Reading
from security.models.scope import GUARDS, GuardedQuerySet
from security.models.setup import LaneCheck
from security.models.shifts import Handover
from security.models.upper import UpperGate, UpperPlatform, UpperRefusal
from security.models.watch import WatchEntry, WatchHit

__all__ = [
    "GUARDS",
    "Alert",
    "Correction",
    "DoorWatch",
    "FaceRule",
    "FireAlarm",
    "GuardedQuerySet",
    "Handover",
    "HomeCall",
    "KeepOpen",
    "LaneCheck",
    "Misread",
    "Passage",
    "PatrolPoint",
    "PatrolRound",
    "PatrolRoute",
    "PatrolScan",
    "PatrolStop",
    "Picture",
    "Presentation",
    "Reading",
    "UpperGate",
    "UpperPlatform",
    "UpperRefusal",
    "WatchEntry",
    "WatchHit",
]
