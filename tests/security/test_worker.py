"""A worker: cars become passages, failures stay with their camera, restarts open nothing twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from django.utils import timezone

from community.devices.simulated import openings
from community.models import Device, Lane
from community.vision.arrays import Frame as Image
from community.vision.plates import PlateRead, Roi
from security import stills
from security.models import Passage, Reading
from security.sources import Source, SourceFault
from security.worker import Worker, camera, clerk, group
from security.worker.camera import Camera
from security.worker.lane import reading_of
from tests.community import factories
from tests.security.films import ARM, Car, opening
from tests.security.gates import OTHER, PLATE, gate
from tests.security.stamped import Filmed, Running, StampEngine, eventually, watch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path: Path, monkeypatch) -> None:
    settings.VAR_DIR = settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(group, "RELOAD_S", 0.3)
    monkeypatch.setattr(camera, "FIRST_S", 0.1)


@pytest.fixture
def lane() -> Lane:
    return gate()


# ── cars ──────────────────────────────────────────────────────────────────────────────────────


def test_a_registered_car_opens_its_barrier_once(lane: Lane) -> None:
    watch(lane, (None, 0.5), (PLATE, 2), (None, 1))
    passage = Passage.objects.get()
    assert (passage.plate, passage.outcome) == (PLATE, "allow")
    assert len(openings(lane.barrier_id)) == 1


def test_the_reading_carries_what_was_seen(lane: Lane) -> None:
    before = timezone.now()
    watch(lane, (None, 0.5), (PLATE, 1.5))
    row = Reading.objects.get()
    assert (row.device_id, row.lane_id, row.source) == (lane.camera_id, lane.pk, "camera")
    assert (row.plate, row.kind, row.colour) == (PLATE, "blue", "blue")
    assert row.frames >= 2
    assert row.picture is not None
    assert before <= row.received_at <= timezone.now()


def test_an_unregistered_car_waits_for_the_guard(lane: Lane) -> None:
    watch(lane, (None, 0.5), (OTHER, 1.5))
    assert Passage.objects.get().outcome == "ask"
    assert openings(lane.barrier_id) == []


def test_two_cars_are_two_readings_with_keys_of_their_own(lane: Lane) -> None:
    watch(lane, (None, 0.5), (PLATE, 1.5), (None, 3), (OTHER, 1.5))
    keys = list(Reading.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys)) == 2


def test_whoever_asked_hears_of_each_passage(lane: Lane) -> None:
    heard = []
    watch(lane, (None, 0.5), (PLATE, 1.5), then=lambda seen, passage: heard.append((seen, passage)))
    assert [(seen.plate, passage.outcome) for seen, passage in heard] == [(PLATE, "allow")]


def test_a_sighting_without_plate_is_handed_over_with_its_picture() -> None:
    film = opening()
    car = Car(None)
    film.drive(car, ARM, 2)
    film.hold(4, car)
    row = reading_of(film.told[0], 3, 5)
    assert (row.plate, row.device_id, row.lane_id) == (None, 3, 5)
    assert row.picture
    assert len(row.key) <= 120


# ── failures ──────────────────────────────────────────────────────────────────────────────────


def test_one_failing_camera_leaves_the_others_at_work(lane: Lane) -> None:
    broken = factories.lane(lane.compound)
    tries = []

    def opener(device: Device) -> Source:
        if device.pk == broken.camera_id:
            tries.append(device.pk)
            return Filmed(fault="unreachable")
        return Filmed((None, 0.5), (PLATE, 2), (None, 30))

    worker = Worker([lane.camera_id, broken.camera_id], engine=StampEngine(), opener=opener)
    with Running(worker):
        eventually(lambda: Passage.objects.filter(lane=lane).exists())
        eventually(lambda: len(tries) >= 3)
    health = dict(Device.objects.values_list("pk", "health"))
    codes = dict(Device.objects.values_list("pk", "health_code"))
    assert (health[lane.camera_id], health[broken.camera_id]) == ("online", "offline")
    assert codes[broken.camera_id] == "unreachable"


def test_a_camera_that_comes_back_is_online_again(lane: Lane) -> None:
    shown = iter([Filmed(fault="no_frames"), Filmed((PLATE, 30))])
    worker = Worker([lane.camera_id], engine=StampEngine(), opener=lambda _: next(shown))
    with Running(worker):
        eventually(lambda: Device.objects.get(pk=lane.camera_id).health == "offline")
        eventually(lambda: Device.objects.get(pk=lane.camera_id).health == "online")


@pytest.mark.parametrize("code", ["not_found", "refused_address", "not_a_picture"])
def test_what_somebody_must_put_right_is_a_fault(lane: Lane, code: str) -> None:
    worker = Worker([lane.camera_id], engine=StampEngine(), opener=lambda _: Filmed(fault=code))
    with Running(worker):
        eventually(lambda: Device.objects.get(pk=lane.camera_id).health == "faulty")
    assert Device.objects.get(pk=lane.camera_id).health_code == code


def test_the_wait_between_tries_grows_to_its_limit(lane: Lane, monkeypatch) -> None:
    opened = []
    monkeypatch.setattr(camera.time, "monotonic", lambda: clock[0])
    clock = [100.0]
    told = clerk.Clerk()
    watched = Camera(
        lane.camera, [], told, threading.Event(), lambda _: opened.append(clock[0]) or Failing()
    )
    for _ in range(3000):
        clock[0] += 0.1
        watched.step()
    waits = np.diff(opened)
    assert waits[0] < 0.5
    assert sorted(waits) == pytest.approx(list(waits), abs=0.2)
    assert waits[-1] == pytest.approx(30, abs=0.5)


class Failing(Source):
    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        raise AssertionError

    def start(self, notify: threading.Event | None = None) -> None:
        raise SourceFault("unreachable")


def test_an_engine_that_breaks_is_told_and_does_not_end_the_worker(lane: Lane) -> None:
    class Broken(StampEngine):
        def read(
            self, frame: Image, roi: Roi | None = None, *, thorough: bool = True
        ) -> list[PlateRead]:
            raise RuntimeError("surprise")

    opener = lambda _: Filmed((PLATE, 5))  # noqa: E731
    with Running(Worker([lane.camera_id], engine=Broken(), opener=opener)):
        eventually(lambda: Device.objects.get(pk=lane.camera_id).health_code == "worker_broke")


def test_without_an_engine_the_guard_still_sees_the_lane(lane: Lane) -> None:
    watch(lane, (PLATE, 1), engine=None)
    device = Device.objects.get(pk=lane.camera_id)
    assert device.health_code == "engine_unavailable"
    assert stills.fresh(lane)
    assert not Passage.objects.exists()


def test_a_still_is_kept_for_the_guard(lane: Lane) -> None:
    watch(lane, (PLATE, 0.5))
    image = cv2.imdecode(np.frombuffer(stills.fresh(lane), np.uint8), cv2.IMREAD_COLOR)
    assert 0 < image.shape[1] <= 640


# ── what the office changes ───────────────────────────────────────────────────────────────────


def test_a_changed_camera_is_opened_anew_and_one_out_of_use_closed(lane: Lane) -> None:
    opened = []

    def opener(device: Device) -> Source:
        opened.append((device.settings.get("path"), Filmed((None, 60))))
        return opened[-1][1]

    with Running(Worker([lane.camera_id], engine=StampEngine(), opener=opener)):
        eventually(lambda: len(opened) == 1)
        Device.objects.filter(pk=lane.camera_id).update(settings={"path": "new"})
        eventually(lambda: len(opened) == 2)
        Device.objects.filter(pk=lane.camera_id).update(is_active=False)
        eventually(lambda: opened[1][1].over)
    assert opened[0][1].over
    assert [path for path, _ in opened] == [None, "new"]


def test_health_written_by_the_worker_is_no_change_of_the_camera(lane: Lane) -> None:
    opened = []
    opener = lambda _: opened.append(1) or Filmed((None, 60))  # noqa: E731
    with Running(Worker([lane.camera_id], engine=StampEngine(), opener=opener)):
        eventually(lambda: Device.objects.get(pk=lane.camera_id).health == "online")
        time.sleep(1)
    assert len(opened) == 1
