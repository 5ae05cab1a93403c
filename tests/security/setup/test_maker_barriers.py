"""Barriers of makers with a driver of their own, entered at set-up."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from django.urls import reverse

from community.devices import modbus_switch, registry, vzenith_talk
from community.devices.drivers import (
    dahua_barrier,
    dahua_door,
    hikvision_barrier,
    hikvision_door,
    http_relay,
    shelly,
    tasmota,
    vzenith,
)
from community.devices.registry import driver_for
from community.models import Lane
from parcels.pages.connect_forms import DRIVERS
from security import listening, sources
from security.setup.camera_forms import CAMERAS
from security.setup.device_forms import BARRIERS, BarrierForm
from security.setup.maker_forms import FIELDS, RELAY_MORE
from security.setup.typed import INVERTED
from tests.community import factories
from tests.security.setup.test_pages import signed_in

pytestmark = pytest.mark.django_db
OPTIONS: dict[str, Any] = {
    "hikvision_barrier": hikvision_barrier.Options,
    "hikvision_door": hikvision_door.Options,
    "dahua_barrier": dahua_barrier.Options,
    "dahua_door": dahua_door.Options,
    "vzenith": vzenith.Options,
    "vzenith_mqtt": vzenith_talk.Options,
    "shelly": shelly.Options,
    "tasmota": tasmota.Options,
    "modbus_relay": modbus_switch.Options,
    "http_relay": http_relay.Options,
}
PLAIN = {"name": "道闸", "method": "GET", "auth": "none"}
TYPED: dict[str, dict[str, Any]] = {
    "hikvision_barrier": {"url": "http://192.168.1.32", "hold": "lock", "holds_list": "on"},
    "hikvision_door": {"url": "http://192.168.1.40", "door": "2"},
    "dahua_barrier": {"url": "http://192.168.1.33", "open_input": "0", "hold_output": "1"},
    "dahua_door": {"url": "http://192.168.1.41", "channel": "1"},
    "vzenith": {"output": "io", "open_input": "1", "quiet_s": "0.5"},
    "vzenith_mqtt": {"host": "192.168.1.2", "sn": "7c1e0b42-9f3d11a0", "holds_list": "on"},
    "shelly": {"host": "192.168.1.2", "topic": "shellyplus1-a8032ab1", "generation": "2"},
    "tasmota": {"url": "http://192.168.1.52", "input": "1", "input_means": "closed"},
    "modbus_relay": {"host": "192.168.1.60", "coil": "3", "pulse": "flash"},
}


@pytest.fixture
def lane() -> Lane:
    return factories.lane(factories.compound(), camera=None, barrier=None, name="入口")


def sent(driver: str, **fields: Any) -> dict[str, Any]:
    own = {f"{driver}-{name}": value for name, value in fields.items()}
    return PLAIN | {"driver": driver} | own


@pytest.mark.parametrize("driver", FIELDS)
def test_each_is_typed_kept_and_shown_again(lane, driver):
    client, page = signed_in("installer", lane.compound), reverse("setup-barrier", args=[lane.pk])
    secrets = {"maker_username": "linli", "maker_password": "s3cret"}
    answer = client.post(page, sent(driver, **TYPED[driver]) | secrets)
    assert answer.status_code == 302
    lane.refresh_from_db()
    assert lane.barrier is not None
    assert lane.barrier.driver == driver
    assert {name: str(value) for name, value in lane.barrier.settings.items()} == {
        name: "True" if value == "on" else value for name, value in TYPED[driver].items()
    }
    assert driver_for(lane.barrier)
    assert lane.barrier.credentials == {"username": "linli", "password": "s3cret"}
    shown = client.get(page).content.decode()
    assert next(iter(TYPED[driver].values())) in shown
    assert "s3cret" not in shown


@pytest.mark.parametrize(
    ("driver", "fields", "said"),
    [
        ("hikvision_barrier", {}, "settings do not fit together"),
        ("hikvision_barrier", {"url": "192.168.1.32"}, "This is no address"),
        ("hikvision_barrier", {"url": "http://192.168.1.32/ISAPI"}, "do not fit together"),
        ("dahua_door", {"url": "http://169.254.169.254"}, "is not allowed"),
        ("shelly", {"host": "192.168.1.2"}, "do not fit together"),
        ("shelly", {"host": "169.254.169.254", "topic": "a"}, "is not allowed"),
        ("tasmota", {"url": "http://192.168.1.5", "host": "192.168.1.2"}, "do not fit together"),
        ("modbus_relay", {"host": "192.168.1.60", "unit": "0"}, "greater than or equal to 1"),
        ("modbus_relay", {"host": "192.168.1.60", "pulse": "sleep"}, "not one of the available"),
    ],
)
def test_what_makes_no_sense_is_told_and_changes_nothing(lane, driver, fields, said):
    client = signed_in("installer", lane.compound)
    answer = client.post(reverse("setup-barrier", args=[lane.pk]), sent(driver, **fields))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    lane.refresh_from_db()
    assert lane.barrier is None


def test_a_password_goes_to_no_other_address(lane):
    client, page = signed_in("installer", lane.compound), reverse("setup-barrier", args=[lane.pk])
    first = sent("dahua_door", url="http://192.168.1.41") | {"maker_password": "s3cret"}
    client.post(page, first)
    client.post(page, sent("dahua_door", url="http://192.168.1.41"))
    lane.refresh_from_db()
    assert lane.barrier.credentials == {"password": "s3cret"}
    client.post(page, sent("dahua_door", url="http://192.168.1.99"))
    lane.refresh_from_db()
    lane.barrier.refresh_from_db()
    assert lane.barrier.credentials == {}


def test_what_is_folded_is_shown_again_and_may_be_taken_back(lane):
    client, page = signed_in("installer", lane.compound), reverse("setup-barrier", args=[lane.pk])
    own = {"url": "http://192.168.1.41", "timeout_s": "4.5", "own_certificate": "on", "user": "7"}
    client.post(page, sent("dahua_door", **own))
    lane.refresh_from_db()
    assert lane.barrier.settings == {
        "url": "http://192.168.1.41", "timeout_s": 4.5, "verify_tls": False, "user": "7",
    }  # fmt: skip
    shown = client.get(page).content.decode()
    assert 'value="4.5"' in shown
    assert 'name="dahua_door-own_certificate"' in shown
    client.post(page, sent("dahua_door", url="http://192.168.1.41"))
    lane.barrier.refresh_from_db()
    assert lane.barrier.settings == {"url": "http://192.168.1.41"}


def test_a_relay_told_by_http_keeps_all_that_was_typed(lane):
    client, page = signed_in("installer", lane.compound), reverse("setup-barrier", args=[lane.pk])
    own = {
        "open_url": "http://192.168.1.50/on?t={pulse_s}",
        "status_url": "http://192.168.1.50/s",
        "http_relay-keep_open_url": "http://192.168.1.50/hold",
        "http_relay-release_url": "http://192.168.1.50/free",
        "http_relay-open_contains": '"input":true',
        "http_relay-fire_contains": '"fire":1',
    }
    assert client.post(page, PLAIN | {"driver": "http_relay"} | own).status_code == 302
    lane.refresh_from_db()
    assert lane.barrier.settings["keep_open_url"] == "http://192.168.1.50/hold"
    assert driver_for(lane.barrier)
    assert "http://192.168.1.50/hold" in client.get(page).content.decode()
    wrong = own | {"http_relay-release_url": "http://169.254.169.254/x"}
    answer = client.post(page, PLAIN | {"driver": "http_relay"} | wrong)
    assert answer.status_code == 422
    assert "is not allowed" in answer.content.decode()


@pytest.mark.parametrize("driver", [*FIELDS, "http_relay"])
def test_no_setting_of_a_driver_has_to_be_typed_as_json(driver):
    """Every setting that a driver reads is a field of its form."""
    names = {field.name for field in dataclasses.fields(OPTIONS[driver])}
    asked = FIELDS.get(driver) or {**RELAY_MORE, **dict.fromkeys(BarrierForm.RELAY)}
    assert names == {INVERTED.get(name, name) for name in asked}


def test_every_driver_that_we_ship_has_a_form():
    lockers = {name for name, _label in DRIVERS}
    barriers = {name for name, _label in BARRIERS}
    assert set(registry.names()) == lockers | barriers
    cameras = {name for name, _label in CAMERAS}
    assert cameras == {*sources.DRIVERS, *listening.DRIVERS, "push", "viid"}
