"""Shelly and Tasmota relays, over the web and behind a broker, which can misbehave in every way.

``mode``: obey, refuse, drop (act, say nothing), deaf (say yes, do nothing), lie (the input says
open), no_timer (the pulse is not taken, and the relay stays on), twice (every answer again).
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from tests.community.devices.relay import Relay, Request, written

Say = Callable[[str, str, bool], None]


@dataclass
class Works:
    """The relay itself. ``pulses``: command, where it was told, and milliseconds."""

    mode: str = "obey"
    is_on: bool = False
    timer_s: float = 0.0
    was_open: bool = False
    pulses: list[tuple[int, int]] = field(default_factory=list)
    pulse_time: int = 0
    auto_off_s: float = 0.5

    @property
    def input(self) -> bool:
        return self.was_open or self.mode == "lie"

    @property
    def is_held(self) -> bool:
        return self.is_on and not 0 < self.timer_s <= 12

    def turn(self, is_on: bool, seconds: float, command: int = 0) -> None:
        if self.mode == "deaf":
            return
        self.is_on, self.timer_s = is_on, 0.0 if self.mode == "no_timer" else seconds
        self.was_open = is_on
        if is_on and 0 < seconds <= 12:
            self.pulses.append((command, round(seconds * 1000)))

    # Shelly, second generation

    def rpc(self, call: dict[str, Any]) -> dict[str, Any]:
        values = call.get("params") or {}
        if call["method"] == "Shelly.GetStatus":
            timed = {"timer_started_at": 1.0, "timer_duration": self.timer_s}
            relay = {"id": 0, "output": self.is_on} | (timed if self.timer_s else {})
            return {"result": {"switch:0": relay, "input:0": {"id": 0, "state": self.input}}}
        if call["method"] != "Switch.Set":
            return {"error": {"code": 404, "message": "No handler"}}
        if self.mode == "refuse" or values["id"] != 0:
            return {"error": {"code": -105, "message": "Argument 'id', value 7 not found!"}}
        was_on = self.is_on
        self.turn(values["on"], values.get("toggle_after", 0.0), call.get("id", 0))
        return {"result": {"was_on": was_on}}

    # Tasmota

    def console(self, line: str) -> dict[str, Any]:
        name, _, value = line.partition(" ")
        if name == "Status" and value == "10":
            return {"StatusSNS": {"Time": "2026-07-01T10:00:00", "Switch1": _on(self.input)}}
        if name == "PulseTime1":
            if value and self.mode != "no_timer":
                self.pulse_time = int(value)
            return {"PulseTime1": {"Set": self.pulse_time, "Remaining": 0}}
        if name.upper() not in ("POWER", "POWER1"):
            return {"Command": "Unknown"}
        if value:
            if self.mode == "refuse":
                return {"Command": "Error"}
            left = self.pulse_time
            self.turn(value == "ON", left / 10 if left < 112 else left - 100.0)
            return {"POWER": value}
        return {"POWER": _on(self.is_on)}


def _on(is_on: bool) -> str:
    return "ON" if is_on else "OFF"


@dataclass
class WebRelay(Relay):
    """``maker``: shelly1, shelly2 or tasmota. ``whole``: its timer counts whole seconds only."""

    maker: str = "shelly2"
    works: Works = field(default_factory=Works)
    whole: bool = True

    def is_question(self, request: Request) -> bool:
        words = ("turn=", "Switch.Set", "cmnd=POWER1+O")
        return not any(word in request.target for word in words)

    def commands(self) -> list[Request]:
        return [request for request in self.requests if not self.is_question(request)]

    def _answer(self, request: Request, send: Callable[[bytes], None]) -> None:
        if self.auth != "none" and not self._knows(request):
            send(self._unauthorised())
            return
        self.works.mode = self.mode
        status, body = getattr(self, f"_{self.maker}")(request)
        is_question = self.is_question(request)
        time.sleep(0 if is_question else self.delay_s)
        if is_question:
            send(written(status, body))
        else:
            self.deliver(send, written(status, body))

    def _shelly2(self, request: Request) -> tuple[str, str]:
        read = {"true": True, "false": False}
        values = {
            name: read[text] if text in read else float(text)
            for name, text in request.query.items()
        }
        told = self.works.rpc({"method": request.path.removeprefix("/rpc/"), "params": values})
        status = "500 Internal Server Error" if "error" in told else "200 OK"
        return status, json.dumps(told.get("error") or told["result"])

    def _shelly1(self, request: Request) -> tuple[str, str]:
        works = self.works
        if request.path == "/status":
            timed = {"has_timer": bool(works.timer_s), "timer_duration": works.timer_s}
            relays: list[dict[str, Any]] = [{"ison": works.is_on, **timed}]
            inputs = [{"input": int(works.input)}]
            return "200 OK", json.dumps({"relays": relays, "inputs": inputs})
        if self.mode == "refuse":
            return "400 Bad Request", "Bad timer!"
        timer = request.query.get("timer", "0")
        works.turn(request.query["turn"] == "on", int(float(timer)) if self.whole else float(timer))
        told = {"ison": request.query["turn"] == "on", "has_timer": bool(works.timer_s)}
        return "200 OK", json.dumps(told | {"timer_duration": works.timer_s})

    def _tasmota(self, request: Request) -> tuple[str, str]:
        return "200 OK", json.dumps(self.works.console(request.query["cmnd"]))


class BrokerRelay:
    """The same behind a broker; ``retained`` counts orders that waited there for it."""

    def __init__(self, port: int, topic: str, maker: str = "shelly2") -> None:
        self.port, self.topic, self.maker = port, topic, maker
        self.works = Works()
        self.mode, self.delay_s = "obey", 0.0
        self.orders: list[tuple[str, str]] = []
        self.retained: list[str] = []
        self.ready = threading.Event()
        self._client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=f"relay-{topic.replace('/', '-')}"
        )
        online, offline = self._words()
        self._client.will_set(online[0], offline, 1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = self._on_subscribe
        self._client.on_message = self._on_message

    def _words(self) -> tuple[tuple[str, str], str]:
        if self.maker == "tasmota":
            return (f"tele/{self.topic}/LWT", "Online"), "Offline"
        return (f"{self.topic}/online", "true"), "false"

    def __enter__(self) -> BrokerRelay:
        self._client.connect("127.0.0.1", self.port, 5)
        self._client.loop_start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def vanish(self) -> None:
        """Without power: no good-bye, and the broker tells its last will."""
        self._client.loop_stop()
        sock = self._client.socket()
        if sock is not None:
            sock.close()

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        kinds = {"tasmota": f"cmnd/{self.topic}/#", "shelly1": f"{self.topic}/relay/0/command"}
        client.subscribe(kinds.get(self.maker, f"{self.topic}/rpc"), 1)

    def _on_subscribe(self, client: mqtt.Client, *_: Any) -> None:
        (topic, word), _offline = self._words()
        client.publish(topic, word, 1, retain=True)
        if self.maker == "shelly1":
            client.publish(f"{self.topic}/input/0", str(int(self.works.input)), 1, retain=True)
        self.ready.set()

    def tell_input(self) -> None:
        """A first Shelly tells its input when it changes."""
        text = str(int(self.works.input))
        self._client.publish(f"{self.topic}/input/0", text, 1, retain=True).wait_for_publish(5)

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        if message.retain:
            self.retained.append(message.topic)
        text = message.payload.decode()
        self.works.mode = self.mode
        getattr(self, f"_{self.maker}")(message.topic, text)

    def _say(self, topic: str, text: str, *, is_order: bool, retain: bool = False) -> None:
        if is_order:
            if self.mode == "drop":
                return
            time.sleep(self.delay_s)
        for _time in range(2 if self.mode == "twice" else 1):
            self._client.publish(topic, text, 1, retain=retain)

    def _shelly2(self, _topic: str, text: str) -> None:
        call = json.loads(text)
        is_order = call["method"] == "Switch.Set"
        if is_order:
            self.orders.append((call["method"], text))
        told = {"id": call["id"], "src": self.topic, "dst": call["src"], **self.works.rpc(call)}
        self._say(f"{call['src']}/rpc", json.dumps(told), is_order=is_order)

    def _shelly1(self, topic: str, text: str) -> None:
        self.orders.append((topic, text))
        if self.mode == "refuse":
            return
        self.works.turn(text == "on", self.works.auto_off_s)
        self.tell_input_soon()
        said = "on" if self.works.is_on or self.mode == "deaf" else "off"
        self._say(f"{self.topic}/relay/0", said, is_order=True, retain=True)

    def tell_input_soon(self) -> None:
        text = str(int(self.works.input))
        self._client.publish(f"{self.topic}/input/0", text, 1, retain=True)

    def _tasmota(self, topic: str, text: str) -> None:
        name = topic.rpartition("/")[2]
        is_order = name.upper().startswith("POWER") and bool(text)
        if is_order:
            self.orders.append((topic, text))
        told = self.works.console(f"{name} {text}".strip())
        where = "STATUS10" if "StatusSNS" in told else "RESULT"
        self._say(f"stat/{self.topic}/{where}", json.dumps(told), is_order=is_order)
