"""Cars at gates, for tests: readings handed over as a camera would. Plates are invented."""

from __future__ import annotations

import io
import itertools
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image

from community.models import Compound, Event, Lane
from parking.models import Vehicle
from security.models import Passage
from security.operations import handle_reading
from security.readings import ReadingInput
from tests.community import factories

_key = itertools.count(1)
PLATE, OTHER = "皖A52M78", "皖A90C31"


def vehicle(compound: Compound, plate: str = PLATE, **fields: Any) -> Vehicle:
    fields.setdefault("valid_from", date(2024, 1, 1))
    return Vehicle.objects.create(compound=compound, plate=plate, **fields)


def gate(**fields: Any) -> Lane:
    """An entry lane of a fresh compound, with one registered car."""
    compound = factories.compound()
    vehicle(compound)
    return factories.lane(compound, **fields)


def reading(lane: Lane, plate: str | None = PLATE, **fields: Any) -> ReadingInput:
    """A sure, live reading of the lane's camera, taken a moment ago."""
    received = fields.pop("received_at", timezone.now())
    age = timedelta(seconds=fields.pop("age", 0.2))
    values: dict[str, Any] = {
        "device_id": lane.camera_id,
        "lane_id": lane.pk,
        "key": f"k{next(_key)}",
        "source": "camera",
        "plate": plate,
        "kind": "blue",
        "confidence": 0.97 if plate else 0.0,
        "captured_at": received - age,
        "received_at": received,
    }
    return ReadingInput(**(values | fields))


def drive_up(lane: Lane, plate: str | None = PLATE, **fields: Any) -> Passage:
    return handle_reading(reading(lane, plate, **fields))


def told(compound: Compound, kind: str = "") -> list[str]:
    """The kinds of all events of the compound in order, or of those that start with ``kind``."""
    rows = Event.objects.filter(compound=compound, kind__startswith=kind)
    return list(rows.order_by("sequence").values_list("kind", flat=True))


def jpeg(width: int = 64, height: int = 48) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (40, 80, 120)).save(out, "JPEG")
    return out.getvalue()
