"""A relay with Tasmota, over the web or over an MQTT broker; its pulse is timed by PulseTime.

Settings: either ``url`` (``http://192.168.1.52``) or ``host``, ``port``, ``topic`` of a broker
(its Topic, such as ``tasmota_52``; its FullTopic is the usual ``%prefix%/%topic%/``), ``tls``,
``verify_tls``; ``channel`` (1 to 15, else 1); ``input`` (1 to 15: SwitchN) told of the arm or leaf,
with ``input_means`` (open or closed); ``timeout_s``. Credentials: ``username`` and ``password`` of
the broker; over the web ``password`` is the WebPassword.

Before the relay is switched on, its PulseTime is read, and set where it differs: a relay without
one would hold the barrier for ever. All of that is harmless; only ``Power ON`` is sent once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.exchange import Answer
from community.devices.mqtt_client import Broker
from community.devices.mqtt_talk import Message, Talk
from community.devices.pulse_relay import Look, PulseRelay
from community.devices.registry import register
from community.devices.shelly_relays import check_online, part, read
from community.devices.small_relays import RelayOptions
from community.devices.web_device import Access, WebDevice, judge

#: PulseTime in tenths of a second; 0 is for ever.
TENTHS = range(1, 112)
NUMBER = re.compile(r"\s*(\d{1,6})")


@dataclass(frozen=True)
class Options(RelayOptions):
    """The settings, checked. See the module."""

    channel: int = 1

    def _is_right(self) -> bool:
        return super()._is_right() and self.channel >= 1 and self.input != 0


class Console(Protocol):
    """One command of Tasmota's console, and the JSON that answers it."""

    def run(self, name: str, value: str, answers: str, *, is_order: bool) -> dict[str, Any]:
        """``answers``: the name in the answer; POWER1 is also called POWER."""


class WebConsole:
    def __init__(self, options: Options, web: WebDevice) -> None:
        self.options, self.web = options, web

    def run(self, name: str, value: str, answers: str, *, is_order: bool) -> dict[str, Any]:
        query = {"cmnd": f"{name} {value}".strip()}
        if password := self.web.credentials.get("password"):
            query |= {"user": str(self.web.credentials.get("username") or "admin")}
            query |= {"password": str(password)}
        url = f"{self.options.url.rstrip('/')}/cm?{urlencode(query)}"
        answer = self.web.tell("GET", url) if is_order else self.web.ask(url)
        return _told(answer)


def _told(answer: Answer) -> dict[str, Any]:
    judge(answer)
    told = read(answer.body)
    if "WARNING" in told:
        raise DeviceFault("not_authorised")
    return told


class BrokerConsole:
    def __init__(self, options: Options, talk: Talk, before: datetime | None) -> None:
        self.options, self.talk, self.before = options, talk, before

    def run(self, name: str, value: str, answers: str, *, is_order: bool) -> dict[str, Any]:
        def heard(message: Message) -> dict[str, Any] | None:
            told = read(message.payload)
            names = {answers, "Command"} | ({"POWER"} if answers == "POWER1" else set())
            return told if names & told.keys() else None

        topic = f"cmnd/{self.options.topic}/{name}"
        before = self.before if is_order else None
        return self.talk.say(topic, value, heard, send_before=before)


class TasmotaSwitch:
    """See the module."""

    def __init__(
        self, options: Options, web: WebDevice, broker: Broker | None, before: datetime | None
    ) -> None:
        self.options, self.web, self.broker, self.before = options, web, broker, before
        self.power = f"POWER{options.channel}"
        self.timer = f"PulseTime{options.channel}"

    @contextmanager
    def _console(self) -> Iterator[Console]:
        if self.broker is None:
            yield WebConsole(self.options, self.web)
            return
        topic = self.options.topic
        topics = [f"tele/{topic}/LWT", f"stat/{topic}/RESULT", f"stat/{topic}/STATUS10"]
        with Talk(self.broker, topics, seconds=self.options.timeout_s) as talk:
            check_online(talk.left(topics[0]), "online")
            yield BrokerConsole(self.options, talk, self.before)

    def look(self) -> Look:
        with self._console() as console:
            is_on = self._is_on(console.run(self.power, "", self.power, is_order=False))
            is_held = is_on and self._pulse_time(console) not in TENTHS
            return Look(is_held, self._input(console), is_held)

    def _input(self, console: Console) -> bool | None:
        if self.options.input is None:
            return None
        told = console.run("Status", "10", "StatusSNS", is_order=False)
        said = part(told, "StatusSNS").get(f"Switch{self.options.input}")
        return {"ON": True, "OFF": False}.get(str(said))

    def pulse(self, command_id: int, pulse_ms: int) -> None:
        self._switch("ON", round(pulse_ms / 100))

    def hold(self, command_id: int, seconds: float) -> None:
        # From 112 on it counts whole seconds, from a hundred; for 18 hours at most.
        self._switch("ON", min(max(112, 100 + math.ceil(seconds)), 64_900))

    def let_go(self, command_id: int) -> None:
        self._switch("OFF", None)

    def _switch(self, way: str, pulse: int | None) -> None:
        with self._console() as console:
            try:
                if pulse is not None and self._pulse_time(console) != pulse:
                    self._set_pulse_time(console, pulse)
            except DeviceSilent as silence:
                # Nothing has moved yet.
                raise DeviceFault("unreachable") from silence
            told = console.run(self.power, way, self.power, is_order=True)
            if self._is_on(told) is not (way == "ON"):
                raise DeviceSilent("answer_not_understood")

    def _set_pulse_time(self, console: Console, pulse: int) -> None:
        console.run(self.timer, str(pulse), self.timer, is_order=False)
        if self._pulse_time(console) != pulse:
            raise DeviceFault("pulse_not_timed")

    def _pulse_time(self, console: Console) -> int:
        told = console.run(self.timer, "", self.timer, is_order=False).get(self.timer)
        said = told.get("Set") if isinstance(told, dict) else told
        number = NUMBER.match(str(said))
        if not number:
            raise DeviceSilent("answer_not_understood")
        return int(number[1])

    def _is_on(self, told: dict[str, Any]) -> bool:
        if told.get("Command"):
            raise DeviceFault("refused")
        said = told.get(self.power, told.get("POWER") if self.options.channel == 1 else None)
        if said not in ("ON", "OFF"):
            raise DeviceSilent("answer_not_understood")
        return bool(said == "ON")


@register("tasmota")
class Tasmota(PulseRelay):
    """See the module; the contract is in ``community.devices.base``."""

    def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
        own = {**settings}
        device_id = int(own.pop("device_id", 0))
        before: datetime | None = own.pop("send_before", None)
        options = Options.read(own)
        access = Access("none", options.timeout_s, options.verify_tls)
        web = WebDevice(access, credentials, device_id=device_id, send_before=before)
        broker = options.broker(credentials) if options.host else None
        super().__init__(TasmotaSwitch(options, web, broker, before), options.meaning)
