"""Shelly and Tasmota: the pulse is the relay's, an opening ends no hold, nothing is retained."""

from __future__ import annotations

import queue
import threading
import time
from datetime import timedelta
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion

from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.drivers.shelly import Shelly
from community.devices.drivers.tasmota import Tasmota
from tests.community.devices.small_relay import BrokerRelay, WebRelay
from tests.servers.brokers import mosquitto
from tests.servers.process import spare_port

pytestmark = pytest.mark.pure
KINDS: dict[str, tuple[Any, dict[str, Any]]] = {
    "shelly2": (Shelly, {}),
    "shelly1": (Shelly, {"generation": 1}),
    "tasmota": (Tasmota, {}),
}
HOUR = timedelta(hours=1)


def web(relay: WebRelay, credentials: Any = None, **settings: Any) -> Any:
    kind, own = KINDS[relay.maker]
    return kind({"url": relay.url, "timeout_s": 0.5} | own | settings, credentials or {})


def behind(relay: BrokerRelay, credentials: Any = None, **settings: Any) -> Any:
    kind, own = KINDS[relay.maker]
    own = own | {"host": "127.0.0.1", "port": relay.port, "topic": relay.topic}
    own |= {"auto_off": True} if relay.maker == "shelly1" else {}
    return kind({**own, "timeout_s": 0.7, **settings}, credentials or {})


@pytest.mark.parametrize("maker", KINDS)
def test_an_opening_does_not_end_what_somebody_holds_open(maker):
    with WebRelay(maker=maker) as relay:
        driver = web(relay)
        driver.keep_open(command_id=1, until=timezone.now() + HOUR)
        driver.open(command_id=2)
        assert (len(relay.commands()), relay.works.pulses) == (1, [])
        assert relay.works.timer_s == pytest.approx(3600, abs=1)
        driver.release(command_id=3)
        driver.open(command_id=4)
        assert len(relay.works.pulses) == 1


def test_a_first_shelly_that_counts_whole_seconds_is_told_whole_seconds():
    with WebRelay(maker="shelly1") as relay:
        web(relay).open(command_id=1, pulse_ms=300)
        assert "timer=1" in relay.commands()[0].target
        assert relay.works.pulses == [(0, 1000)]


@pytest.mark.parametrize(("maker", "fault"), [("shelly1", DeviceSilent), ("tasmota", DeviceFault)])
def test_a_relay_that_does_not_take_the_pulse_is_told_of(maker, fault):
    """A Shelly says so after it switched; Tasmota is not even switched on."""
    with WebRelay(maker=maker, mode="no_timer") as relay:
        with pytest.raises(fault, match="pulse_not_timed"):
            web(relay).open(command_id=1)
        assert relay.works.is_on is (maker == "shelly1")


def test_the_relays_password_is_used_and_not_hammered():
    with WebRelay(auth="digest") as relay:
        right = {"username": "linli", "password": 'pass"word'}
        web(relay, right, device_id=7).open(command_id=1)
        assert len(relay.works.pulses) == 1
        for _time in range(4):
            with pytest.raises(DeviceFault, match=r"not_authorised|password_held_back"):
                web(relay, {**right, "password": "wrong"}, device_id=7).open(command_id=1)
        refused = [one for one in relay.requests if "authorization" in one.headers]
        assert len(refused) == 2 + 2  # a question and an order that were let in, two that were not


@pytest.mark.parametrize("maker", KINDS)
def test_nothing_is_retained_and_nothing_waits_for_a_relay_that_was_away(mqtt_port, maker):
    topic = f"kept/{maker}"
    with BrokerRelay(mqtt_port, topic, maker) as relay:
        driver = behind(relay)
        driver.open(command_id=1)
        relay.vanish()
        with pytest.raises(DeviceFault, match="unreachable"):
            driver.open(command_id=2)
    assert len(relay.works.pulses) == 1
    kept = retained(mqtt_port, "#")
    words = ("command", "rpc", "cmnd")
    assert [name for name in kept if any(word in name for word in words)] == []
    with BrokerRelay(mqtt_port, topic, maker) as again:
        assert behind(again).health().state == "online"
        assert (again.orders, again.retained) == ([], [])


def retained(port: int, topics: str) -> list[str]:
    """The topics that a newcomer is told at once."""
    told: queue.Queue[str] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: told.put(message.topic)
    client.on_subscribe = lambda *_: client.publish("end/of/it", "x")
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe(topics)
    found = []
    while (topic := told.get(timeout=5)) != "end/of/it":
        found.append(topic)
    client.disconnect()
    client.loop_stop()
    return found


@pytest.mark.parametrize("maker", KINDS)
def test_an_answer_that_comes_twice_is_one_opening(mqtt_port, maker):
    with BrokerRelay(mqtt_port, f"twice/{maker}", maker) as relay:
        relay.mode = "twice"
        for number in (1, 2):
            behind(relay).open(command_id=number)
        assert len(relay.works.pulses) == len(relay.orders) == 2


def test_a_late_order_is_not_sent(mqtt_port):
    with BrokerRelay(mqtt_port, "late/a") as relay:
        driver = behind(relay, send_before=timezone.now() - timedelta(seconds=1))
        with pytest.raises(DeviceFault, match="expired"):
            driver.open(command_id=1)
        assert relay.orders == []


def test_a_relay_that_never_signed_in_is_told_of(mqtt_port):
    driver = behind(BrokerRelay(mqtt_port, "nobody/here"))
    with pytest.raises(DeviceFault, match="relay_never_seen"):
        driver.open(command_id=1)
    assert driver.health() == Health("faulty", "relay_never_seen")
    assert driver.state() is BarrierState.UNKNOWN


def test_no_broker_is_unreachable_and_loopback_is_refused_where_it_is(settings):
    driver = behind(BrokerRelay(spare_port(), "a"))
    assert driver.health() == Health("offline", "unreachable")
    settings.DEVICE_LOOPBACK = False
    assert driver.health() == Health("faulty", "address_refused")


def test_a_broker_that_refuses_our_password_is_told_of(tmp_path):
    (tmp_path / "passwords").write_text("")
    access = f"user root\nallow_anonymous false\npassword_file {tmp_path / 'passwords'}\n"
    with mosquitto(tmp_path, access) as (port, _):
        driver = behind(BrokerRelay(port, "a"), {"username": "x", "password": "y"})
        with pytest.raises(DeviceFault, match="not_authorised"):
            driver.open(command_id=1)


@pytest.mark.parametrize("kind", [Shelly, Tasmota])
@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"url": "http://192.168.1.50", "host": "192.168.1.2", "topic": "a"},
        {"host": "192.168.1.2"},
        {"host": "192.168.1.2", "topic": "a/#"},
        {"host": "192.168.1.2", "topic": "a/+/b"},
        {"host": "192.168.1.2", "topic": "a", "port": 0},
        {"url": "http://192.168.1.50/rpc"},
        {"url": "http://192.168.1.50", "channel": -1},
        {"url": "http://192.168.1.50", "input": 99},
        {"url": "http://192.168.1.50", "input_means": "ajar"},
        {"url": "http://192.168.1.50", "timeout_s": True},
        {"url": "http://192.168.1.50", "pulse": 1},
    ],
)
def test_settings_that_cannot_work_are_refused(kind, wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        kind(wrong, {})


def test_a_first_shelly_behind_a_broker_needs_its_own_timer():
    own = {"host": "192.168.1.2", "topic": "shellies/a", "generation": 1}
    with pytest.raises(DeviceFault, match="settings_invalid"):
        Shelly(own, {})
    assert Shelly(own | {"auto_off": True}, {})


def test_a_refused_call_tells_its_number(mqtt_port):
    with BrokerRelay(mqtt_port, "refused/a") as relay:
        relay.mode = "refuse"
        with pytest.raises(DeviceFault, match="refused_105"):
            behind(relay).open(command_id=1)


def test_a_conversation_leaves_nothing_behind(mqtt_port):
    with BrokerRelay(mqtt_port, "quiet/a") as relay:
        before = threading.active_count()
        for number in range(5):
            behind(relay).open(command_id=number + 1)
        end = time.monotonic() + 5
        while threading.active_count() > before and time.monotonic() < end:
            time.sleep(0.01)
        assert threading.active_count() == before
