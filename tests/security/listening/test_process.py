"""The real process that listens, on the test's own database: it hears, and takes in changes."""

from __future__ import annotations

import time

import pytest

from community.models import Device
from security.models import Reading
from tests.community.devices.event_stream import HOLD, PASSWORD, USER, EventStream, heartbeat
from tests.security.gates import OTHER
from tests.security.listening.test_pulled import hikvision
from tests.security.pushes.cameras import push_lane

pytestmark = pytest.mark.django_db(transaction=True)


def wait(true, seconds: float = 90.0) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.05)


def test_it_hears_a_car_survives_a_break_and_leaves_a_camera_out_of_use(start_command):
    lane = push_lane()
    scenes = [
        [heartbeat(), hikvision(OTHER)],  # then cut off
        [heartbeat(), hikvision(OTHER, uuid="5f2b1c70-0000-0000-0000-00000000000a"), HOLD],
    ]
    with EventStream(scenes) as camera:
        Device.objects.filter(pk=lane.camera_id).update(driver="pull")
        device = Device.objects.get(pk=lane.camera_id)
        device.settings = {"format": "hikvision", "address": camera.url}
        device.credentials = {"username": USER, "password": PASSWORD}
        device.save()
        process = start_command("listen_cameras", LINLI_DEVICE_LOOPBACK="1")
        wait(lambda: camera.connections == 2)
        wait(lambda: Reading.objects.filter(plate=OTHER).count() == 1)
        # Offline in between: the first connection was cut.
        wait(lambda: Device.objects.get(pk=device.pk).health == "online")
        Device.objects.filter(pk=device.pk).update(is_active=False)
        asked = len(camera.targets)
        process.stop()
        assert len(camera.targets) == asked
    assert Reading.objects.count() == 1
