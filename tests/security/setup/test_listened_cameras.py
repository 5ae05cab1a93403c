"""Cameras that we listen to, in the set-up: typed, refused in words, asked, tried, taken away."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.devices import mqtt_cameras, pull
from community.devices.operations import ask_now
from community.models import Command, Device, Event, Lane
from security.models import Reading
from security.setup.camera_forms import FIELDS
from security.setup.steps import CheckList
from security.setup.typed import INVERTED
from security.viid import sessions
from tests.community import factories
from tests.community.devices.dahua_device import DahuaDevice
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.push.bodies import PLATE
from tests.community.devices.relay import PASSWORD, USER
from tests.community.devices.vzenith_broker import SN, BrokerCamera
from tests.security.pushes.cameras import nothing_happened, push_lane

pytestmark = pytest.mark.django_db
NUMBER = "41010000001190000007"
SIGN_IN = {"username": "linli", "password": "s3cret-7"}
TYPED: dict[str, dict[str, Any]] = {
    "hikvision": {"driver": "pull", "pull-format": "hikvision", "pull-address": "http://192.168.1.64",
                  "pull-channel": "2", "pull-own_certificate": "on", **SIGN_IN},
    "dahua": {"driver": "pull", "pull-format": "dahua", "pull-address": "http://192.168.1.65/",
              "pull-pictures": "on", "pull-silent_s": "30", **SIGN_IN},
    "vzenith": {"driver": "mqtt", "mqtt-format": "vzenith", "mqtt-host": "192.168.1.2",
                "mqtt-sn": SN, "mqtt-camera": "left over", **SIGN_IN},
    "qianyi": {"driver": "mqtt", "mqtt-format": "qianyi", "mqtt-host": "192.168.1.2",
               "mqtt-sn": SN, "mqtt-port": "8883", "mqtt-tls": "on"},
    "frigate": {"driver": "mqtt", "mqtt-format": "frigate", "mqtt-host": "192.168.1.2",
                "mqtt-camera": "gate", "mqtt-threshold": "95", "mqtt-timezone": "Asia/Urumqi"},
    "viid": {"driver": "viid", "viid-device_id": NUMBER, "viid-assumed_confidence": "90",
             **SIGN_IN},
}  # fmt: skip
KEPT: dict[str, dict[str, Any]] = {
    "hikvision": {"format": "hikvision", "address": "http://192.168.1.64", "channel": 2,
                  "verify_tls": False},
    "dahua": {"format": "dahua", "address": "http://192.168.1.65", "pictures": True,
              "silent_s": 30.0},
    "vzenith": {"format": "vzenith", "host": "192.168.1.2", "sn": SN},
    "qianyi": {"format": "qianyi", "host": "192.168.1.2", "sn": SN, "port": 8883, "tls": True},
    "frigate": {"format": "frigate", "host": "192.168.1.2", "camera": "gate", "threshold": 0.95,
                "timezone": "Asia/Urumqi"},
    "viid": {"device_id": NUMBER, "assumed_confidence": 0.9},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Path) -> None:
    settings.VAR_DIR, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    settings.DEVICE_LOOPBACK = True


@pytest.fixture
def lane() -> Lane:
    made: Lane = factories.lane(factories.compound(), camera=None, barrier=None, name="入口")
    return made


def signed_in(lane: Lane, role: str = "installer") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(factories.user(role, at=lane.compound))
    return client


def page_of(device: Device | None, name: str = "setup-device") -> str:
    assert device is not None
    return reverse(name, args=[device.pk])


def save(lane: Lane, values: dict[str, Any]) -> Any:
    page = reverse("setup-camera", args=[lane.pk])
    return signed_in(lane).post(page, {"name": "相机"} | values)


@pytest.mark.parametrize("kind", TYPED)
def test_each_is_typed_kept_and_shown_again_without_its_password(lane: Lane, kind: str):
    assert save(lane, TYPED[kind]).status_code == 302
    lane.refresh_from_db()
    assert lane.camera is not None
    assert (lane.camera.driver, lane.camera.settings) == (TYPED[kind]["driver"], KEPT[kind])
    kept = {name: TYPED[kind][name] for name in SIGN_IN if name in TYPED[kind]}
    assert lane.camera.credentials == kept
    client = signed_in(lane)
    for page in (
        reverse("setup-camera", args=[lane.pk]),
        page_of(lane.camera, "setup-change-device"),
    ):
        shown = client.get(page).content.decode()
        assert "s3cret-7" not in shown
        assert str(KEPT[kind].get("address") or KEPT[kind].get("host") or NUMBER) in shown
    steps = {step.name: step.url for step in CheckList(factories.user("manager", at=lane.compound),
                                                       lane.compound).steps}  # fmt: skip
    assert f"region-{lane.pk}" not in steps
    assert client.get(steps[f"push-{lane.pk}"])["Location"] == page_of(lane.camera)


@pytest.mark.parametrize(
    ("kind", "wrong", "field", "said"),
    [
        ("dahua", {"pull-address": ""}, "pull-address", "Enter the camera's address"),
        ("dahua", {"pull-address": "192.168.1.65"}, "pull-address", "This is no address"),
        ("dahua", {"pull-address": "http://192.168.1.65/x"}, "pull-address", "Without a path"),
        ("dahua", {"pull-address": "http://a:b@192.168.1.6"}, "pull-address", "not into the"),
        ("dahua", {"pull-address": "http://169.254.169.254"}, "pull-address", "is not allowed"),
        ("dahua", {"pull-channel": "0"}, "pull-channel", "greater than or equal to 1"),
        ("dahua", {"pull-format": "nokia"}, "pull-format", "not one of the available"),
        ("dahua", {"password": ""}, "password", "Enter the password."),
        ("vzenith", {"mqtt-host": ""}, "mqtt-host", "Enter the broker"),
        ("vzenith", {"mqtt-host": "169.254.169.254"}, "mqtt-host", "is not allowed"),
        ("vzenith", {"mqtt-sn": ""}, "mqtt-sn", "as it stands in its topics"),
        ("qianyi", {"mqtt-sn": "a/#"}, "mqtt-sn", "as it stands in its topics"),
        ("frigate", {"mqtt-camera": "+"}, "mqtt-camera", "as it stands in its topics"),
        ("frigate", {"mqtt-prefix": "a/+"}, "mqtt-prefix", "with / between"),
        ("frigate", {"mqtt-threshold": "10"}, "mqtt-threshold", "greater than or equal to 50"),
        ("viid", {"viid-device_id": "4101"}, "viid-device_id", "twenty digits"),
        ("viid", {"username": ""}, "username", "Enter the user name."),
        ("viid", {"name": ""}, "name", "Enter a name."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_changes_nothing(
    lane: Lane, kind: str, wrong: dict[str, str], field: str, said: str
):
    answer = save(lane, TYPED[kind] | wrong)
    assert answer.status_code == 422
    (found,) = [text for text in answer.context["form"].errors[field] if said in text]
    assert found in answer.content.decode().replace("&#x27;", "'")
    lane.refresh_from_db()
    assert lane.camera is None


def test_no_setting_of_a_camera_has_to_be_typed_as_json():
    for driver, options in (("pull", pull.Options), ("mqtt", mqtt_cameras.Options)):
        names = {field.name for field in dataclasses.fields(options)} - {"lane"}
        assert names == {INVERTED.get(name, name) for name in FIELDS[driver]}


def test_two_cameras_have_no_common_number_of_the_standard(lane: Lane):
    save(lane, TYPED["viid"])
    other = factories.lane(lane.compound, gate=lane.gate, camera=None, barrier=None, name="出口")
    answer = save(other, TYPED["viid"] | {"name": "另一台"})
    assert "Another camera here has this number." in answer.content.decode()


def test_a_password_stays_while_the_place_does_and_goes_to_no_other(lane: Lane):
    save(lane, TYPED["hikvision"])
    client, same = signed_in(lane), TYPED["hikvision"] | {"password": "", "pull-channel": "3"}
    lane.refresh_from_db()
    page = page_of(lane.camera, "setup-change-device")
    for values, kept in (
        (same, "s3cret-7"),
        (same | {"pull-address": "http://192.168.1.99"}, None),
    ):
        answer = client.post(page, {"name": "相机", "lanes": str(lane.pk)} | values)
        camera = Device.objects.get(pk=lane.camera_id)
        if kept is None:
            assert answer.context["form"].errors["password"] == ["Enter the password."]
            assert camera.settings["address"] == "http://192.168.1.64"
        else:
            assert camera.settings["channel"] == 3
            assert camera.credentials["password"] == kept


def test_a_second_camera_works_beside_the_lanes_own_and_moves_to_another(lane: Lane):
    save(lane, TYPED["qianyi"])
    other = factories.lane(lane.compound, gate=lane.gate, camera=None, barrier=None, name="出口")
    client = signed_in(lane)
    values = TYPED["frigate"] | {"name": "旁边", "lanes": str(lane.pk)}
    assert client.post(reverse("setup-new-device", args=["camera"]), values).status_code == 302
    beside = Device.objects.get(name="旁边")
    assert beside.settings == KEPT["frigate"] | {"lane": lane.pk}
    assert pull.Options.read({"format": "dahua", "address": "http://a", "lane": 1}).lane == 1
    assert mqtt_cameras.Options.read(beside.settings).lane == lane.pk
    client.post(page_of(beside, "setup-change-device"), values | {"lanes": str(other.pk)})
    other.refresh_from_db()
    beside.refresh_from_db()
    assert (other.camera, beside.settings) == (beside, KEPT["frigate"])


def test_a_device_is_taken_away_with_its_address_and_its_password():
    lane: Any = push_lane()
    camera, client = lane.camera, signed_in(lane)
    client.post(reverse("setup-push", args=[lane.pk]))
    token = camera.tokens.get()
    for _twice in range(2):
        assert client.post(page_of(camera, "setup-remove-device")).status_code == 302
    lane.refresh_from_db()
    token.refresh_from_db()
    kept = Device.objects.get(pk=camera.pk)
    assert (lane.camera, kept.is_active, kept.credentials) == (None, False, {})
    assert token.revoked_at is not None
    assert kept.name != camera.name
    shown = client.get(page_of(kept)).content.decode()
    assert "out of use" in shown


def test_a_barrier_is_given_to_lanes_and_takes_none_of_anothers(lane: Lane):
    own = factories.device(lane.compound, "barrier", "simulated", name="老道闸")
    taken = factories.lane(lane.compound, gate=lane.gate, camera=None, barrier=own, name="出口")
    client, page = signed_in(lane), reverse("setup-new-device", args=["barrier"])
    values = {"driver": "simulated", "name": "新道闸", "method": "GET", "auth": "none"}
    answer = client.post(page, values | {"lanes": [str(lane.pk), str(taken.pk)]})
    assert "is closed by “老道闸”" in answer.content.decode()
    assert not Device.objects.filter(name="新道闸").exists()
    assert client.post(page, values | {"lanes": [str(lane.pk)]}).status_code == 302
    lane.refresh_from_db()
    assert lane.barrier is not None
    assert lane.barrier.name == "新道闸"


def test_others_neither_change_nor_take_away():
    lane: Any = push_lane()
    for client in (signed_in(lane, "guard"), signed_in(push_lane())):
        for name in ("setup-change-device", "setup-remove-device"):
            assert client.post(page_of(lane.camera, name)).status_code == 404
    lane.refresh_from_db()
    assert lane.camera.is_active
    bank = factories.device(lane.compound, "locker_bank", "simulated_locker")
    installer = signed_in(lane)
    assert installer.get(page_of(bank, "setup-change-device")).status_code == 404
    assert installer.get(reverse("setup-new-device", args=["kiosk"])).status_code == 404


def camera_of(driver: str, settings: dict[str, Any], credentials: Any = None) -> Device:
    lane: Any = push_lane()
    device: Device = lane.camera
    device.driver, device.settings, device.serial = driver, settings, ""
    device.credentials = credentials or {}
    device.save()
    return device


@pytest.mark.parametrize("kind", TYPED)
def test_a_test_walks_the_whole_road_of_each_and_is_undone(kind: str):
    credentials: Any = {"username": "linli", "password": "s3cret-7"}
    device = camera_of(TYPED[kind]["driver"], KEPT[kind], credentials)
    client = signed_in(Lane.objects.get(camera=device))
    answer = client.post(page_of(device, "setup-try-device"), {"plate": PLATE})
    shown = answer.content.decode()
    assert "The barrier would have been told to open." in shown
    assert "<strong>Test</strong>" in shown
    assert nothing_happened()
    assert not Reading.objects.exists()
    assert not Command.objects.exists()
    assert Event.objects.get(kind="device.push_tried").payload["code"] == "vehicle_registered"
    wrong = device.settings | {"format": "nokia"}
    Device.objects.filter(pk=device.pk).update(settings=wrong, driver="pull")
    assert client.post(page_of(device, "setup-try-device"), {"plate": PLATE}).status_code == 404


@pytest.mark.parametrize("maker", [HikvisionDevice, DahuaDevice])
def test_a_camera_that_we_read_from_says_what_it_is_and_how_its_clock_goes(maker: Any):
    with maker() as box:
        kind = "hikvision" if maker is HikvisionDevice else "dahua"
        device = camera_of("pull", {"format": kind, "address": box.url},
                           {"username": USER, "password": PASSWORD})  # fmt: skip
        client = signed_in(Lane.objects.get(camera=device))
        said = client.post(page_of(device, "setup-ask-device"), follow=True).content.decode()
        assert "It answers." in said
        assert "Model: " in said
        # It tells whole seconds.
        assert re.search("Its clock is (89|90) s ahead. Set it by NTP.", said)
        device.credentials = json.loads('{"username": "linli", "password": "wrong"}')
        device.save()
        said = client.post(page_of(device, "setup-ask-device"), follow=True).content.decode()
        assert "refuses our password" in said or "refused our password" in said
        assert box.pulses == []
    said = client.post(page_of(device, "setup-ask-device"), follow=True).content.decode()
    assert "It answers." not in said


def test_a_camera_behind_a_broker_is_asked_or_heard(mqtt_port: int):
    place = {"host": "127.0.0.1", "port": mqtt_port}
    device = camera_of("mqtt", {"format": "vzenith", "sn": SN, **place})
    with BrokerCamera(mqtt_port) as camera:
        asked = ask_now(device)
        assert (asked.state, asked.code) == ("online", "")
        assert asked.found is not None
        assert round(asked.found.ahead_s or 0) in (94, 95)
        assert camera.orders() == []
    assert (ask_now(device).state, ask_now(device).code) == ("offline", "heard_nothing")
    device.settings = {"format": "frigate", "camera": "gate", **place}
    assert ask_now(device).code == "heard_nothing"
    device.settings = {"format": "vzenith", "sn": SN, "host": "127.0.0.1", "port": 9}
    assert ask_now(device).code == "unreachable"
    device.settings = {"format": "vzenith"}
    assert ask_now(device).code == "settings_invalid"


def test_a_camera_of_the_standard_says_whether_it_registered():
    device = camera_of("viid", KEPT["viid"], {"username": "linli", "password": "s3cret-7"})
    client = signed_in(Lane.objects.get(camera=device))
    assert "Platform to type into it" in client.get(page_of(device)).content.decode()
    ask = page_of(device, "setup-ask-device")
    assert "has not registered here yet" in client.post(ask, follow=True).content.decode()
    sessions.begin(NUMBER, "192.168.1.77", [device.pk])
    said = client.post(ask, follow=True).content.decode()
    assert "It is registered here, from 192.168.1.77" in said


def test_a_probe_says_the_same_and_what_was_heard(capsys: pytest.CaptureFixture[str]):
    with HikvisionDevice() as box:
        device = camera_of("pull", {"format": "hikvision", "address": box.url},
                           {"username": USER, "password": PASSWORD})  # fmt: skip
        client = signed_in(Lane.objects.get(camera=device))
        client.post(page_of(device, "setup-try-device"), {"plate": PLATE})
        call_command("probe_device", str(device.pk), "--bodies")
    told = capsys.readouterr().out
    assert "now: online" in told
    assert "model: DS-TCG406-E" in told
    assert PLATE in told
    assert PASSWORD not in told


def test_the_forms_ask_the_database_little():
    lane: Any = push_lane()
    client = signed_in(lane)
    for page in (
        page_of(lane.camera, "setup-change-device"),
        page_of(lane.barrier, "setup-change-device"),
        reverse("setup-new-device", args=["door"]),
    ):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= 15
