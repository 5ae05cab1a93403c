"""A Vzenith camera behind an MQTT broker, spoken to in conversations of our own.

Two families of topics exist, by age of the firmware. A harmless question (its time) goes out on
both; whichever answers is the camera's, and only there anything else is said: an order on both
would open twice. A camera that does not answer the question gets no order.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from community.devices.base import DeviceFault, DeviceSilent
from community.devices.mqtt_cameras.told import LEVEL
from community.devices.mqtt_client import Broker
from community.devices.mqtt_talk import Message, Talk
from community.devices.options import DriverOptions
from community.devices.push.text import number, plain, read_json
from community.devices.push.told import NotUnderstood

TIME, OUTPUT, LIST = "get_device_timestamp", "gpio_out", "white_list_operator"
YES = 200


@dataclass(frozen=True)
class Options(DriverOptions):
    """The settings, checked. See ``community.devices.drivers.vzenith_mqtt``."""

    host: str
    sn: str
    port: int = 1883
    tls: bool = False
    verify_tls: bool = True
    io: int = 0
    open_input: int | None = None
    holds_list: bool = False
    timeout_s: float = 3.0

    def _is_right(self) -> bool:
        if not self._are_types_right() or not 0 < len(self.host) <= 253:
            return False
        wired = self.open_input is None or 0 <= self.open_input < 16
        is_place = 0 < self.port < 65536 and bool(LEVEL.fullmatch(self.sn))
        return is_place and wired and 0 <= self.io < 4 and 0.3 <= self.timeout_s <= 5.0


def families(sn: str) -> tuple[str, str]:
    """Where a camera listens and speaks, in newer and in older firmware."""
    return f"device/{sn}/message", f"{sn}/device/message"


@dataclass
class Camera:
    """One conversation. ``family`` stands once it answered; ``clock``: its time, since 1970."""

    talk: Talk
    sn: str
    family: str = ""
    clock: float | None = None

    def find(self) -> None:
        """Raises ``DeviceFault("unreachable")``: nothing but a question was sent."""
        text, key = self._text(TIME, {})

        def heard(message: Message) -> tuple[str, dict[str, Any]] | None:
            told = _answer(message, key)
            family = message.topic.removesuffix(f"/down/{TIME}/reply")
            return (family, told) if told and family in families(self.sn) else None

        topics = [f"{family}/down/{TIME}" for family in families(self.sn)]
        try:
            self.family, told = self.talk.ask_all(topics, text, heard)
        except DeviceSilent as silence:
            raise DeviceFault("unreachable") from silence
        self.clock = number(told.get("timestamp"))

    def say(
        self, name: str, body: dict[str, Any], *, send_before: datetime | None = None
    ) -> dict[str, Any]:
        """Say it once, to the family that answered; the whole answer.

        Raises ``DeviceFault`` for a no; ``DeviceSilent``.
        """
        text, key = self._text(name, body)
        topic = f"{self.family}/down/{name}"

        def heard(message: Message) -> dict[str, Any] | None:
            return _answer(message, key) if message.topic == f"{topic}/reply" else None

        told = self.talk.say(topic, text, heard, send_before=send_before)
        code = number(told.get("code"))
        if code is None:
            raise DeviceSilent("answer_not_understood")
        if code != YES:
            raise DeviceFault(f"refused_{abs(int(code))}")
        return told

    def _text(self, name: str, body: dict[str, Any]) -> tuple[str, str]:
        key = secrets.token_hex(8)
        values = {
            "id": key,
            "sn": self.sn,
            "name": name,
            "version": "1.0",
            "timestamp": int(time.time()),
            "payload": {"type": name, "body": body},
        }
        return json.dumps(values, ensure_ascii=False), key


def _answer(message: Message, key: str) -> dict[str, Any] | None:
    """What a message says, if it answers what we said under this name."""
    try:
        told = read_json(message.payload)
    except NotUnderstood:
        return None
    return told if plain(told.get("id")) == key else None


@contextmanager
def camera_of(options: Options, credentials: dict[str, Any]) -> Iterator[Camera]:
    """A conversation with a camera that lives. Raises ``DeviceFault``."""
    pair = [credentials.get(name) or "" for name in ("username", "password")]
    if not all(isinstance(part, str) for part in pair):
        raise DeviceFault("settings_invalid")
    broker = Broker(options.host, options.port, pair[0], pair[1], options.tls, options.verify_tls)
    names = (TIME, OUTPUT, LIST)
    topics = [f"{one}/down/{name}/reply" for one in families(options.sn) for name in names]
    with Talk(broker, topics, seconds=options.timeout_s) as talk:
        camera = Camera(talk, options.sn)
        camera.find()
        yield camera
