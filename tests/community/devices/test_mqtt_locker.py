"""Banks behind a real broker: one connection, nothing retained, and a broker that restarts."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import paho.mqtt.client as mqtt
import pytest
from django.utils import timezone
from paho.mqtt.enums import CallbackAPIVersion

from community import tls
from community.devices import mqtt_line
from community.devices.base import BarrierState, DeviceFault, DeviceSilent, Health
from community.devices.drivers.mqtt_locker import MqttLocker
from tests.community.devices.locker_controller import Controller
from tests.contracts.lockers import wait_for
from tests.servers.brokers import mosquitto
from tests.servers.process import Process, accepts, spare_port

pytestmark = pytest.mark.pure
UNKNOWN = BarrierState.UNKNOWN


@pytest.fixture(autouse=True)
def _no_line_left() -> Iterator[None]:
    yield
    mqtt_line.hang_up()


def driver(port: int, prefix: str, credentials: Any = None, **settings: Any) -> MqttLocker:
    own = {"host": "127.0.0.1", "port": port, "prefix": prefix, "timeout_s": 1.0}
    return MqttLocker({"device_id": 1, **own, **settings}, credentials or {})


def test_many_banks_share_one_connection(mqtt_port):
    with Controller(mqtt_port, "many/a") as one, Controller(mqtt_port, "many/b") as two:
        before = threading.active_count()
        for number in (1, 2):
            driver(mqtt_port, "many/a").open_compartment(command_id=number, number=number)
            driver(mqtt_port, "many/b").open_compartment(command_id=number, number=number)
        assert threading.active_count() == before + 1
        assert (one.opened, two.opened) == ([(1, 1), (2, 2)], [(1, 1), (2, 2)])


def test_an_order_has_an_id_and_an_expiry_and_is_not_retained(mqtt_port):
    until = timezone.now() + timedelta(seconds=6)
    with Controller(mqtt_port, "kept/a") as bank:
        driver(mqtt_port, "kept/a", send_before=until).open_compartment(command_id=9, number=3)
        (order,) = bank.orders
        assert order["id"].startswith("9-")
        assert abs(order["expires_at"] - until.timestamp()) < 0.5
        kept = retained(mqtt_port, "kept/#")
    assert kept == {"kept/a/status": {"state": "online", "code": ""}}


def retained(port: int, topics: str) -> dict[str, Any]:
    """What a newcomer is told at once."""
    told: queue.Queue[Any] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.on_message = lambda _client, _data, message: told.put(message)
    client.on_subscribe = lambda *_: client.publish("kept/end", "{}")
    client.connect("127.0.0.1", port)
    client.loop_start()
    client.subscribe(topics)
    found: dict[str, Any] = {}
    while (message := told.get(timeout=5)).topic != "kept/end":
        found[message.topic] = json.loads(message.payload)
    client.loop_stop()
    return found


def test_an_order_told_again_is_done_once(mqtt_port):
    """As by a broker that delivers at least once, or by somebody who recorded it."""
    with Controller(mqtt_port, "again/a") as bank:
        driver(mqtt_port, "again/a").open_compartment(command_id=1, number=1)
        client = mqtt.Client(CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", mqtt_port)
        client.loop_start()
        client.publish("again/a/command", json.dumps(bank.orders[0]), 1).wait_for_publish(5)
        late = bank.orders[0] | {"id": "2-x", "expires_at": time.time() - 1}
        client.publish("again/a/command", json.dumps(late), 1).wait_for_publish(5)
        wait_for(lambda: len(bank.refused) == 2)
        client.loop_stop()
        assert (bank.refused, bank.opened) == (["repeated", "expired"], [(1, 1)])


def test_a_broker_restarted_in_mid_command(mqtt_process: tuple[int, Process]):
    port, broker = mqtt_process
    with Controller(port, "restart/a") as bank:
        driver(port, "restart/a").open_compartment(command_id=1, number=1)
        bank.mode, bank.delay_s = "late", 1.0
        failed: list[Exception] = []

        def order() -> None:
            try:
                driver(port, "restart/a", timeout_s=3).open_compartment(command_id=2, number=2)
            except (DeviceSilent, DeviceFault) as error:
                failed.append(error)

        waiting = threading.Thread(target=order)
        waiting.start()
        wait_for(lambda: len(bank.orders) == 2)
        broker.kill()  # the order went through, its acknowledgement does not
        # Where the broken line was not noticed yet, the order may be gone or not: nobody knows.
        with pytest.raises((DeviceFault, DeviceSilent), match=r"unreachable|no_answer"):
            driver(port, "restart/a").open_compartment(command_id=3, number=3)
        wait_for(lambda: driver(port, "restart/a").health() == Health("offline", "unreachable"))
        with pytest.raises(DeviceFault, match="unreachable"):
            driver(port, "restart/a").open_compartment(command_id=5, number=5)
        assert driver(port, "restart/a").doors([2]) == {2: UNKNOWN}
        broker.start_again()
        broker.wait_until(lambda: accepts(port))
        waiting.join()
        bank.mode = "obey"
        wait_for(lambda: driver(port, "restart/a").health() == Health("online"))
        # Nobody knew, so nobody sent it again; the doors tell.
        assert all(isinstance(error, DeviceSilent) for error in failed)
        assert driver(port, "restart/a").doors([1, 2, 3])[2] is BarrierState.OPEN
        driver(port, "restart/a").open_compartment(command_id=4, number=4)
        assert bank.opened == [(1, 1), (2, 2), (4, 4)]


def test_an_order_that_did_not_leave_before_the_line_broke_was_certainly_not_sent(
    mqtt_process: tuple[int, Process],
):
    port, broker = mqtt_process
    with Controller(port, "unsent/a") as bank:
        assert driver(port, "unsent/a").health() == Health("online")
        (line,) = mqtt_line._lines.values()
        broker.pause()
        # More than the sockets between here and a broker that stands still can hold.
        order = {"id": "1-a", "action": "open", "number": 1, "fill": "x" * 32_000_000}
        killing = threading.Timer(0.3, broker.kill)
        killing.start()
        with pytest.raises(DeviceFault, match="unreachable"):
            line.exchange("unsent/a", "command", order, seconds=10)
        killing.join()
        broker.start_again()
        broker.wait_until(lambda: accepts(port))
        wait_for(lambda: driver(port, "unsent/a").health() == Health("online"))
        assert bank.orders == []


def test_a_broker_that_stood_still_delivers_no_order_after_its_expiry(
    mqtt_process: tuple[int, Process],
):
    port, broker = mqtt_process
    with Controller(port, "still/a") as bank:
        assert driver(port, "still/a").health() == Health("online")
        broker.pause()
        until = timezone.now() + timedelta(seconds=1)
        with pytest.raises(DeviceSilent):
            driver(port, "still/a", send_before=until).open_compartment(command_id=1, number=1)
        wait_for(lambda: timezone.now() > until + timedelta(seconds=0.2))
        broker.resume()
        wait_for(lambda: driver(port, "still/a").health() == Health("online"))
        assert bank.opened == []


def test_a_bank_that_loses_its_power_is_offline_by_its_last_will(mqtt_port):
    with Controller(mqtt_port, "will/a") as bank:
        assert driver(mqtt_port, "will/a").health() == Health("online")
        bank.set_state("faulty", "jammed")
        wait_for(lambda: driver(mqtt_port, "will/a").health() == Health("faulty", "lock_stuck"))
        bank.vanish()
        wait_for(lambda: driver(mqtt_port, "will/a").health() == Health("offline", "unreachable"))


def test_a_prefix_that_nobody_has_and_a_broker_that_is_none(mqtt_port):
    assert driver(mqtt_port, "nobody/here").health() == Health("offline", "never_seen")
    with pytest.raises(DeviceFault, match="unreachable"):
        driver(mqtt_port, "nobody/here").open_compartment(command_id=1, number=1)
    assert driver(1, "nobody/here").health() == Health("offline", "unreachable")


def test_a_wrong_password_is_told_and_not_tried_again_and_again(tmp_path: Path):
    secrets = tmp_path / "passwords"
    secrets.write_text("")
    # As root it would go on as a user who cannot read our folder.
    access = f"user root\nallow_anonymous false\npassword_file {secrets}\n"
    with mosquitto(tmp_path, access) as (port, server):
        wrong = {"username": "linli", "password": "wrong"}
        assert driver(port, "any/a", wrong).health() == Health("faulty", "not_authorised")
        assert driver(port, "any/a", wrong).health() == Health("faulty", "not_authorised")
        assert server.log.count("New client connected") == 0
        assert server.log.count("not authorised") == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "localhost"])
def test_no_address_of_this_host_or_of_a_cloud(mqtt_port, settings, host):
    settings.DEVICE_LOOPBACK = False
    assert driver(mqtt_port, "x", host=host).health() == Health("faulty", "address_refused")
    assert driver(mqtt_port, "x", host=host).doors([1]) == {1: UNKNOWN}


@pytest.mark.parametrize(
    "wrong",
    [{"prefix": "lockers/#"}, {"prefix": "/x"}, {"prefix": "+"}, {"tls": 1}, {"qos": 2},
     {"timeout_s": 9}, {"timeout_s": True}],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(DeviceFault, match="settings_invalid"):
        driver(1883, **{"prefix": "a"} | wrong)


def test_a_broker_with_a_certificate_of_its_own_making(tmp_path: Path):
    """It is refused unless the installer says that this certificate need not be known."""
    made, _ = tls.ensure(tmp_path / "tls", [], "broker")
    plain = spare_port()
    settings = f"certfile {made.certificate}\nkeyfile {made.key}\nuser root\n"
    settings += f"allow_anonymous true\nlistener {plain} 127.0.0.1\n"
    with mosquitto(tmp_path, settings) as (port, _), Controller(plain, "tls/a") as bank:
        with pytest.raises(DeviceFault, match="unreachable"):
            driver(port, "tls/a", tls=True).open_compartment(command_id=1, number=1)
        own = driver(port, "tls/a", tls=True, verify_tls=False)
        own.open_compartment(command_id=2, number=2)
        assert bank.opened == [(2, 2)]
