"""What the gate saw of a resident's stays in the demo: each crossing with its picture."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import cv2
import numpy as np
from django.utils import timezone

from community.demo import in_batches
from community.models import Compound, Lane
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking.models import Stay
from security import pictures
from security.models import Passage, Picture

RESIDENT = "resident"
GREY = (128, 126, 124)
#: Dusk and night are darker: by the picture the desk sees when it was.
DARK_FROM, DARK_TO, DARK = 19, 6, 0.45


def load(compound: Compound) -> None:
    """Once: stays of the demo resident's car that no crossing belongs to yet."""
    rows = Stay.objects.of(compound).whole().filter(vehicle__owner__user__username=RESIDENT)
    stays = list(rows.filter(entry_passage=None, exit_passage=None, left_at__isnull=False))
    ways = {way: _lane(compound, way) for way in Lane.Direction.values}
    if not stays or None in ways.values():
        return
    rng = np.random.default_rng(11)
    seen = [
        (stay, name, _passage(stay, ways[way], at, rng))
        for stay in stays
        for name, way, at in (
            ("entry_passage", "entry", stay.entered_at), ("exit_passage", "exit", stay.left_at),
        )
        if at is not None
    ]  # fmt: skip
    in_batches(Picture, [passage.picture for _stay, _name, passage in seen])
    in_batches(Passage, [passage for _stay, _name, passage in seen])
    for stay, name, passage in seen:
        setattr(stay, name, passage.pk)
    Stay.objects.bulk_update(stays, ["entry_passage", "exit_passage"])


def _lane(compound: Compound, way: str) -> Any:
    lanes = Lane.objects.of(compound).filter(direction=way, gate__kind="vehicle", is_active=True)
    return lanes.exclude(camera=None).order_by("pk").first()


def _passage(stay: Stay, lane: Lane, at: datetime, rng: np.random.Generator) -> Any:
    hour, kind = timezone.localtime(at).hour, PlateKind(stay.plate_kind)
    frame, _box = scenes.scene(stay.plate, kind, rng, (960, 540), colour=GREY)
    if hour >= DARK_FROM or hour < DARK_TO:
        frame = cv2.convertScaleAbs(frame, alpha=DARK)
    jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])[1].tobytes()
    picture = pictures.write(jpeg, compound_id=stay.compound_id, lane_id=lane.pk, taken_at=at)
    return Passage(
        compound=lane.compound, lane=lane, direction=lane.direction, plate=stay.plate,
        kind=stay.plate_kind, confidence=0.97, vehicle=stay.vehicle, picture=picture,
        outcome="allow", code="vehicle_registered", facts={}, state="crossed", seen_at=at,
        decided_at=at, crossed_at=at, crossing=lane.crossing,
    )  # fmt: skip
