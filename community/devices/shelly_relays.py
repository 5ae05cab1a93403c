"""Shelly relays on their four wires: first or later generation, over the web or over a broker.

Pulses: ``toggle_after`` (later ones) and ``timer`` (first ones over the web), both counted in the
relay. Over a broker a first one knows no timer: its own ``auto_off`` has to be set, and holding
is not to be had.
"""

from __future__ import annotations

import json
import math
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer
from community.devices.mqtt_client import Broker
from community.devices.mqtt_talk import Message, Talk
from community.devices.pulse_relay import HELD_S, Look
from community.devices.small_relays import RelayOptions
from community.devices.web_device import WebDevice, judge


def read(text: str | bytes) -> dict[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def part(told: Any, name: Any) -> dict[str, Any]:
    """An object within an object or a list; empty where there is none."""
    if isinstance(told, list) and isinstance(name, int) and name < len(told):
        found = told[name]
    else:
        found = told.get(name) if isinstance(told, dict) else None
    return found if isinstance(found, dict) else {}


def _seconds(value: Any) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


class Later:
    """Second generation and later, whichever wire carries the call."""

    def __init__(self, options: RelayOptions) -> None:
        self.options = options

    def call(self, method: str, values: dict[str, Any], *, command_id: int = 0) -> dict[str, Any]:
        """With a ``command_id`` it is an order, sent once."""
        raise NotImplementedError

    def look(self) -> Look:
        told = self.call("Shelly.GetStatus", {})
        relay = part(told, f"switch:{self.options.channel}")
        if type(relay.get("output")) is not bool:
            raise DeviceSilent("answer_not_understood")
        timed = _seconds(relay.get("timer_duration"))
        is_held = relay["output"] and not 0 < timed <= HELD_S
        wired = part(told, f"input:{self.options.input}").get("state")
        return Look(is_held, wired if isinstance(wired, bool) else None, is_held)

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        self._set(command_id, on=True, toggle_after=pulse_ms / 1000)

    def hold(self, command_id: int, seconds: float) -> None:
        self._set(command_id, on=True, toggle_after=float(math.ceil(max(1.0, seconds))))

    def let_go(self, command_id: int) -> None:
        self._set(command_id, on=False)

    def _set(self, command_id: int, **values: Any) -> None:
        told = self.call(
            "Switch.Set", {"id": self.options.channel, **values}, command_id=command_id
        )
        if "was_on" not in told:
            raise DeviceSilent("answer_not_understood")


class LaterOnWeb(Later):
    def __init__(self, options: RelayOptions, web: WebDevice) -> None:
        super().__init__(options)
        self.web = web

    def call(self, method: str, values: dict[str, Any], *, command_id: int = 0) -> dict[str, Any]:
        plain = {
            name: str(value).lower() if isinstance(value, bool) else f"{value:g}"
            for name, value in values.items()
        }
        base = self.options.url.rstrip("/") + "/rpc/"
        url = f"{base}{method}?{urlencode(plain)}" if plain else base + method
        if not command_id:
            return _result(self.web.ask(url))
        status = f"{base}Shelly.GetStatus"
        return _result(self.web.tell("GET", url, challenge_url=status))


def _result(answer: Answer) -> dict[str, Any]:
    told = read(answer.body)
    code = told.get("code")
    # Its own word counts: a refused call comes with 404 or 500.
    if answer.status >= 400 and type(code) is int:
        raise DeviceFault(f"refused_{abs(code)}")
    judge(answer)
    return told


class LaterOnBroker(Later):
    def __init__(self, options: RelayOptions, broker: Broker, send_before: datetime | None) -> None:
        super().__init__(options)
        self.broker = broker
        self.send_before = send_before

    def call(self, method: str, values: dict[str, Any], *, command_id: int = 0) -> dict[str, Any]:
        # An address of this one conversation: nobody else's answer can come to it.
        mine = f"linli-{secrets.token_hex(8)}"
        number = command_id or secrets.randbelow(2**31 - 1) + 1
        call = {"id": number, "src": mine, "method": method, "params": values}
        topic, seconds = self.options.topic, self.options.timeout_s

        def heard(message: Message) -> dict[str, Any] | None:
            told = read(message.payload) if message.topic == f"{mine}/rpc" else {}
            return told if told.get("id") == number else None

        with Talk(self.broker, [f"{mine}/rpc", f"{topic}/online"], seconds=seconds) as talk:
            check_online(talk.left(f"{topic}/online"), "true")
            before = self.send_before if command_id else None
            told = talk.say(f"{topic}/rpc", json.dumps(call), heard, send_before=before)
        fault = told.get("error")
        if isinstance(fault, dict):
            raise DeviceFault(f"refused_{abs(int(_seconds(fault.get('code'))))}")
        return part(told, "result")


def check_online(said: str | None, wanted: str) -> None:
    """Raises ``DeviceFault``: its last will was told, or it never signed in here."""
    if said is None:
        raise DeviceFault("relay_never_seen")
    if said.strip().lower() != wanted:
        raise DeviceFault("unreachable")


class FirstOnWeb:
    """First generation over the web. Its ``timer`` counts whole seconds in old firmware."""

    def __init__(self, options: RelayOptions, web: WebDevice) -> None:
        self.options = options
        self.web = web

    def look(self) -> Look:
        told = read(self._judged(self.web.ask(self._at("/status"))).body)
        relays, inputs = told.get("relays"), told.get("inputs")
        relay = part(relays, self.options.channel)
        if type(relay.get("ison")) is not bool:
            raise DeviceSilent("answer_not_understood")
        timed = bool(relay.get("has_timer")) and _seconds(relay.get("timer_duration")) <= HELD_S
        wired = part(inputs, self.options.input).get("input")
        is_held = relay["ison"] and not timed
        return Look(is_held, bool(wired) if wired in (0, 1) else None, is_held)

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        # 0.8 would be read as 0, which is "for ever", by the older ones.
        self._turn("on", timer=math.ceil(pulse_ms / 1000))

    def hold(self, command_id: int, seconds: float) -> None:
        self._turn("on", timer=math.ceil(max(1.0, seconds)))

    def let_go(self, command_id: int) -> None:
        self._turn("off")

    def _turn(self, way: str, **more: int) -> None:
        query = urlencode({"turn": way, **more})
        url = self._at(f"/relay/{self.options.channel}?{query}")
        told = read(self._judged(self.web.tell("GET", url)).body)
        if told.get("ison") is not (way == "on"):
            raise DeviceSilent("answer_not_understood")
        if more and told.get("has_timer") is not True:
            raise DeviceSilent("pulse_not_timed")

    def _at(self, path: str) -> str:
        return self.options.url.rstrip("/") + path

    @staticmethod
    def _judged(answer: Answer) -> Answer:
        judge(answer)
        return answer


class FirstOnBroker:
    """First generation over a broker: ``auto_off`` is set in the relay, by hand."""

    def __init__(self, options: RelayOptions, broker: Broker, send_before: datetime | None) -> None:
        self.options = options
        self.broker = broker
        self.send_before = send_before

    def look(self) -> Look:
        with self._talk() as talk:
            check_online(talk.left(self._topic("online")), "true")
            wired = talk.left(self._input) if self._input else None
        return Look(False, {"1": True, "0": False}.get(wired or ""))

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        relay = self._topic(f"relay/{self.options.channel}")

        def heard(message: Message) -> bool | None:
            is_yes = message.topic == relay and message.text.strip() == "on"
            return True if is_yes else None

        with self._talk() as talk:
            check_online(talk.left(self._topic("online")), "true")
            talk.say(f"{relay}/command", "on", heard, send_before=self.send_before)

    def hold(self, command_id: int, seconds: float) -> None:
        raise DeviceFault("action_unsupported")

    def let_go(self, command_id: int) -> None:
        raise DeviceFault("action_unsupported")

    @property
    def _input(self) -> str:
        wired = self.options.input
        return "" if wired is None else self._topic(f"input/{wired}")

    def _topic(self, name: str) -> str:
        return f"{self.options.topic}/{name}"

    def _talk(self) -> Talk:
        topics = [self._topic("online"), self._topic(f"relay/{self.options.channel}")]
        topics += [self._input] if self._input else []
        return Talk(self.broker, topics, seconds=self.options.timeout_s)
