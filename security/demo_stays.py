"""What the gate saw of a resident's stays in the demo: each crossing with its picture."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import cv2
import numpy as np
from django.utils import timezone

from community import events
from community.models import Compound, Lane
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking.models import Stay
from security import pictures
from security.demo_rows import tell
from security.models import Passage, Picture, Reading

RESIDENT = "resident"
GREY = (128, 126, 124)
#: Dusk and night are darker: by the picture the desk sees when it was.
DARK_FROM, DARK_TO, DARK = 19, 6, 0.45


@dataclass(frozen=True)
class Seen:
    """One end of a stay; ``box`` is where its plate is in the picture."""

    stay: Stay
    passage: Passage
    box: list[int] | None


def load(compound: Compound) -> None:
    """Before the gates' last day: this week's stays of the demo resident's cars, once."""
    since = timezone.now() - timedelta(days=7)
    rows = Stay.objects.of(compound).whole().filter(vehicle__owner__user__username=RESIDENT)
    stays = rows.filter(exit_passage=None, left_at__gte=since).select_related("vehicle")
    entry, leave = (_lane(compound, way) for way in (Lane.Direction.ENTRY, Lane.Direction.EXIT))
    if entry is None or leave is None:
        return
    rng = np.random.default_rng(11)
    ends = [(stay, entry, stay.entered_at) for stay in stays]
    ends += [(stay, leave, stay.left_at) for stay in stays]
    with events.writing():
        _keep(compound, [_seen(stay, lane, at, rng) for stay, lane, at in ends if at is not None])


def _lane(compound: Compound, way: str) -> Lane | None:
    lanes = Lane.objects.of(compound).filter(direction=way, gate__kind="vehicle", is_active=True)
    found: Lane | None = lanes.exclude(camera=None).order_by("pk").first()
    return found


def _seen(stay: Stay, lane: Lane, at: datetime, rng: np.random.Generator) -> Seen:
    hour, kind = timezone.localtime(at).hour, PlateKind(stay.plate_kind)
    frame, box = scenes.scene(stay.plate, kind, rng, (960, 540), colour=GREY)
    if hour >= DARK_FROM or hour < DARK_TO:
        frame = cv2.convertScaleAbs(frame, alpha=DARK)
    jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
    picture = pictures.write(jpeg, compound_id=stay.compound_id, lane_id=lane.pk, taken_at=at)
    passage = Passage(
        compound=lane.compound, lane=lane, direction=lane.direction, plate=stay.plate,
        kind=stay.plate_kind, confidence=0.97, vehicle=stay.vehicle, picture=picture,
        outcome="allow", code="vehicle_registered", facts=_facts(stay), state="crossed",
        seen_at=at, decided_at=at, crossed_at=at, crossing=lane.crossing,
    )  # fmt: skip
    return Seen(stay, passage, list(box) if box else None)


def _facts(stay: Stay) -> dict[str, Any]:
    car = stay.vehicle
    home = car.unit.code if car and car.unit else ""
    return {"vehicle": stay.vehicle_id, "unit": car.unit_id if car else None, "home": home}


def _keep(compound: Compound, seen: list[Seen]) -> None:
    """The rows and the lines of the ledger that these crossings would have written."""
    Picture.objects.bulk_create([one.passage.picture for one in seen if one.passage.picture])
    Passage.objects.bulk_create([one.passage for one in seen])
    Reading.objects.bulk_create([_reading(one) for one in seen])
    for one in seen:
        entering = one.passage.direction == Lane.Direction.ENTRY
        name = "entry_passage" if entering else "exit_passage"
        setattr(one.stay, name, one.passage.pk)
    stays = list({one.stay.pk: one.stay for one in seen}.values())
    Stay.objects.bulk_update(stays, ["entry_passage", "exit_passage"])
    tell(compound, [one.passage for one in seen], {one.passage.pk: one.stay for one in seen})


def _reading(one: Seen) -> Reading:
    passage = one.passage
    return Reading(
        compound_id=passage.compound_id, lane=passage.lane, device=passage.lane.camera,
        key=f"demo-stay-{passage.pk}", source=Reading.Source.CAMERA, plate=passage.plate,
        plate_raw=passage.plate, kind=passage.kind, confidence=passage.confidence, frames=5,
        box=one.box, picture=passage.picture, captured_at=passage.seen_at,
        received_at=passage.seen_at, passage=passage,
    )  # fmt: skip
