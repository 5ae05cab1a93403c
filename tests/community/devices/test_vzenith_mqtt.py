"""What is a Vzenith camera's own about an order over MQTT, beside the contract of all barriers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from community.devices.base import DeviceFault
from community.devices.drivers.vzenith_mqtt import VzenithMqtt
from tests.community.devices.vzenith_broker import SN, BrokerCamera

pytestmark = pytest.mark.pure


def driver(at: int, **settings: Any) -> VzenithMqtt:
    own = {"device_id": 7, "host": "127.0.0.1", "port": at, "sn": SN, "timeout_s": 0.7}
    return VzenithMqtt(own | settings, {})


@pytest.fixture(params=[False, True], ids=["new", "old"])
def camera(request: pytest.FixtureRequest, mqtt_port: int) -> Iterator[BrokerCamera]:
    with BrokerCamera(mqtt_port, is_old=request.param) as made:
        yield made


def test_an_order_goes_to_the_family_that_answered_and_to_no_other(camera):
    other = BrokerCamera(camera.port, is_old=not camera.family.startswith(SN))
    with other:
        other.sn, other.mode = SN, "obey"
        other._on_message = lambda *_: None
        other._client.on_message = lambda _c, _d, one: other.said.append((one.topic, {}))
        driver(camera.port).open(command_id=1)
    assert camera.orders() == [f"{camera.family}/down/gpio_out"]
    assert [topic for topic, _ in other.said if "gpio_out" in topic] == []
    assert camera.retained == []


@pytest.mark.parametrize("mode", ["twice", "stranger"])
def test_answers_that_come_twice_or_are_anothers_open_once(camera, mode):
    camera.mode = mode
    driver(camera.port).open(command_id=1, pulse_ms=600)
    assert camera.pulses == [(0, 600)]


def test_a_strangers_yes_is_no_yes(camera):
    camera.mode = "refuse"
    with pytest.raises(DeviceFault, match="refused_500"):
        driver(camera.port).open(command_id=1)
    assert camera.pulses == []


def test_what_the_camera_cannot_time_is_refused_or_rounded_up(camera):
    with pytest.raises(DeviceFault, match="pulse_refused"):
        driver(camera.port).open(command_id=1, pulse_ms=6000)
    driver(camera.port).open(command_id=2, pulse_ms=200)
    assert camera.pulses == [(0, 500)]


def test_an_order_that_is_late_is_not_sent(camera):
    late = timezone.now() - timedelta(seconds=1)
    with pytest.raises(DeviceFault, match="expired"):
        driver(camera.port, send_before=late).open(command_id=1)
    assert camera.orders() == []


def test_another_camera_at_the_same_broker_hears_nothing(camera):
    with BrokerCamera(camera.port, sn="1111-2222") as other:
        driver(camera.port).open(command_id=1)
    assert (other.said, camera.pulses) == ([], [(0, 800)])


@pytest.mark.parametrize(
    "wrong",
    [{"sn": ""}, {"sn": "+"}, {"sn": "a/#"}, {"host": ""}, {"port": 0}, {"io": 4}, {"tls": 1},
     {"open_input": 99}, {"timeout_s": 60}, {"unknown": 1}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(1883, **wrong)
