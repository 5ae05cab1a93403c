"""A gate whose cars are told to a platform, and time that passes between two turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Lane
from security import operations as gates
from security.models import Passage, UpperPlatform
from security.upper import operations, rounds
from tests.security.gates import PLATE, drive_up
from tests.security.upper.platform import NUMBER, PASSWORD, USER, Platform

GATE_NUMBER = "41010000001190000007"


def entered(lane: Lane, platform: Platform, **values: Any) -> UpperPlatform:
    """The platform as the office enters it: switched on, with the lane's gate."""
    told: dict[str, Any] = {
        "name": "分局平台",
        "url": platform.url,
        "number": NUMBER,
        "username": USER,
        "password": PASSWORD,
        "is_active": True,
        "gates": {lane.gate_id: (GATE_NUMBER, "1")},
    }
    return operations.add_platform(compound=lane.compound, **(told | values))


def passes(lane: Lane, plate: str = PLATE, **fields: Any) -> Passage:
    """A car drives up and is through."""
    passage = drive_up(lane, plate, **fields)
    if passage.state != Passage.State.OPENED:
        Passage.objects.filter(pk=passage.pk).update(state=Passage.State.OPENED)
    return gates.complete_passage(passage.pk, "loop", timezone.now())


def plate_of(number: int) -> str:
    return f"皖A9{number:04}"


def turn(row: UpperPlatform) -> UpperPlatform:
    """The next turn, whenever it would be due; the row after it."""
    UpperPlatform.objects.filter(pk=row.pk).update(due_at=None)
    rounds.go()
    return fresh(row)


def fresh(row: UpperPlatform) -> UpperPlatform:
    found: UpperPlatform = UpperPlatform.objects.get(pk=row.pk)
    return found


def silent(row: UpperPlatform, **age: float) -> None:
    """The last answer was so long ago."""
    UpperPlatform.objects.filter(pk=row.pk).update(heard_at=timezone.now() - timedelta(**age))
