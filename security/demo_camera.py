"""A camera that pushes, in the demo compound: a day of what it said, and it goes on saying it.

It stands beside the film's camera at the first lane, bound to it by its setting. Its pushes come
through the same door as everybody's, over HTTP; its address lies in a file that only we can read.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import structlog
from django.conf import settings
from django.utils import timezone

from community.devices import heard
from community.devices import operations as devices
from community.devices.heard import Heard
from community.devices.push import DRIVER
from community.devices.push.samples import Car, Sample, vzenith, vzenith_alive
from community.models import Compound, Device, Lane
from community.operations import save_row
from community.vision import grammar
from community.vision.plates import PlateKind
from community.vision.render import scenes
from parking.models import Stay, Vehicle

log = structlog.get_logger(__name__)
NAME = "南门入口识别相机"
SERIAL = "5e3d0b71-2c9a4f16"
PEER = "192.168.1.31"
#: Its clock goes before ours by this, as clocks of cameras do; learnt long ago.
AHEAD = timedelta(milliseconds=1800)
#: Seconds between two of its cars; the heartbeat comes with each round.
CARS_S = 600.0
FIRST_CAR_S = 90.0
TIMEOUT_S = 5.0


def load(compound: Compound) -> None:
    """Put the camera up where the films are, once."""
    lane = compound.lanes.filter(camera__driver="video", direction="entry").order_by("pk").first()
    if lane is None or Device.objects.of(compound).filter(name=NAME).exists():
        return
    now = timezone.now()
    camera = Device(
        compound=compound,
        name=NAME,
        kind=Device.Kind.CAMERA,
        driver=DRIVER,
        settings={"format": "vzenith", "lane": lane.pk},
        serial=SERIAL,
        health=Device.Health.ONLINE,
        health_since=now - timedelta(days=12),
        last_seen_at=now,
        clock_offset_ms=int(AHEAD / timedelta(milliseconds=1)),
    )
    save_row(camera, actor=None)
    _keep_address(camera)
    for at, sample, what, code in _day(compound, now):
        note = Heard(at.timestamp(), "vzenith", sample.rest, what, code, len(sample.data), "", PEER)
        heard.keep(camera.pk, note, sample.data, sample.content_type)
    heard.note_alive(camera.pk)


def _day(compound: Compound, now: datetime) -> Iterator[tuple[datetime, Sample, str, str]]:
    """What it said since yesterday, oldest first: cars, one of them twice, a stored one, life."""
    cars = Vehicle.objects.of(compound).registered().order_by("-pk")
    plates = list(cars.values_list("plate", flat=True)[:6])
    for number, plate in enumerate(plates):
        at = now - timedelta(hours=20 - 3 * number)
        sample = vzenith(Car(plate, SERIAL, at + AHEAD, 4100 + number))
        yield at, sample, "plate", "vehicle_registered"
        if number == 2:
            yield at + timedelta(seconds=1), sample, "plate", "repeated"
    stored = Car("_无_", SERIAL, now - timedelta(hours=4), 4090, is_live=False)
    yield now - timedelta(hours=2), vzenith(stored), "plate", "reading_history"
    yield now - timedelta(seconds=20), vzenith_alive(SERIAL), "heartbeat", "heartbeat"


def _file() -> Path:
    return Path(settings.VAR_DIR) / "demo_camera.json"


def _keep_address(camera: Device) -> None:
    secret = devices.issue_push_secret(camera, None)
    told = {"device": camera.pk, "path": f"/devices/{secret}/vzenith", "next": 0.0}
    _write(told)


def _write(told: dict[str, Any]) -> None:
    file = _file()
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_suffix(".part")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(told))
    draft.replace(file)


def push() -> int:
    """One round of the camera: its heartbeat, and now and then a car; how many pushes went out."""
    if not settings.DEMO or not _file().exists():
        return 0
    told = json.loads(_file().read_text())
    sent = int(_post(told["path"], vzenith_alive(SERIAL)))
    now = time.time()
    if not told["next"]:
        _write(told | {"next": now + FIRST_CAR_S})
    elif now >= told["next"]:
        _write(told | {"next": now + CARS_S})
        sent += _drive_up(told)
    return sent


def _drive_up(told: dict[str, Any]) -> int:
    """A car that is outside drives up."""
    lane = Lane.objects.filter(compound__devices=told["device"]).order_by("pk").first()
    if lane is None:
        return 0
    inside = Stay.objects.filter(compound=lane.compound_id, left_at=None).values("plate")
    cars = Vehicle.objects.of(lane.compound).registered().exclude(plate__in=inside)
    plate = cars.order_by("?").values_list("plate", flat=True).first()
    if plate is None:
        return 0
    picture = _drawn(plate)
    at = timezone.now() + AHEAD - timedelta(milliseconds=300)
    car = Car(plate, SERIAL, at, int(time.time()), pictures=(picture,) if picture else ())
    return int(_post(told["path"], vzenith(car)))


def _drawn(plate: str) -> bytes | None:
    """A drawn car with this plate."""
    rng = np.random.default_rng(abs(hash(plate)))
    frame, _ = scenes.scene(plate, PlateKind(grammar.kind_of(plate, "blue")), rng, (960, 540))
    ok, jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 80])
    return jpeg.tobytes() if ok else None


def _post(path: str, sample: Sample) -> bool:
    """Push through our own door; False where nobody is there."""
    line = http.client.HTTPConnection("127.0.0.1", settings.HTTP_PORT, timeout=TIMEOUT_S)
    rest = f"/{sample.rest}" if sample.rest else ""
    try:
        line.request("POST", path + rest, sample.data, {"Content-Type": sample.content_type})
        return line.getresponse().status == 200
    except OSError as error:
        log.info("demo_camera_unheard", errno=error.errno)
        return False
    finally:
        line.close()
