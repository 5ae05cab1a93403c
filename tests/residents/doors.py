"""People, homes and doors, for tests of ways in. All names are invented."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound, Lane, Unit
from residents import ways
from residents.models import Person, Residency, Visit, WayIn
from residents.operations import invite
from residents.ways import Presented
from security.models import Passage
from security.operations import Shown, handle_shown
from tests.community import factories

_key = itertools.count(1)


def person(at: Compound, name: str = "周宁", **fields: Any) -> Person:
    return Person.objects.create(compound=at, name=name, **fields)


def resident(unit: Unit, name: str = "周宁", **fields: Any) -> Person:
    row = person(unit.compound, name, **fields)
    Residency.objects.create(
        compound=unit.compound, person=row, unit=unit, kind="owner", started_on=date(2024, 1, 1)
    )
    return row


def door(at: Compound, direction: str = "entry", gate: str = "人行东门", **fields: Any) -> Lane:
    return factories.lane(
        at,
        direction,
        gate=factories.gate(at, gate, "pedestrian"),
        barrier=factories.device(at, "door", "simulated"),
        **fields,
    )


def show(lane: Lane, kind: str, value: str, home: str = "", **fields: Any) -> Passage:
    """Something is shown at a door now, under a key of its own unless ``key`` is given."""
    at = fields.pop("at", timezone.now())
    key = fields.pop("key", f"p{next(_key)}")
    return handle_shown(Shown(lane.pk, key, Presented(kind, value, home), at))


def code_of(way: WayIn, at: datetime | None = None, steps: int = 0) -> str:
    """What the phone shows at a moment; ``steps`` off for a clock that is wrong."""
    step = ways.step_at(at or timezone.now()) + steps
    return ways.personal_code(way.pk, way.secret, step)


def visit(unit: Unit, **fields: Any) -> Visit:
    now = timezone.now()
    values: dict[str, Any] = {
        "name": "许安",
        "starts_at": now - timedelta(minutes=5),
        "ends_at": now + timedelta(hours=3),
    }
    return invite(unit, **(values | fields))
