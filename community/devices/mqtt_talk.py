"""One conversation with a device behind an MQTT broker: connect, listen, say something, hang up.

For devices with topics of their own making. What is said goes out once (QoS 0), never retained,
with an expiry; so nothing waits at the broker for a relay that was away. Nothing is kept between
conversations.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

import paho.mqtt.client as mqtt
from django.utils import timezone
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.mqtt_client import CONNECT_S, Broker, client_of

Heard = TypeVar("Heard")
LONGEST, MOST = 64 * 1024, 200
KEEPALIVE_S = 15
#: What a device, or its last will, left at the broker is told at once after we listen.
TOLD_S = 0.5
#: MQTT 5: bad user name or password, not authorised, server refuses this client.
REFUSALS = frozenset({134, 135, 140})


@dataclass(frozen=True)
class Message:
    topic: str
    payload: bytes
    is_retained: bool

    @property
    def text(self) -> str:
        return self.payload.decode("utf-8", "replace")


class Talk:
    """``with Talk(broker, topics, seconds=3) as talk: …``.

    Entering raises ``DeviceFault``: ``unreachable``, ``not_authorised``, ``address_refused``.
    """

    def __init__(self, broker: Broker, topics: Iterable[str], *, seconds: float) -> None:
        self.broker = broker
        self.topics = list(topics)
        self.seconds = seconds
        self._changed = threading.Condition()
        self._messages: list[Message] = []
        self._refused = ""
        self._is_listening = self._is_lost = False

    def __enter__(self) -> Self:
        addresses.resolve(self.broker.host, self.broker.port)
        self._client = client = client_of(self.broker)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        try:
            client.connect(self.broker.host, self.broker.port, KEEPALIVE_S, clean_start=True)
        except (OSError, ValueError) as error:
            raise DeviceFault("unreachable") from error
        client.loop_start()
        try:
            self._wait_for_a_place()
        except DeviceFault:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _wait_for_a_place(self) -> None:
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_listening or self._refused or self._is_lost,
                min(self.seconds, CONNECT_S),
            )
            if self._refused or not self._is_listening:
                raise DeviceFault(self._refused or "unreachable")

    def left(self, topic: str) -> str | None:
        """What the device last said on a topic that it retains; None where it is nothing."""

        def said() -> list[Message]:
            return [message for message in self._messages if message.topic == topic]

        with self._changed:
            self._changed.wait_for(said, min(self.seconds, TOLD_S))
            return said()[-1].text if said() else None

    def hear(self, is_meant: Callable[[Message], bool]) -> bool:
        """Whether a message that is meant comes while there is time; retained ones do not count."""

        def came() -> bool:
            return any(not one.is_retained and is_meant(one) for one in self._messages)

        with self._changed:
            return bool(self._changed.wait_for(came, self.seconds))

    def say(
        self,
        topic: str,
        text: str,
        heard: Callable[[Message], Heard | None],
        *,
        send_before: datetime | None = None,
    ) -> Heard:
        """Say it once; what ``heard`` makes of the first later message that is an answer.

        Raises ``DeviceFault`` (nothing was sent): ``expired``, ``unreachable``;
        ``DeviceSilent("no_answer")``.
        """
        return self._say([topic], text, heard, send_before)

    def ask_all(
        self, topics: Iterable[str], text: str, heard: Callable[[Message], Heard | None]
    ) -> Heard:
        """A harmless question on several topics, where nobody knows which one is listened to."""
        return self._say(list(topics), text, heard, None)

    def _say(
        self,
        topics: list[str],
        text: str,
        heard: Callable[[Message], Heard | None],
        send_before: datetime | None,
    ) -> Heard:
        end = time.monotonic() + self.seconds
        with self._changed:
            mark = len(self._messages)
            told = [self._publish(topic, text, send_before) for topic in topics][-1]
            while True:
                for message in self._messages[mark:]:
                    mark += 1
                    answer = None if message.is_retained else heard(message)
                    if answer is not None:
                        return answer
                if self._is_lost and not told.is_published():
                    raise DeviceFault("unreachable")
                left = end - time.monotonic()
                if self._is_lost or left <= 0:
                    raise DeviceSilent("no_answer")
                self._changed.wait(left)

    def _publish(self, topic: str, text: str, send_before: datetime | None) -> mqtt.MQTTMessageInfo:
        now = timezone.now()
        if send_before and send_before <= now:
            raise DeviceFault("expired")
        left = (send_before - now).total_seconds() if send_before else self.seconds
        expiry = Properties(PacketTypes.PUBLISH)
        expiry.MessageExpiryInterval = max(1, int(left))
        told = self._client.publish(topic, text, qos=0, retain=False, properties=expiry)
        if told.rc != mqtt.MQTT_ERR_SUCCESS:
            raise DeviceFault("unreachable")
        return told

    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _props: Any) -> None:
        with self._changed:
            if reason.is_failure:
                self._refused = "not_authorised" if reason.value in REFUSALS else "unreachable"
                client.disconnect()
            elif self._is_listening:
                self._is_lost = True  # a second connection is no part of this conversation
            else:
                client.subscribe([(topic, 1) for topic in self.topics])
            self._changed.notify_all()

    def _on_disconnect(self, *_: Any) -> None:
        with self._changed:
            self._is_lost = True
            self._changed.notify_all()

    def _on_subscribe(
        self, _client: Any, _data: Any, _number: int, reasons: list[Any], _props: Any
    ) -> None:
        with self._changed:
            if any(reason.is_failure for reason in reasons):
                self._refused = "not_authorised"
            self._is_listening = True
            self._changed.notify_all()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        if len(message.payload) > LONGEST:
            return
        with self._changed:
            if len(self._messages) < MOST:
                told = Message(message.topic, bytes(message.payload), bool(message.retain))
                self._messages.append(told)
            self._changed.notify_all()
