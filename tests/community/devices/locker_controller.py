"""A bank's controller that speaks MQTT, as docs/devices/lockers.md asks of one.

It takes each order once, never a retained one and none after its expiry, and keeps the ids of what
it did. ``mode``: jam, drop (act, say nothing), deaf, late, other (answer for another number),
twice, dead (no answer to anything, though signed in).
"""

from __future__ import annotations

import json
import threading
import time
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


class Controller:
    """``with Controller(port, "lockers/south") as bank: …``."""

    def __init__(self, port: int, prefix: str, count: int = 8) -> None:
        self.port, self.prefix, self.count = port, prefix, count
        self.mode, self.delay_s, self.state, self.code = "obey", 0.0, "online", ""
        self.orders: list[dict[str, Any]] = []
        self.opened: list[tuple[int, int]] = []
        self.refused: list[str] = []
        self.standing: set[int] = set()
        self.lies: dict[int, str] = {}
        self.ready = threading.Event()
        self._done: set[str] = set()
        self._client = self._make()

    def _make(self) -> mqtt.Client:
        name = f"bank-{self.prefix.replace('/', '-')}"
        client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
        client.will_set(self._topic("status"), json.dumps({"state": "offline"}), 1, True)
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._on_connect
        client.on_subscribe = lambda *_: self._tell_state()
        client.on_message = self._on_message
        return client

    def __enter__(self) -> Controller:
        # It keeps its place at the broker: what was sent meanwhile with QoS 1 would come late.
        kept = Properties(PacketTypes.CONNECT)
        kept.SessionExpiryInterval = 300
        self._client.connect("127.0.0.1", self.port, 5, clean_start=False, properties=kept)
        self._client.loop_start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self) -> None:
        """Without power: it says no good-bye, and the broker tells its last will."""
        self._client.loop_stop()
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def shut(self, number: int) -> None:
        self.standing.discard(number)

    def set_state(self, state: str, code: str = "") -> None:
        self.state, self.code = state, code
        self._tell_state()

    def _topic(self, name: str) -> str:
        return f"{self.prefix}/{name}"

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe([(self._topic("command"), 1), (self._topic("ask"), 1)])

    def _tell_state(self) -> None:
        told = {"state": self.state, "code": self.code}
        self._client.publish(self._topic("status"), json.dumps(told), 1, retain=True)
        self.ready.set()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        told = json.loads(message.payload)
        if message.topic == self._topic("ask"):
            self._answer(told)
        elif message.retain:
            self.refused.append("retained")
        else:
            self._obey(told)

    def _obey(self, order: dict[str, Any]) -> None:
        self.orders.append(order)
        number, code = order["number"], self._reason_not_to(order)
        self._done.add(order["id"])
        if code:
            self.refused.append(code)
        elif self.mode != "deaf":
            self.opened.append((int(order["id"].split("-")[0]), number))
            self.standing.add(number)
        if self.mode in ("drop", "dead"):
            return
        if self.mode == "late":
            time.sleep(self.delay_s)
        said = number % self.count + 1 if self.mode == "other" else number
        result = "refused" if code else "accepted"
        self._say("ack", {"id": order["id"], "number": said, "result": result, "code": code})

    def _reason_not_to(self, order: dict[str, Any]) -> str:
        if order["id"] in self._done:
            return "repeated"
        if order["expires_at"] <= time.time():
            return "expired"
        if not 1 <= order["number"] <= self.count:
            return "no_such_compartment"
        return "jammed" if self.mode == "jam" else ""

    def _answer(self, question: dict[str, Any]) -> None:
        if self.mode == "dead":
            return
        doors = {
            str(number): self.lies.get(number, "open" if number in self.standing else "closed")
            for number in question["doors"]
            if 1 <= number <= self.count
        }
        self._say("answer", {"id": question["id"], "doors": doors})

    def _say(self, name: str, told: dict[str, Any]) -> None:
        for _time in range(2 if self.mode == "twice" else 1):
            self._client.publish(self._topic(name), json.dumps(told), 1)
