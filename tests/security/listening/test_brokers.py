"""Cameras behind a real Mosquitto take the one road; it may restart, refuse and be flooded."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from community.devices import outbox
from community.devices.outbox import Letter
from community.models import Command, Device
from security.listening import brokers, worker
from security.listening.brokers import BrokerLine
from security.listening.worker import wanted_listeners
from security.models import Passage, Reading
from tests.community.devices.mqtt_cameras.messages import SN, frigate, qianyi, vzenith
from tests.community.devices.push.bodies import PLATE, now
from tests.security.gates import OTHER
from tests.security.pushes.cameras import push_lane
from tests.servers.brokers import mosquitto
from tests.servers.process import Process, accepts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.DEVICE_LOOPBACK = True


def camera(kind: str, port: int, *, lane=None, credentials=None, **settings):
    """A lane whose camera speaks over this broker."""
    lane = lane or push_lane()
    named = {"camera": "gate"} if kind == "frigate" else {"sn": SN}
    device = lane.camera
    device.driver, device.serial = "mqtt", ""
    device.settings = {"format": kind, "host": "127.0.0.1", "port": port} | named | settings
    device.credentials = credentials or {}
    device.save()
    return lane


class Line:
    """The line to one broker, stepped by the test's own thread: it has the database."""

    def __init__(self) -> None:
        (make,) = wanted_listeners(worker.devices_listened_to()).values()
        self.line = make()
        assert isinstance(self.line, BrokerLine)
        self.client = self.line._client()

    def __enter__(self):
        self.client.loop_start()
        self.until(lambda: len(self.line._topics) > 0)
        return self

    def __exit__(self, *_) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def until(self, true, seconds: float = 10.0) -> None:
        end = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < end, "it never came true"
            self.line._step(self.client)


@contextmanager
def publisher(port: int):
    """``say(topic, values)``, and what was heard on any topic, as (topic, values)."""
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    heard: list = []
    ready = threading.Event()
    client.on_message = lambda _c, _d, one: heard.append((one.topic, one.payload))
    client.on_subscribe = lambda *_: ready.set()
    client.on_connect = lambda one, *_: one.subscribe("#", 1)
    client.connect("127.0.0.1", port)
    client.loop_start()
    assert ready.wait(5)

    def say(topic: str, values, **options) -> None:
        payload = values if isinstance(values, bytes) else json.dumps(values)
        client.publish(topic, payload, 1, **options).wait_for_publish(5)

    try:
        yield say, heard
    finally:
        client.disconnect()
        client.loop_stop()


def told(heard: list, topic: str) -> list:
    return [json.loads(payload) for each, payload in heard if each == topic]


def test_each_makers_car_is_let_in_once_whatever_is_repeated(mqtt_port):
    at = now().timestamp()
    cars = {
        "frigate": [("frigate/events", frigate(at=at + i / 10)) for i in range(4)],
        "vzenith": [(f"device/{SN}/message/up/ivs_result", vzenith())] * 3,
        "qianyi": [(f"aiot/plate/{SN}", qianyi())] * 3,
    }
    for kind, said in cars.items():
        before = Command.objects.count()
        lane = camera(kind, mqtt_port)
        with publisher(mqtt_port) as (say, heard), Line() as line:
            for topic, values in said:
                say(topic, values)
            say("frigate/available", b"online")
            line.until(lambda before=before: Command.objects.count() > before)
            if kind == "qianyi":
                line.until(lambda: len(told(heard, f"device/plate/{SN}")) == 3)
            line.until(line.line._waiting.empty)
        assert Reading.objects.filter(device=lane.camera, plate=PLATE).count() == 1
        assert Command.objects.count() == before + 1
        Device.objects.update(is_active=False)


def test_a_stranger_and_an_unsure_plate_open_nothing(mqtt_port):
    camera("qianyi", mqtt_port)
    with publisher(mqtt_port) as (say, _), Line() as line:
        say(f"aiot/plate/{SN}", qianyi(OTHER, name="m1"))
        say(f"aiot/plate/{SN}", qianyi("null", name="m2"))
        say(f"aiot/plate/{SN}", qianyi(name="m3", confidence=20))
        say(f"aiot/plate/{SN}", qianyi(name="m4", type="offline"))
        line.until(lambda: Reading.objects.count() == 4)
    assert not Command.objects.exists()


def test_what_the_broker_kept_and_what_makes_no_sense_moves_nothing(mqtt_process):
    port, _ = mqtt_process
    topic = f"device/{SN}/message/up/ivs_result"
    camera("vzenith", port)
    with publisher(port) as (say, _):
        say(topic, vzenith(), retain=True)
        with Line() as line:
            for rubbish in (b"", b"\xff\xfe", b"{" * 10_000, b'{"payload":' * 5_000, b"[]"):
                say(topic, rubbish)
            say(topic, b"x" * 13_000_000)  # kept back by the broker
            say(topic, vzenith(OTHER, number=102))
            line.until(Reading.objects.exists)
    assert [row.plate for row in Reading.objects.all()] == [OTHER]
    assert Passage.objects.get().outcome == "ask"


def test_a_broker_that_restarts_is_found_again_and_listened_to(mqtt_process: tuple[int, Process]):
    port, broker = mqtt_process
    lane = camera("qianyi", port)
    with Line() as line:
        broker.kill()
        line.line._lost_at -= brokers.AWAY_S
        line.until(lambda: not line.line._connected.is_set())
        line.line._lost_at -= brokers.AWAY_S + 1
        line.until(lambda: Device.objects.get(pk=lane.camera_id).health == "offline")
        broker.start_again()
        broker.wait_until(lambda: accepts(port))
        line.until(line.line._connected.is_set, 20)
        with publisher(port) as (say, _):
            end = time.monotonic() + 10
            while not Command.objects.exists() and time.monotonic() < end:
                say(f"aiot/plate/{SN}", qianyi())  # as the camera does until it is answered
                line.line._step(line.client)
    assert (Reading.objects.count(), Command.objects.count()) == (1, 1)
    assert Device.objects.get(pk=lane.camera_id).health == "online"


def test_an_order_reaches_the_cameras_relay_on_the_family_it_has_and_once(mqtt_process):
    port, _ = mqtt_process
    lane = camera("vzenith", port)
    Device.objects.filter(pk=lane.barrier_id).update(driver="vzenith", settings={})
    outbox.post(lane.barrier_id, Letter(41, "open", time.time() + 20, pulse_ms=600))
    family = f"{SN}/device/message"
    with publisher(port) as (say, heard), Line() as line:
        line.until(line.line._waiting.empty)
        assert outbox.state_of(lane.barrier_id, 41) == "waiting"  # nobody knows the family yet
        say(f"{family}/up/keep_alive", {"sn": SN})
        line.until(lambda: told(heard, f"{family}/down/gpio_out"))
        (order,) = told(heard, f"{family}/down/gpio_out")
        assert outbox.state_of(lane.barrier_id, 41) == "taken"
        say(f"{family}/down/gpio_out/reply", {"id": order["id"], "sn": SN, "code": 200})
        line.until(lambda: outbox.state_of(lane.barrier_id, 41) == "heard")
        outbox.post(lane.barrier_id, Letter(42, "open", time.time() - 1))
        say(f"{family}/up/keep_alive", {"sn": SN})
        line.until(line.line._waiting.empty)
        assert outbox.state_of(lane.barrier_id, 42) == "waiting"  # too late to be sent
        assert [topic for topic, _ in heard if "/down/gpio_out" in topic] == [
            f"{family}/down/gpio_out",
            f"{family}/down/gpio_out/reply",
        ]


def test_a_refused_password_is_told_and_not_tried_again_and_again(tmp_path):
    secrets = tmp_path / "passwords"
    secrets.write_text("")
    access = f"user root\nallow_anonymous false\npassword_file {secrets}\n"
    with mosquitto(tmp_path, access) as (port, server):
        lane = camera("vzenith", port, credentials={"username": "a", "password": "wrong"})
        (make,) = wanted_listeners(worker.devices_listened_to()).values()
        assert make()._session() == brokers.LOCKED_S
        assert server.log.count("not authorised") == 1
    found = Device.objects.get(pk=lane.camera_id)
    assert (found.health, found.health_code) == ("faulty", "not_authorised")


def test_a_flood_is_dropped_and_counted(mqtt_port):
    camera("frigate", mqtt_port)
    with publisher(mqtt_port) as (say, _), Line() as line:
        for _ in range(brokers.WAITING + 50):
            say("frigate/available", b"online")
        end = time.monotonic() + 5
        while not line.line.dropped and time.monotonic() < end:
            time.sleep(0.01)
        assert line.line._waiting.qsize() == brokers.WAITING
        assert line.line.dropped > 0


def test_one_line_for_a_broker_and_a_fault_for_settings_that_are_none(mqtt_port):
    first = camera("vzenith", mqtt_port)
    camera("qianyi", mqtt_port)
    broken = camera("frigate", mqtt_port, prefix="#")
    assert len(wanted_listeners(worker.devices_listened_to())) == 1
    camera("vzenith", mqtt_port, lane=first, credentials={"username": "a", "password": "b"})
    assert len(wanted_listeners(worker.devices_listened_to())) == 2
    found = Device.objects.get(pk=broken.camera_id)
    assert (found.health, found.health_code) == ("faulty", "settings_invalid")
