"""Barriers of makers with a driver of their own, entered at set-up."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from community.devices.registry import driver_for
from community.models import Lane
from security.setup.maker_forms import FIELDS
from tests.community import factories
from tests.security.setup.test_pages import signed_in

pytestmark = pytest.mark.django_db
PLAIN = {"name": "道闸", "method": "GET", "auth": "none"}
TYPED: dict[str, dict[str, Any]] = {
    "hikvision_barrier": {"url": "http://192.168.1.32", "hold": "lock", "holds_list": "on"},
    "hikvision_door": {"url": "http://192.168.1.40", "door": "2"},
    "dahua_barrier": {"url": "http://192.168.1.33", "open_input": "0", "hold_output": "1"},
    "dahua_door": {"url": "http://192.168.1.41", "channel": "1"},
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
    assert TYPED[driver].get("url", TYPED[driver].get("host")) in shown
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


def test_what_the_page_does_not_ask_for_is_kept(lane):
    client, page = signed_in("installer", lane.compound), reverse("setup-barrier", args=[lane.pk])
    client.post(page, sent("shelly", host="192.168.1.2", topic="a"))
    lane.refresh_from_db()
    lane.barrier.settings |= {"tls": True, "timeout_s": 4.0}
    lane.barrier.save()
    assert client.post(page, sent("shelly", host="192.168.1.2", topic="b")).status_code == 302
    lane.barrier.refresh_from_db()
    own = {"host": "192.168.1.2", "topic": "b", "tls": True, "timeout_s": 4.0}
    assert lane.barrier.settings == own
    client.post(page, sent("dahua_door", url="http://192.168.1.41"))
    lane.barrier.refresh_from_db()
    assert lane.barrier.settings == {"url": "http://192.168.1.41"}
