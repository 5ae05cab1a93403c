"""The loop over a group's cameras, and the changes that the office makes to them meanwhile."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import cv2
import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections

from community.devices.base import Health
from community.models import Device, Gate, Lane
from community.vision import engines
from community.vision.plates import PlateEngine
from parking.models import FireLane
from security.models import Passage
from security.sources import open_source
from security.worker.camera import ONLINE, Camera, Opener
from security.worker.clerk import Clerk
from security.worker.door import WatchedDoor
from security.worker.faces import Faces
from security.worker.lane import WatchedLane
from security.worker.ration import Ration
from security.worker.zone import WatchedZone

log = structlog.get_logger(__name__)

#: What was seen (a Sighting or a FaceSeen), and the passage that it became.
Then = Callable[[Any, Passage], None]
RELOAD_S = 3.0
IDLE_S = 0.2
STOP_S = 8.0


def load_engine() -> PlateEngine | None:
    """The engine that the settings name; None, and a line in the log, where it cannot run here."""
    cv2.setNumThreads(1)
    try:
        return engines.load(settings.PLATE_ENGINE, threads=1)
    except engines.EngineUnavailable as error:
        log.warning("engine_unavailable", why=str(error))
        return None


def _shape(device: Device, lanes: list[Lane], zones: list[FireLane]) -> tuple[Any, ...]:
    """Whatever, when it changes, means that the camera has to be opened anew."""
    watched = [(lane.pk, repr(lane.roi), lane.gate.kind) for lane in lanes]
    clocks = [(zone.pk, repr(zone.roi), repr(zone.corners)) for zone in zones]
    return device.driver, repr(device.settings), repr(device.credentials), watched, clocks


class Worker:
    """Watches these cameras until `stop`, from one thread; frames are read in others."""

    def __init__(
        self,
        device_ids: Iterable[int],
        *,
        engine: PlateEngine | None,
        opener: Opener = open_source,
        then: Then | None = None,
        only_lane: int | None = None,
        group: Callable[[], Iterable[int]] | None = None,
        beat: Callable[[], object] = lambda: None,
        faces: Faces | None = None,
    ) -> None:
        """`group` says anew which cameras are watched; `beat` is called at each round."""
        self._faces = faces or Faces(f"cameras {os.getpid()}")
        self._only_lane, self._group, self._beat = only_lane, group, beat
        self._ids, self._engine = list(device_ids), engine
        self._opener, self._then = opener, then
        self._cameras: dict[int, tuple[tuple[Any, ...], Camera]] = {}
        self._clerk, self._ration = Clerk(), Ration()
        self._wake, self._stop = threading.Event(), threading.Event()

    def stop(self) -> None:
        """May be called from a signal handler."""
        self._stop.set()
        self._wake.set()

    def run(self, *, until_ended: bool = False) -> None:
        """Watch until `stop`, or with `until_ended` until every source has ended."""
        self._clerk.start()
        reload_at = 0.0
        while not self._stop.is_set():
            self._beat()
            if time.monotonic() >= reload_at:
                self._reload()
                reload_at = time.monotonic() + RELOAD_S
            cameras = [camera for _, camera in self._cameras.values()]
            for camera in cameras:
                camera.step()
            if until_ended and all(camera.ended for camera in cameras):
                break
            self._wake.wait(IDLE_S)
            self._wake.clear()
        for _, camera in self._cameras.values():
            camera.close()
        self._faces.close()
        self._clerk.stop(STOP_S)

    def _reload(self) -> None:
        """Bring the cameras in line with what the office has entered."""
        close_old_connections()
        try:
            if self._group is not None:
                self._ids = list(self._group())
            wanted = {device.pk: device for device in self._devices()}
            lanes = self._lanes(list(wanted))
            zones = self._zones(list(wanted))
            self._faces.follow(lane for some in lanes.values() for lane in some)
        except (DatabaseError, OSError):
            log.warning("cameras_not_reread")
            return
        for pk, device in wanted.items():
            self._keep(device, lanes.get(pk, []), zones.get(pk, []))
        for pk in [pk for pk in self._cameras if pk not in wanted]:
            self._cameras.pop(pk)[1].close()

    def _devices(self) -> Iterable[Device]:
        active = Device.objects.active().filter(kind=Device.Kind.CAMERA)
        return list(active.filter(pk__in=self._ids))

    def _lanes(self, device_ids: list[int]) -> dict[int, list[Lane]]:
        found: dict[int, list[Lane]] = {}
        rows = Lane.objects.filter(camera_id__in=device_ids, is_active=True)
        rows = rows.select_related("gate__face_rule")
        for lane in rows.prefetch_related("gate__face_rule__buildings").order_by("pk"):
            if self._only_lane in (None, lane.pk):
                found.setdefault(lane.camera_id or 0, []).append(lane)
        return found

    def _watched(self, lane: Lane) -> WatchedLane | WatchedDoor:
        if lane.gate.kind == Gate.Kind.PEDESTRIAN:
            return WatchedDoor(lane, self._faces, self._clerk, self._then)
        return WatchedLane(lane, self._engine, self._ration.take, self._clerk, self._then)

    def _zones(self, device_ids: list[int]) -> dict[int, list[FireLane]]:
        """Fire lanes that these cameras watch; none while one lane alone is watched."""
        found: dict[int, list[FireLane]] = {}
        rows = FireLane.objects.filter(camera_id__in=device_ids, is_active=True).order_by("pk")
        for zone in rows if self._only_lane is None else ():
            found.setdefault(zone.camera_id, []).append(zone)
        return found

    def _keep(self, device: Device, lanes: list[Lane], zones: list[FireLane]) -> None:
        shape = (*_shape(device, lanes, zones), self._faces.failed)
        known = self._cameras.get(device.pk)
        if known is not None:
            if known[0] == shape:
                return
            log.info("camera_changed", device=device.pk)
            known[1].close()
        watched = [self._watched(lane) for lane in lanes]
        cars = any(isinstance(one, WatchedLane) for one in watched) or not watched
        lacks = (cars and not self._engine) or (not cars and self._faces.failed)
        well = Health("faulty", "engine_unavailable") if lacks else ONLINE
        clocks = [WatchedZone(z, self._engine, self._ration.take, self._clerk) for z in zones]
        camera = Camera(
            device, [*watched, *clocks], self._clerk, self._wake, self._opener, well=well
        )
        self._cameras[device.pk] = shape, camera
