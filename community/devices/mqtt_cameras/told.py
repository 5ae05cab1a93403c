"""What a camera behind a broker says, and what is said to it: the form of every reader here."""

from __future__ import annotations

import json
import re
import secrets
from abc import ABC, abstractmethod
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.utils import timezone

from community.devices.options import DriverOptions
from community.devices.outbox import Letter
from community.devices.push.text import read_json
from community.devices.push.told import Answer, Body, Format, Told

#: The ``driver`` of a camera that speaks over MQTT; its format stands in the settings.
DRIVER = "mqtt"
#: Two pictures in base64 are under 6 MB at the best cameras.
MOST = 12 * 1024 * 1024
#: One level of a topic, or several: nothing that a broker would take for a pattern.
LEVEL = re.compile(r"[A-Za-z0-9_.:-]{1,60}")
LEVELS = re.compile(r"/?[A-Za-z0-9_.:-]{1,60}(/[A-Za-z0-9_.:-]{1,60}){0,6}")


@dataclass(frozen=True)
class Options(DriverOptions):
    """Settings of a camera behind a broker: see docs/devices/mqtt.md."""

    format: str
    host: str
    port: int = 1883
    tls: bool = False
    verify_tls: bool = True
    sn: str = ""
    camera: str = ""
    prefix: str = "frigate"
    threshold: float = 0.9
    timezone: str = ""
    assumed_confidence: float | None = None
    lane: int | None = None

    def _is_right(self) -> bool:
        told: Any = self
        texts = (told.format, told.host, told.sn, told.camera, told.prefix, told.timezone)
        if not all(isinstance(text, str) for text in texts) or not 0 < len(told.host) <= 253:
            return False
        is_port = type(told.port) is int and 0 < told.port < 65536
        flags = type(told.tls) is bool and type(told.verify_tls) is bool
        is_share = type(told.threshold) in (int, float) and 0.5 <= told.threshold <= 1
        named = told.camera if told.format == "frigate" else told.sn
        is_named = bool(LEVEL.fullmatch(named)) and bool(LEVELS.fullmatch(told.prefix))
        return is_port and flags and is_share and is_named


@dataclass(frozen=True)
class Message:
    """One message as the broker gave it. ``is_retained``: it was there before we listened."""

    topic: str
    payload: bytes = field(repr=False)
    is_retained: bool = False
    received_at: datetime = field(default_factory=timezone.now)

    def json(self) -> dict[str, Any]:
        """Raises NotUnderstood."""
        return read_json(self.payload)


@dataclass(frozen=True)
class Reply:
    """What is published for a camera: once, never retained."""

    topic: str
    values: dict[str, Any]

    @property
    def payload(self) -> bytes:
        return json.dumps(self.values, ensure_ascii=False).encode()


class Talker(ABC):
    """One camera's side of the broker. Used by one thread."""

    #: What ``taking`` needs to know of the format.
    how: Format

    def __init__(self, options: Options) -> None:
        self.options = options
        #: The camera's own last will, or its word, says that it is gone.
        self.is_gone = False
        self._ordered: OrderedDict[str, int] = OrderedDict()

    @abstractmethod
    def topics(self) -> list[str]:
        """What to listen to; may grow with what is heard."""

    @abstractmethod
    def owns(self, topic: str) -> bool:
        """Whether a message of this topic may be this camera's."""

    @abstractmethod
    def read(self, message: Message, zone: tzinfo) -> Told:
        """What a message says. Raises NotUnderstood."""

    def replies(self, message: Message, code: str) -> list[Reply]:
        """What the camera waits for, once ``code`` came of its message."""
        return []

    def due(self) -> list[Told]:
        """What time alone says."""
        return []

    def order(self, letter: Letter) -> Reply | None:
        """An order to the camera's own relay; None where nobody knows yet how to reach it."""
        return None

    @property
    def can_order(self) -> bool:
        return False

    def confirmed(self, message: Message) -> int | None:
        """The command whose order this message says was obeyed."""
        return None

    def _new_order(self, letter: Letter) -> str:
        """A name for an order, by which its answer is known again."""
        name = f"{letter.command_id}-{secrets.token_hex(6)}"
        self._ordered[name] = letter.command_id
        while len(self._ordered) > 50:
            self._ordered.popitem(last=False)
        return name


def format_named(name: str) -> Format:
    """What stands for a format that nothing is pushed in."""
    return Format(name, _never, _nothing, heartbeat=True)


def _never(body: Body) -> Told:
    raise NotImplementedError


def _nothing(told: Told | None, letter: Letter | None) -> Answer:
    raise NotImplementedError
