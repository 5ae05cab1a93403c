"""A fire lane as its camera's worker sees it: a car that stays there is told again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import cv2
import numpy as np
import structlog
from django.core.exceptions import ValidationError
from django.utils import timezone

from community.vision.arrays import Frame as Image
from community.vision.arrays import Grey
from community.vision.plates import PlateEngine, Roi
from parking.models import FireLane
from parking.operations import note_in_zone
from security.pipeline import Pipeline, Sighting, jpeg
from security.sources import Frame
from security.worker.clerk import Clerk

log = structlog.get_logger(__name__)

#: A car that stands there is told so often; its clock runs between the first and the last.
EVERY_S = 20.0
WIDTH, QUALITY = 1280, 78


class Between:
    """Blackens what lies outside a lane's corners: nothing there is read, nor moves."""

    def __init__(self, corners: list[list[float]]) -> None:
        self._corners = corners
        self._mask: Grey | None = None

    def shown(self, image: Image) -> Image:
        """The picture with the lane alone; the picture itself where no corners are marked."""
        if not self._corners:
            return image
        if self._mask is None or self._mask.shape != image.shape[:2]:
            height, width = image.shape[:2]
            points = [[round(x * width), round(y * height)] for x, y in self._corners]
            self._mask = np.zeros((height, width), np.uint8)
            cv2.fillPoly(self._mask, [np.array(points, np.int32)], 255)
        found: Image = cv2.bitwise_and(image, image, mask=self._mask)
        return found


class WatchedZone:
    """Feeds one fire lane's pipeline; the verb keeps the clock."""

    def __init__(
        self, lane: FireLane, engine: PlateEngine | None, may_read: Callable[[bool], bool],
        clerk: Clerk,
    ) -> None:  # fmt: skip
        self.lane, self._clerk = lane, clerk
        roi = Roi(*(float(value) for value in lane.roi))
        self._pipeline = Pipeline(engine, roi, may_read) if engine else None
        self._between = Between(lane.corners)
        self._plate, self._again_at = "", 0.0

    @property
    def recognitions(self) -> int:
        return self._pipeline.recognitions if self._pipeline else 0

    def feed(self, frame: Frame) -> None:
        """One frame of the camera."""
        if self._pipeline is None:
            return
        within = replace(frame, image=self._between.shown(frame.image))
        for seen in self._pipeline.feed(within):
            self._see(seen, frame)
        if self._pipeline.present is None:
            self._plate = ""
        elif self._plate and time.monotonic() >= self._again_at:
            self._note(self._plate, frame)

    def flush(self) -> None:
        """The camera failed: who stands there is not known any more."""
        if self._pipeline is not None:
            self._pipeline.flush()
        self._plate = ""

    def _see(self, seen: Sighting, frame: Frame) -> None:
        if seen.plate:
            self._plate = seen.plate
            self._note(seen.plate, frame)

    def _note(self, plate: str, frame: Frame) -> None:
        self._again_at = time.monotonic() + EVERY_S
        lane, at = self.lane, timezone.now()
        picture = jpeg(frame.image, WIDTH, QUALITY)
        self._clerk.take_note(lambda: _tell(lane, plate, at, picture))


def _tell(lane: FireLane, plate: str, at: datetime, picture: bytes) -> None:
    try:
        note_in_zone(lane, plate, at, picture)
    except (ValueError, ValidationError) as error:
        log.warning("sighting_refused", fire_lane=lane.pk, why=str(error))
