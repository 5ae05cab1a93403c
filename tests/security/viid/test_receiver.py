"""Devices and gateways by GA/T 1400: they register, keep alive, tell of cars, never of people."""

from __future__ import annotations

import hashlib
import json
import os
import re

import pytest
from django.core.cache import caches
from django.db import OperationalError
from django.test import Client

from community.devices.viid import proof
from community.models import Command, Device
from security.models import Passage, Picture, Reading
from security.pushes import taking
from security.viid import sessions, tries
from tests.community.devices.push.bodies import CST, PLATE, b64, jpeg, now
from tests.security.gates import OTHER
from tests.security.pushes.cameras import push_lane

pytestmark = pytest.mark.django_db
GATEWAY, CAMERA = "41010000005030000001", "41010000001190000007"
REGISTER = "/VIID/System/Register"
USER, PASSWORD = "gateway", "S3cret-word"


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    caches["shared"].clear()
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def lane():
    found = push_lane()
    found.camera.driver, found.camera.serial = "viid", ""
    found.camera.settings = {"device_id": CAMERA}
    found.camera.credentials = {"username": USER, "password": PASSWORD}
    found.camera.save()
    return found


class Gateway:
    """A device's side of the standard."""

    def __init__(self, address: str = "10.0.0.7", number: str = GATEWAY) -> None:
        self.client, self.address, self.number = Client(), address, number

    def send(self, path: str, values, method: str = "POST", **headers):
        body = values if isinstance(values, bytes) else json.dumps(values).encode()
        return self.client.generic(
            method, f"/VIID/{path}", body, "application/VIID+JSON; charset=utf-8",
            REMOTE_ADDR=self.address, headers={"User-Identify": self.number} | headers,
        )  # fmt: skip

    def register(self, password: str = PASSWORD, user: str = USER, uri: str = REGISTER, **changed):
        hello = {"RegisterObject": {"DeviceID": self.number}}
        asked = self.send("System/Register", hello)
        assert asked.status_code == 401
        nonce = re.search(r'nonce="([^"]+)"', asked["WWW-Authenticate"])[1]
        first, last = md5(f"{user}:{proof.REALM}:{password}"), md5(f"POST:{uri}")
        fields = {
            "username": user, "realm": proof.REALM, "nonce": nonce, "uri": uri, "qop": "auth",
            "nc": "00000001", "cnonce": "0a4f",
            "response": md5(f"{first}:{nonce}:00000001:0a4f:auth:{last}"),
        } | changed  # fmt: skip
        given = "Digest " + ", ".join(f'{name}="{value}"' for name, value in fields.items())
        return self.send("System/Register", hello, Authorization=given)


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()  # noqa: S324 - the standard's


@pytest.fixture
def gateway(lane):
    one = Gateway()
    assert code_of(one.register()) == 0
    return one


def code_of(answer) -> int:
    return json.loads(answer.content)["ResponseStatusObject"]["StatusCode"]


def codes(answer) -> list:
    rows = json.loads(answer.content)["ResponseStatusListObject"]["ResponseStatusObject"]
    return [(row["Id"], row["StatusCode"]) for row in rows]


def car(plate: str = PLATE, key: str = "car-1", **values):
    told = {
        "MotorVehicleID": key,
        "DeviceID": CAMERA,
        "HasPlate": "1",
        "PlateNo": plate,
        "PlateColor": "5",
        "PlateReliability": "97",
        "PassTime": now().astimezone(CST).strftime("%Y%m%d%H%M%S"),
        "SubImageList": {
            "SubImageInfoObject": [
                {"Type": "11", "Data": b64(jpeg(90, 90, 9))},
                {"Type": "14", "Data": b64(jpeg(160, 90))},
            ]
        },
    }
    return told | values


def vehicles(*cars):
    return {"MotorVehicleListObject": {"MotorVehicleObject": list(cars)}}


def test_a_car_told_by_a_gateway_is_let_in_once(gateway, lane):
    body = vehicles(car())
    for _ in range(2):
        assert codes(gateway.send("MotorVehicles", body)) == [("car-1", 0)]
    reading = Reading.objects.get()
    assert (reading.plate, reading.colour, reading.device) == (PLATE, "blue", lane.camera)
    assert (reading.passage.outcome, Command.objects.count()) == ("allow", 1)
    assert (reading.picture.width, reading.picture.height) == (160, 90)


SHAPES = {
    "one without a list": {"MotorVehicleListObject": {"MotorVehicleObject": car()}},
    "bare": {"MotorVehicleObject": car()},
    "notified": {
        "SubscribeNotificationListObject": {
            "SubscribeNotificationObject": [
                {"MotorVehicleObjectList": {"MotorVehicleObject": [car()]}, "SubscribeDeatil": "13"}
            ]
        }
    },
    "by its gate": vehicles(car(DeviceID="", TollgateID=CAMERA)),
    "numbers as numbers": vehicles(car(HasPlate=1, PlateColor=5, PlateReliability=97)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_cars_are_found_wherever_makers_put_them(gateway, shape):
    where = "SubscribeNotifications" if shape == "notified" else "MotorVehicles"
    assert [code for _, code in codes(gateway.send(where, SHAPES[shape]))] == [0]
    assert Reading.objects.get().plate == PLATE


NOT_OPENING = {
    "a stranger": {"plate": OTHER},
    "no plate": {"HasPlate": "0"},
    "no plate, said so": {"plate": "无牌车"},
    "an unsure plate": {"PlateReliability": "30"},
    "no sureness": {"PlateReliability": None},
    "an old time": {"PassTime": "20250101080000"},
    "no time": {"PassTime": ""},
    "a time of nonsense": {"PassTime": "20251399999999"},
    "markup": {"plate": "<script>"},
}


@pytest.mark.parametrize("why", NOT_OPENING)
def test_what_must_not_open_is_answered_as_taken(gateway, why):
    assert codes(gateway.send("MotorVehicles", vehicles(car(**NOT_OPENING[why])))) == [("car-1", 0)]
    assert Passage.objects.exists()
    assert not Command.objects.exists()


def test_faces_and_persons_are_answered_and_never_kept(gateway):
    faces = {"FaceListObject": {"FaceObject": [{"FaceID": "f1", "SubImageList": {}}]}}
    persons = {"PersonListObject": {"PersonObject": {"PersonID": "p1", "Name": "周岚"}}}
    assert codes(gateway.send("Faces", faces)) == [("f1", 0)]
    assert codes(gateway.send("Persons", persons)) == [("p1", 0)]
    only_face = car(SubImageList={"SubImageInfoObject": {"Type": "11", "Data": b64(jpeg())}})
    gateway.send("MotorVehicles", vehicles(only_face))
    assert not Picture.objects.exists()


def test_a_camera_of_nobody_and_of_another_account_is_not_heard(gateway, lane):
    assert codes(gateway.send("MotorVehicles", vehicles(car(DeviceID="4" * 20)))) == [("car-1", 0)]
    Device.objects.filter(pk=lane.camera_id).update(is_active=False)
    other = push_lane().camera
    other.driver, other.settings = "viid", {"device_id": "5" * 20}
    other.credentials = {"username": "somebody", "password": "else"}
    other.save()
    gateway.send("MotorVehicles", vehicles(car(), car(DeviceID="5" * 20)))
    assert not Reading.objects.exists()


WRONG = {
    "password": {"password": "wrong"},
    "user": {"user": "admin"},
    "path": {"uri": "/VIID/System/Keepalive"},
    "nonce": {"nonce": "1.ab"},
    "realm": {"realm": "another"},
    "algorithm": {"algorithm": "SHA-256"},
    "response": {"response": "é"},
}


@pytest.mark.parametrize("what", WRONG)
def test_nobody_registers_without_the_proof(lane, what):
    one = Gateway()
    assert one.register(**WRONG[what]).status_code == 401
    assert one.send("MotorVehicles", vehicles(car())).status_code == 401
    assert not Reading.objects.exists()


def test_a_nonce_is_good_for_its_address_and_for_a_minute(lane, monkeypatch):
    one = Gateway()
    real = one.send

    def from_elsewhere(path, values, method="POST", **headers):
        one.address = "10.0.0.66" if "Authorization" in headers else "10.0.0.7"
        return real(path, values, method, **headers)

    monkeypatch.setattr(one, "send", from_elsewhere)
    assert one.register().status_code == 401
    monkeypatch.setattr(one, "send", real)
    monkeypatch.setattr(proof, "GOOD_S", -1)
    assert one.register().status_code == 401


def test_guesses_are_counted_and_the_right_password_waits_too(lane, monkeypatch, settings):
    one = Gateway()
    for _guess in range(settings.AXES_FAILURE_LIMIT - 1):
        assert one.register(password="wrong").status_code == 401
    assert one.register().status_code == 200  # which clears the count
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        assert one.register(password="wrong").status_code == 401
    held = one.register()
    assert (held.status_code, "WWW-Authenticate" in held) == (403, False)
    assert one.send("System/Keepalive", {}).status_code == 200  # who is registered stays so
    assert Gateway("10.0.0.8").register().status_code == 200
    # Under ever new names an address comes no further.
    monkeypatch.setattr(tries, "MOST_OF_ADDRESS", 10)
    for guess in range(tries.MOST_OF_ADDRESS):
        Gateway("10.0.0.9").register(user=f"user-{guess}")
    assert Gateway("10.0.0.9").register().status_code == 403
    # Without the cache nobody is held up.
    monkeypatch.setattr(tries, "caches", {})
    assert one.register().status_code == 200


def test_a_number_counts_from_its_address_until_it_is_silent_or_leaves(gateway, tmp_path):
    assert code_of(gateway.send("System/Keepalive", {"KeepaliveObject": {}})) == 0
    assert Gateway("10.9.9.9").send("System/Keepalive", {}).status_code == 401
    assert Gateway(number="../../../etc/passwd").send("MotorVehicles", {}).status_code == 401
    late = now().timestamp() - sessions.SILENT_S - 5
    os.utime(tmp_path / "viid" / GATEWAY, (late, late))
    assert gateway.send("System/Keepalive", {}).status_code == 401
    gateway.register()
    assert code_of(gateway.send("System/UnRegister", {})) == 0
    assert gateway.send("MotorVehicles", vehicles(car())).status_code == 401


def test_a_number_that_is_none_is_not_registered(lane):
    assert code_of(Gateway(number="12345").register()) == 4


def test_without_such_a_device_nothing_is_there():
    one = Gateway()
    assert one.send("System/Register", {}).status_code == 404
    assert one.send("MotorVehicles", vehicles(car())).status_code == 404


@pytest.mark.parametrize("rubbish", [b"{", b"[]", b"\xff", b'{"a":' * 9_000])
def test_rubbish_is_said_to_be_that(gateway, rubbish):
    assert code_of(gateway.send("MotorVehicles", rubbish)) == 6
    assert not Reading.objects.exists()


@pytest.mark.parametrize(
    "odd",
    [{"MotorVehicleListObject": 7}, {"MotorVehicleListObject": {"MotorVehicleObject": [1, None]}},
     {"FaceListObject": []}, {"SubscribeNotificationListObject": "x"}, {}],
)  # fmt: skip
def test_odd_shapes_are_empty_lists(gateway, odd):
    assert codes(gateway.send("MotorVehicles", odd)) == []


def test_what_cannot_be_stored_now_shall_come_again(gateway, monkeypatch):
    def busy(*_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(taking.operations, "take_reading", busy)
    assert codes(gateway.send("MotorVehicles", vehicles(car()))) == [("car-1", 2)]
    monkeypatch.undo()


def test_a_hundred_at_once_and_no_more(gateway):
    many = [car(OTHER, key=f"c{number}", DeviceID="9" * 20) for number in range(103)]
    answers = codes(gateway.send("MotorVehicles", vehicles(*many)))
    assert [code for _, code in answers].count(2) == 3


def test_the_time_is_told_and_the_camera_is_online(gateway, lane):
    told = json.loads(gateway.send("System/Time", b"", "GET").content)
    assert re.fullmatch(r"20\d{12}", told["SystemTimeObject"]["LocalTime"])
    assert Device.objects.get(pk=lane.camera_id).health == "online"
