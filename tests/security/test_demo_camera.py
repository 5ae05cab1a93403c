"""The demo's own camera: a day of what it said, and pushes that go through our own door."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from community.devices import heard
from community.models import Device
from security import demo_camera
from security.models import Reading
from tests.community import factories
from tests.security.gates import PLATE, vehicle
from tests.servers.linli import LinliServer

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_camera_pushes_through_the_door(
    start_linli: Callable[..., LinliServer], settings: Any, tmp_path: Path
):
    settings.VAR_DIR = tmp_path
    settings.DEMO = True
    assert demo_camera.push() == 0  # not put up here
    compound = factories.compound()
    vehicle(compound)
    lane = factories.lane(compound, camera=factories.device(compound, driver="video"))
    demo_camera.load(compound)
    demo_camera.load(compound)
    camera = Device.objects.get(driver="push")
    assert {note.code for note in heard.last(camera.pk)} >= {"heartbeat", "vehicle_registered"}
    settings.HTTP_PORT = 1
    assert demo_camera.push() == 0  # nobody is there
    web = start_linli(LINLI_VAR=str(tmp_path), LINLI_KEYRING=str(settings.KEYRING_PATH))
    settings.HTTP_PORT = web.port
    assert demo_camera.push() == 1
    told = tmp_path / "demo_camera.json"
    told.write_text(json.dumps(json.loads(told.read_text()) | {"next": 1.0}))
    assert demo_camera.push() == 2
    reading = Reading.objects.get()
    assert (reading.plate, reading.lane, reading.passage.outcome) == (PLATE, lane, "allow")
    assert reading.picture is not None
    assert told.stat().st_mode & 0o077 == 0
