"""A Vzenith camera behind a real broker, as firmware of two ages speaks, and misbehaves.

``mode``: obey, refuse, drop (act, say nothing), lie (its contact), twice (each answer again),
stranger (answers under another name first). ``said``: every message down, by topic.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from community.devices import outbox

SN = "7c1e0b42-9f3d11a0"
CLOCK_AHEAD_S = 95


class BrokerCamera:
    """``pulses``: nought for a number of ours, and the milliseconds that its own clock counts."""

    def __init__(self, port: int, *, sn: str = SN, is_old: bool = False) -> None:
        self.port, self.sn, self.device_id = port, sn, 7
        self.family = f"{sn}/device/message" if is_old else f"device/{sn}/message"
        self._mode, self.delay_s = "obey", 0.0
        self.is_held = self.is_up = self.forgets = False
        self.pulses: list[tuple[int, int]] = []
        self.said: list[tuple[str, dict[str, Any]]] = []
        self.retained: list[str] = []
        #: Number to plate and last day; what somebody wants to see in it may be put in too.
        self.plates: dict[int, tuple[str, str]] = {}
        self.ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"camera-{id(self)}")
        self._client.on_connect = lambda client, *_: client.subscribe(f"{self.family}/down/+", 1)
        self._client.on_subscribe = lambda *_: self.ready.set()
        self._client.on_message = self._on_message

    @property
    def mode(self) -> str:
        return self._mode

    @mode.setter
    def mode(self, mode: str) -> None:
        self._mode = mode
        self._tell_contact()

    def __enter__(self) -> BrokerCamera:
        self._client.connect("127.0.0.1", self.port, 5)
        self._client.loop_start()
        assert self.ready.wait(10)
        self._tell_contact()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self) -> None:
        """Without power: no good-bye."""
        self._client.loop_stop()
        if (sock := self._client.socket()) is not None:
            sock.close()

    def orders(self) -> list[str]:
        """Topics of everything that was more than a question."""
        return [
            topic for topic, told in self.said
            if not topic.endswith("get_device_timestamp")
            and told["payload"]["body"].get("operator_type") != "select"
        ]  # fmt: skip

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        if message.retain:
            self.retained.append(message.topic)
        told = json.loads(message.payload)
        name = message.topic.rpartition("/")[2]
        assert (told["sn"], told["name"], told["payload"]["type"]) == (self.sn, name, name)
        self.said.append((message.topic, told))
        body = told["payload"]["body"]
        is_order = name == "gpio_out"
        code, more = 200, {}
        if is_order:
            code = 500 if self.mode == "refuse" else self._act(body)
        elif name == "white_list_operator":
            more = self._list(body)
        self._answer(told, name, code, more, is_order=is_order)

    def _answer(
        self, told: dict[str, Any], name: str, code: int, more: dict[str, Any], *, is_order: bool
    ) -> None:
        if is_order and self.mode == "drop":
            return
        time.sleep(self.delay_s if is_order else 0)
        said = {"id": told["id"], "sn": self.sn, "name": name, "version": "1.0", "code": code}
        said |= {"timestamp": int(time.time()) + CLOCK_AHEAD_S}
        said |= {"payload": {"type": name, "body": more}}
        topic = f"{self.family}/down/{name}/reply"
        if self.mode == "stranger":
            self._client.publish(topic, json.dumps(said | {"id": "another", "code": 200}), 1)
        for _time in range(2 if self.mode == "twice" else 1):
            self._client.publish(topic, json.dumps(said), 1)

    def _act(self, body: dict[str, Any]) -> int:
        if body["io"] != 0 or body["value"] not in (0, 1, 2):
            return 400
        if body["value"] == 2:
            assert 500 <= body["delay"] <= 5000
            self.pulses.append((0, body["delay"]))
        self.is_held = body["value"] == 1
        self.is_up = body["value"] != 0
        self._tell_contact()
        return 200

    def _tell_contact(self) -> None:
        """What whoever listens to this camera notes of its contact."""
        outbox.note_input(self.device_id, 1, self.is_up != (self.mode == "lie"))

    def _list(self, body: dict[str, Any]) -> dict[str, Any]:
        kind = body["operator_type"]
        if kind == "select":
            assert body["sub_type"] == "plate"
            rows = [row for row in self.plates.values() if row[0] == body["plate"]]
            return {"dldb_rec": [_record(*row) for row in rows]}
        if kind == "delete":
            assert body["plate"], "a delete without a plate empties the list"
            self.plates = {k: row for k, row in self.plates.items() if row[0] != body["plate"]}
            return {}
        assert kind == "update_or_add"
        row = body["dldb_rec"]
        assert (row["enable"], row["need_alarm"]) == (1, 0)
        datetime.strptime(row["create_time"], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        same = [key for key, one in self.plates.items() if one[0] == row["plate"]]
        key = same[0] if same else max(self.plates, default=0) + 1
        if not self.forgets:
            self.plates[key] = (row["plate"], row["overdue_time"])
        return {}


def _record(plate: str, until: str) -> dict[str, Any]:
    return {"plate": plate, "enable": 1, "overdue_time": until, "need_alarm": 0}
