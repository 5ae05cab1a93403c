"""One camera behind a broker: what it says takes the one road, what it waits for is answered."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog
from django.utils import timezone

from community.devices import outbox
from community.devices.base import DeviceFault, Health
from community.devices.mqtt_cameras import TALKERS, Message, Options, Reply, Talker
from community.devices.mqtt_client import Broker
from community.devices.push import NotUnderstood, Told
from community.devices.zones import zone_of
from community.models import Device
from security.listening.telling import fresh_connection, tell, tell_health
from security.pushes.taking import answered_barriers

log = structlog.get_logger(__name__)
#: ``send(topic, payload)``: whether it went out.
Send = Callable[[str, bytes], bool]
#: How often the barriers that a camera opens are looked up, and its life is noted.
BARRIERS_S, ALIVE_S = 5.0, 1.0


@dataclass
class Behind:
    """Used by the thread of its broker alone."""

    device: Device
    talker: Talker

    def __post_init__(self) -> None:
        self._barriers: list[int] = []
        self._barriers_at = self._alive_at = float("-inf")

    def take(self, message: Message, send: Send) -> None:
        """Hear a message, then answer it: stored first, so that nothing unsaid is confirmed."""
        command = self._confirmed(message)
        if command is not None:
            for barrier in self._barriers:
                outbox.heard(barrier, command)
        was_gone = self.talker.is_gone
        read = partial(self.talker.read, message, zone_of(self.device))
        code = self._tell(read, message)
        for reply in self.talker.replies(message, code):
            send(reply.topic, reply.payload)
        if self.talker.is_gone and not was_gone:
            tell_health(self.device.pk, Health("offline", "silent"))

    def due(self) -> None:
        for told in self.talker.due():
            self._tell(partial(_as_is, told), None)

    def carry(self, send: Send) -> None:
        """Take the orders that wait for this camera's own relay to it."""
        if not self.talker.can_order:
            return
        now = time.monotonic()
        if now - self._barriers_at > BARRIERS_S:
            self._barriers_at = now
            fresh_connection()
            self._barriers = answered_barriers(self.device)
        for barrier in self._barriers:
            letter = outbox.take(barrier)
            reply: Reply | None = self.talker.order(letter) if letter is not None else None
            if reply is not None and not send(reply.topic, reply.payload):
                log.warning("mqtt_order_not_sent", device=self.device.pk)

    def _tell(self, read: Callable[[], Told], message: Message | None) -> str:
        told, outcome = tell(
            self.device,
            self.talker.how,
            read,
            message.received_at if message else timezone.now(),
            said=message.payload if message else b"",
        )
        if told is not None and told.what != "other":
            self._note_alive()
        return outcome.code

    def _note_alive(self) -> None:
        now = time.monotonic()
        if now - self._alive_at > ALIVE_S:
            self._alive_at = now
            for barrier in self._barriers:
                outbox.note_asked(barrier)

    def _confirmed(self, message: Message) -> int | None:
        try:
            return self.talker.confirmed(message)
        except NotUnderstood:
            return None


def _as_is(told: Told) -> Told:
    return told


def behind(device: Device) -> tuple[Broker, Behind]:
    """A camera by its settings, and the broker that it is behind. Raises ``DeviceFault``."""
    if not isinstance(device.settings, dict) or not isinstance(device.credentials, dict):
        raise DeviceFault("settings_invalid")
    options = Options.read(device.settings)
    talker = TALKERS.get(options.format)
    user, password = (device.credentials.get(name, "") for name in ("username", "password"))
    if talker is None or not isinstance(user, str) or not isinstance(password, str):
        raise DeviceFault("settings_invalid")
    broker = Broker(options.host, options.port, user, password, options.tls, options.verify_tls)
    return broker, Behind(device, talker(options))
