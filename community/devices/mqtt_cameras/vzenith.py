"""Vzenith (臻识) over MQTT: what it would push, in an envelope, its plate in base64.

Two families of topics exist, by age of the firmware. We listen to both and learn from the first
message which one this camera has; orders go there only, since both would open twice.
"""

from __future__ import annotations

import base64
import binascii
import time
from datetime import tzinfo
from typing import Any

from community.devices.mqtt_cameras.told import Message, Reply, Talker, format_named
from community.devices.outbox import Letter
from community.devices.push.text import at, decode, flag, number, plain
from community.devices.push.told import NotUnderstood, Told
from community.devices.push.vzenith import read_alarm, read_input

PULSE_MS = 500


class Vzenith(Talker):
    how = format_named("vzenith")

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.family = ""
        self._families = (f"device/{options.sn}/message", f"{options.sn}/device/message")

    def topics(self) -> list[str]:
        ends = ("up/+", "down/gpio_out/reply")
        return [f"{family}/{end}" for family in self._families for end in ends]

    def owns(self, topic: str) -> bool:
        return topic.startswith(tuple(f"{family}/" for family in self._families))

    def read(self, message: Message, zone: tzinfo) -> Told:
        if message.is_retained:
            return Told("other")
        values = message.json()
        said = plain(values.get("sn"))
        if said and said.lower() != self.options.sn.lower():
            raise NotUnderstood("serial_mismatch")
        family, _, name = message.topic.partition("/up/")
        if not name:
            return Told("other")
        self.family = self.family or family
        return self._said(name, values)

    def _said(self, name: str, values: dict[str, Any]) -> Told:
        inner = values.get("payload")
        if name == "ivs_result":
            return self._alarm(at(inner, "AlarmInfoPlate"))
        if name == "gpio_in":
            told = read_input(at(inner, "AlarmGioIn"))
            return Told(told.what, serial=self.options.sn, input=told.input)
        # ``quick_ivs_result`` is the same car once more, without its picture.
        return Told("heartbeat" if name == "keep_alive" else "other", serial=self.options.sn)

    def _alarm(self, alarm: Any) -> Told:
        result = at(alarm, "result", "PlateResult")
        if not isinstance(result, dict):
            raise NotUnderstood("no_event")
        if flag(result.get("is_encrypted")):
            raise NotUnderstood("encrypted")
        plain_result = result | {
            "license": unpacked(result.get("license")),
            "imageFile": result.get("full_image_content") or result.get("imageFile"),
            "imageFragmentFile": result.get("small_image_content"),
        }
        told = read_alarm({"result": {"PlateResult": plain_result}})
        return Told(told.what, serial=self.options.sn, plate=told.plate, event=told.event)

    @property
    def can_order(self) -> bool:
        return bool(self.family)

    def order(self, letter: Letter) -> Reply | None:
        if not self.family:
            return None
        pulse = {"delay": letter.pulse_ms or PULSE_MS} if letter.value == 2 else {}
        values = {
            "id": self._new_order(letter),
            "sn": self.options.sn,
            "name": "gpio_out",
            "version": "1.0",
            "timestamp": int(time.time()),
            "payload": {
                "type": "gpio_out",
                "body": {"io": letter.io, "value": letter.value, **pulse},
            },
        }
        return Reply(f"{self.family}/down/gpio_out", values)

    def confirmed(self, message: Message) -> int | None:
        if not message.topic.endswith("/down/gpio_out/reply") or message.is_retained:
            return None
        values = message.json()
        if number(values.get("code")) != 200:
            return None
        return self._ordered.pop(plain(values.get("id")), None)


def unpacked(value: Any) -> Any:
    """The plate in base64, or as it stands where it is none: no plate of ours is valid base64."""
    text = plain(value, 120)
    try:
        return decode(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return text
