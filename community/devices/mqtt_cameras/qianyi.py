"""Qianyi (芊熠) over MQTT, V4.23: it registers on one topic for all, and waits for answers.

``result`` comes again until ``result_rsp`` names its ``msg_id``. The plate ``"null"`` is none. Its
output 2 would close the barrier: nothing here ever uses it.
"""

from __future__ import annotations

import time
from datetime import tzinfo
from typing import Any

from community.devices.mqtt_cameras.told import LEVELS, Message, Reply, Talker, format_named
from community.devices.outbox import Letter
from community.devices.push.text import colour, epoch, number, picture, plain, plate, share
from community.devices.push.told import NotUnderstood, PlateTold, Told

REGISTER = "/serverAll"
ALIVE = ("mqtt_herat", "mqtt_heart", "heart_beat")
#: What the camera sends again until it is answered.
ASKING = ("camera_register", "result")
OPEN = 0


class Qianyi(Talker):
    how = format_named("qianyi")

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        #: The camera's own words for its topics, from its registration.
        self._up = ""
        self._down = ""

    def topics(self) -> list[str]:
        sn = self.options.sn
        spelt = dict.fromkeys((sn, sn.upper(), sn.lower()))
        own = [f"aiot/plate/{one}" for one in spelt]
        return [REGISTER, *own, *([self._up] if self._up else [])]

    def owns(self, topic: str) -> bool:
        return topic in self.topics()

    def read(self, message: Message, zone: tzinfo) -> Told:
        if message.is_retained:
            return Told("other")
        values = message.json()
        if not self._is_ours(message, values):
            return Told("other")
        command = plain(values.get("cmd"))
        self.is_gone = command == "offline"
        if command == "camera_register":
            self._learn(values)
            return Told("heartbeat", serial=self.options.sn)
        if command == "result":
            return Told("plate", serial=self.options.sn, plate=_plate(values))
        return Told("heartbeat" if command in ALIVE else "other", serial=self.options.sn)

    def _is_ours(self, message: Message, values: dict[str, Any]) -> bool:
        """By its number; only a topic of its own may leave that out. Raises NotUnderstood."""
        said = plain(values.get("sn")) or plain(values.get("device_name"))
        if said.lower() == self.options.sn.lower():
            return True
        if message.topic == REGISTER:
            return False
        if plain(values.get("sn")):
            raise NotUnderstood("serial_mismatch")
        return True

    def _learn(self, values: dict[str, Any]) -> None:
        for name in ("pubtopic", "subtopic"):
            said = plain(values.get(name), 200)
            # A pattern, or another camera's topic, is not for this one to name.
            if LEVELS.fullmatch(said) and self.options.sn.lower() in said.lower():
                setattr(self, "_up" if name == "pubtopic" else "_down", said)

    def replies(self, message: Message, code: str) -> list[Reply]:
        try:
            values = message.json()
            is_ours = not message.is_retained and self._is_ours(message, values)
        except NotUnderstood:
            return []
        command, name = plain(values.get("cmd")), plain(values.get("msg_id"))
        if not is_ours or command not in ASKING or not name or code == "not_stored":
            return []
        return [self._reply({"cmd": f"{command}_rsp", "msg_id": name, "status": "ok"})]

    def _reply(self, values: dict[str, Any]) -> Reply:
        return Reply(self._down or f"device/plate/{self.options.sn}", values)

    @property
    def can_order(self) -> bool:
        return True

    def order(self, letter: Letter) -> Reply | None:
        values: dict[str, Any] = {"msg_id": self._new_order(letter)}
        if letter.value == 2:
            values |= {"cmd": "iooutput", "ionum": OPEN, "action": "on", "utc_ts": int(time.time())}
        else:
            values |= {"cmd": "barrierKeepOpen", "isKeepOpen": letter.value}
        return self._reply(values)

    def confirmed(self, message: Message) -> int | None:
        values = message.json() if not message.is_retained else {}
        said = plain(values.get("cmd"))
        if said not in ("iooutput_rsp", "barrierKeepOpen_rsp") or values.get("status") != "ok":
            return None
        return self._ordered.pop(plain(values.get("msg_id")), None)


def _plate(values: dict[str, Any]) -> PlateTold:
    said = number(values.get("utc_ts")) or 0
    captured_at = epoch(said, unit_s=0.001 if said > 1e11 else 1.0)
    kind = plain(values.get("type")).lower()
    read = plate(values.get("plate_num"))
    return PlateTold(
        plate=None if read and read.lower() == "null" else read,
        vendor_id=plain(values.get("msg_id")),
        colour=colour(values.get("plate_color")),
        confidence=share(values.get("confidence"), 100) or 0.0,
        captured_at=captured_at,
        is_realtime=kind == "online" or (not kind and captured_at is not None),
        picture=picture(values.get("full_pic")) or picture(values.get("plate_pic")),
    )
