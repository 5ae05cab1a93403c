"""One lane as its camera's worker sees it: pipeline, memory, still."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import structlog
from django.utils import timezone

from community.models import Lane
from community.vision.plates import PlateEngine, Roi
from security.models import Passage
from security.pipeline import Pipeline, Sighting
from security.readings import ReadingInput
from security.sources import Frame
from security.worker.clerk import Clerk
from security.worker.memory import Standing, forget, recall, remember
from security.worker.still import StillKeeper

log = structlog.get_logger(__name__)

REMEMBER_S = 5.0
Then = Callable[[Sighting, Passage], None]


def roi_of(lane: Lane) -> Roi:
    """The lane's region; one that makes no sense counts as the whole picture."""
    try:
        return Roi(*(float(value) for value in lane.roi))
    except (TypeError, ValueError):
        log.warning("region_makes_no_sense", lane=lane.pk)
        return Roi()


def reading_of(seen: Sighting, device_id: int, lane_id: int) -> ReadingInput:
    """A sighting as the one road takes it, under a name that never changes."""
    name = f"l{lane_id}-{seen.started_at:%Y%m%dT%H%M%S%f}-{seen.number}"
    return ReadingInput(
        device_id=device_id,
        lane_id=lane_id,
        key=name,
        source="camera",
        plate=seen.plate,
        # The time is ours: the frame's arrival, not the moment when recognition was done.
        received_at=seen.seen_at,
        plate_raw=seen.raw,
        kind=seen.kind,
        colour=seen.colour,
        confidence=seen.confidence,
        characters=seen.characters,
        frames=seen.frames,
        box=seen.box,
        picture=seen.picture,
    )


class WatchedLane:
    """Feeds one lane's pipeline and hands over what it tells."""

    def __init__(
        self,
        lane: Lane,
        engine: PlateEngine | None,
        may_read: Callable[[bool], bool],
        clerk: Clerk,
        then: Then | None = None,
    ) -> None:
        """The lane's camera is set; `then` hears of each passage, in the clerk's thread."""
        self.lane_id, self.device_id = lane.pk, lane.camera_id or 0
        self._clerk, self._then = clerk, then
        self._pipeline = Pipeline(engine, roi_of(lane), may_read) if engine else None
        self._standing: Standing | None = None
        self._remember_at = 0.0
        self._still = StillKeeper(lane.pk)
        self._recall()

    @property
    def recognitions(self) -> int:
        return self._pipeline.recognitions if self._pipeline else 0

    def feed(self, frame: Frame) -> None:
        """One frame of this lane's camera."""
        self._still.keep(frame)
        if self._pipeline is None:
            return
        for seen in self._pipeline.feed(frame):
            self._hand_over(seen)
        self._keep_standing()

    def flush(self) -> None:
        """The camera failed: what it saw before is handed over."""
        for seen in self._pipeline.flush() if self._pipeline else []:
            self._hand_over(seen)

    def _hand_over(self, seen: Sighting) -> None:
        log.info("sighting", lane=self.lane_id, read=seen.plate is not None, frames=seen.frames)
        self._note(seen, told=False)

        def done(passage: Passage) -> None:
            self._note(seen, told=True)
            if self._then is not None:
                self._then(seen, passage)

        self._clerk.take_reading(reading_of(seen, self.device_id, self.lane_id), done)

    def _note(self, seen: Sighting, *, told: bool) -> None:
        """Runs in both threads: the clerk's may come after the next car's, which then stays."""
        current, start = self._standing, seen.started_at.isoformat()
        if told:
            if current is None or current.started_at != start:
                return
            self._standing = replace(current, told=True)
        elif (standing := self._standing_of(seen)) is not None:
            self._standing = standing
        else:
            return
        remember(self.lane_id, self._standing)

    def _standing_of(self, seen: Sighting) -> Standing | None:
        track = self._pipeline.present if self._pipeline else None
        if seen.plate is None or track is None or track.box is None:
            return None
        start, now = seen.started_at.isoformat(), timezone.now().isoformat()
        return Standing(seen.plate, track.box, start, seen.number, told=False, seen_at=now)

    def _keep_standing(self) -> None:
        """Note now and then that the car is still there, and once that it has gone."""
        if self._standing is None or self._pipeline is None:
            return
        track = self._pipeline.present
        if track is None:
            self._standing = None
            forget(self.lane_id)
        elif track.box and time.monotonic() >= self._remember_at:
            self._remember_at = time.monotonic() + REMEMBER_S
            now = timezone.now().isoformat()
            self._standing = replace(self._standing, box=track.box, seen_at=now)
            remember(self.lane_id, self._standing)

    def _recall(self) -> None:
        kept = recall(self.lane_id)
        if kept is not None and self._pipeline is not None:
            self._pipeline.resume(kept.plate, kept.box, kept.start, kept.number, told=kept.told)
