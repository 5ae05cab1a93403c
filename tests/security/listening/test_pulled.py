"""A camera that is read from takes the one road, and its connection comes back by itself."""

from __future__ import annotations

import threading

import pytest
from django.db import OperationalError

from community.devices import heard
from community.models import Command, Device
from security.listening import pulled, telling
from security.listening.pulled import Pulled
from security.models import Passage, Reading
from security.pushes import taking
from tests.community.devices.event_stream import (
    DAHUA_HEAD,
    HOLD,
    PASSWORD,
    USER,
    EventStream,
    dahua_event,
    heartbeat,
    part,
)
from tests.community.devices.push.bodies import CST, PLATE, anpr_xml, jpeg, now
from tests.security.gates import OTHER
from tests.security.pushes.cameras import push_lane

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEVICE_LOOPBACK = True


def hikvision(plate: str = PLATE, **options) -> bytes:
    xml = anpr_xml(plate, **options).replace(b">2</picNum", b">1</picNum")
    return part(xml, name="anpr.xml") + part(
        jpeg(160, 90), "image/jpeg", name="detectionPicture.jpg"
    )


def listen(scenes, kind: str = "hikvision", head: str = "", lane=None, **settings):
    """Play the scenes to a listener, which ends when the last one calls it off; the lane."""
    lane = lane or push_lane()
    Device.objects.filter(pk=lane.camera_id).update(driver="pull")
    device = Device.objects.get(pk=lane.camera_id)
    camera = EventStream(scenes, **({"content_type": head} if head else {}))
    with camera:
        device.settings = {"format": kind, "address": camera.url, "silent_s": 2} | settings
        device.credentials = {"username": USER, "password": PASSWORD}
        listener = Pulled(device, first_s=0.05)
        scenes[-1] += [0.4, listener.stop, HOLD]
        late = threading.Timer(20, listener.stop)
        late.start()
        listener.run()
        late.cancel()
    lane.camera = Device.objects.get(pk=device.pk)
    return lane


def test_a_car_is_stored_decided_and_let_in_once():
    lane = listen([[heartbeat(), hikvision(), hikvision()]])
    reading = Reading.objects.get()
    assert (reading.plate, reading.device, reading.source) == (PLATE, lane.camera, "push")
    assert (reading.passage.outcome, Command.objects.count()) == ("allow", 1)
    assert reading.picture is not None
    assert lane.camera.health == "online"
    assert {note.code for note in heard.last(lane.camera_id)} >= {"vehicle_registered", "repeated"}


def test_dahua_takes_the_same_road():
    car = dahua_event(at=int(now().timestamp()))
    scene = [part(car, "text/plain", boundary=b"myboundary", length=0)]
    listen([scene], "dahua", DAHUA_HEAD)
    assert (Passage.objects.get().outcome, Command.objects.count()) == ("allow", 1)


def test_a_connection_that_breaks_is_made_again_and_the_last_car_not_let_in_twice():
    restamped = hikvision(uuid="5f2b1c70-0000-0000-0000-000000000002")
    scenes = [
        [hikvision()],  # cut off
        [hikvision(), restamped],  # says it again, the second time as if it came now
        [hikvision(OTHER, uuid="5f2b1c70-0000-0000-0000-000000000003")],
    ]
    listen(scenes)
    assert [row.plate for row in Reading.objects.order_by("pk")] == [PLATE, OTHER]
    assert Command.objects.count() == 1


def test_what_another_process_heard_last_is_known_after_a_restart():
    lane = listen([[hikvision()]])
    listen([[hikvision(uuid="5f2b1c70-0000-0000-0000-000000000004")]], lane=lane)
    assert (Reading.objects.count(), Command.objects.count()) == (1, 1)


def old() -> str:
    return now().astimezone(CST).replace(year=2025).isoformat(timespec="seconds")


NOT_OPENING = {
    "a stranger": lambda: hikvision(OTHER),
    "history": lambda: hikvision(extra="<alarmDataType>1</alarmDataType>"),
    "sent late": lambda: hikvision(extra="<isDataRetransmission>true</isDataRetransmission>"),
    "old": lambda: hikvision(at=old()),
    "markup": lambda: hikvision("<![CDATA[<script>]]>"),
    "no plate": lambda: hikvision("unknown"),
}


@pytest.mark.parametrize("why", NOT_OPENING)
def test_what_must_not_open_does_not(why):
    listen([[NOT_OPENING[why]()]])
    assert Passage.objects.exists()
    assert not Command.objects.exists()


@pytest.mark.parametrize(
    "rubbish",
    [
        part(b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"),
        part(b"<a>" * 10_000),
        part(b"{" * 10_000, "application/json"),
        b"\0\xff" * 9_000,
    ],
)
def test_rubbish_moves_nothing_and_the_next_car_is_heard(rubbish):
    listen([[rubbish, b"\r\n", hikvision()]])
    assert (Reading.objects.count(), Command.objects.count()) == (1, 1)


def test_another_camera_at_the_address_is_not_heard():
    lane = listen([[hikvision()]])
    uuid = "5f2b1c70-0000-0000-0000-000000000005"
    lane = listen([[hikvision(OTHER, uuid=uuid, mac="c0:56:e3:ff:ff:ff")]], lane=lane)
    assert Reading.objects.count() == 1
    assert (lane.camera.health, lane.camera.health_code) == ("faulty", "serial_mismatch")


def test_a_database_that_is_busy_is_waited_for(monkeypatch):
    taken, fails = taking.operations.take_reading, [2]

    def busy(reading):
        if fails[0]:
            fails[0] -= 1
            raise OperationalError("database is locked")
        return taken(reading)

    monkeypatch.setattr(telling, "FIRST_WAIT_S", 0.01)
    monkeypatch.setattr(taking.operations, "take_reading", busy)
    listen([[hikvision()]])
    assert Command.objects.count() == 1


def test_a_database_that_stays_away_loses_the_car_with_a_word_and_not_the_connection(monkeypatch):
    def gone(_):
        raise OperationalError("gone")

    monkeypatch.setattr(telling, "PATIENCE_S", 0.05)
    monkeypatch.setattr(taking.operations, "take_reading", gone)
    lane = listen([[hikvision()]])
    assert [note.code for note in heard.last(lane.camera_id)] == ["not_stored"]


def test_waits_grow_and_a_refused_password_rests_for_long(monkeypatch):
    waits: list[float] = []
    device = push_lane().camera
    device.settings = {"format": "hikvision", "address": "http://127.0.0.1:9"}
    device.credentials = {}
    listener = Pulled(device)
    waits += [listener._round() for _ in range(8)]
    assert waits[0] <= 1.2
    assert waits == sorted(waits) or waits[-1] <= 72
    assert 48 <= waits[-1] <= 72
    device.refresh_from_db()
    assert (device.health, device.health_code) == ("offline", "unreachable")
    with EventStream([], password="another") as camera:
        device.settings = {"format": "hikvision", "address": camera.url}
        device.credentials = {"username": USER, "password": PASSWORD}
        assert Pulled(device)._round() >= 0.8 * pulled.LOCKED_S
    device.refresh_from_db()
    assert (device.health, device.health_code) == ("faulty", "not_authorised")


def test_settings_that_are_wrong_are_told_as_a_fault():
    device = push_lane().camera
    device.settings = {"format": "hikvision"}
    Pulled(device)._round()
    device.refresh_from_db()
    assert (device.health, device.health_code) == ("faulty", "settings_invalid")
