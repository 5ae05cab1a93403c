"""This process's connection to an MQTT broker, one for all devices behind it.

Questions go out with an id and an expiry, never retained, at most once (QoS 0): what the broker
loses is not sent again, and whoever asked hears nothing. Answers are taken by their id, the first
one only. A device's own state comes retained from it, or from its last will.

Topics of a device, under its prefix: ``command`` and ``ask`` go down; ``ack``, ``answer`` and
``status`` come up. docs/devices/lockers.md has the messages.
"""

from __future__ import annotations

import json
import os
import threading
import time
from datetime import datetime
from typing import Any

import paho.mqtt.client as mqtt
import structlog
from django.utils import timezone
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from community.devices import addresses
from community.devices.base import DeviceFault, DeviceSilent
from community.devices.mqtt_client import CONNECT_S, Broker, Client, client_of

log = structlog.get_logger()

ANSWERS = ("ack", "answer")
LONGEST = 64 * 1024
KEEPALIVE_S = 15
#: A device that is connected tells its state at once after we listen.
TOLD_S = 0.7
#: A connection that nobody used for so long is closed; a refused one may be tried again.
IDLE_S, REFUSED_S = 600.0, 60.0
#: Answers of a broker to a sign-in that it refuses (MQTT 5: 134, 135; 3.1.1 as paho tells them).
REFUSALS = frozenset({134, 135, 140})


class Line:
    """See the module. Safe for many threads."""

    def __init__(self, broker: Broker) -> None:
        self.broker = broker
        self.used = self.since = time.monotonic()
        self.refused = ""
        self._changed = threading.Condition()
        self._connected = False
        self._wanted: set[str] = set()
        self._asked: dict[int, str] = {}
        self._heard: dict[str, float] = {}
        self._status: dict[str, dict[str, Any]] = {}
        self._waiting: dict[str, dict[str, Any] | None] = {}
        #: How often the connection broke so far.
        self._breaks = 0
        self._client = self._make()

    def _make(self) -> Client:
        client = client_of(self.broker)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        return client

    def start(self) -> None:
        """Begin to connect. Raises ``DeviceFault`` for an address that may not be had."""
        # Looked at here too, so that whoever asks hears why.
        addresses.resolve(self.broker.host, self.broker.port)
        self._client.connect_async(
            self.broker.host, self.broker.port, KEEPALIVE_S, clean_start=True
        )
        self._client.loop_start()

    def stop(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def status(self, prefix: str, seconds: float) -> dict[str, Any] | None:
        """What the device, or its last will, told of itself; None when it told nothing.

        Raises ``DeviceFault``: ``unreachable``, ``not_authorised``.
        """
        end = time.monotonic() + seconds
        with self._changed:
            self._listen(prefix, end)
            end = min(end, self._heard[prefix] + TOLD_S)
            self._changed.wait_for(lambda: prefix in self._status, max(0, end - time.monotonic()))
            return self._status.get(prefix)

    def exchange(
        self,
        prefix: str,
        topic: str,
        message: dict[str, Any],
        *,
        seconds: float,
        send_before: datetime | None = None,
    ) -> dict[str, Any]:
        """Send one message once, and wait for the answer with its id.

        Raises ``DeviceFault`` (nothing was sent): ``unreachable``, ``not_authorised``,
        ``expired``; ``DeviceSilent("no_answer")``, also where the connection broke after the
        message had gone into it: the broker may have passed it on.
        """
        end, key = time.monotonic() + seconds, str(message["id"])
        # Held while publishing, so that a break of the connection comes before or after it.
        with self._changed:
            self._listen(prefix, end)
            self._waiting[key] = None
            try:
                told = self._publish(f"{prefix}/{topic}", message, seconds, send_before)
                breaks = self._breaks

                def is_settled() -> bool:
                    lost = self._breaks != breaks and _is_unsent(told)
                    return lost or self._waiting[key] is not None

                self._changed.wait_for(is_settled, max(0.0, end - time.monotonic()))
                if (answer := self._waiting[key]) is not None:
                    return answer
                if self._breaks != breaks and _is_unsent(told):
                    raise DeviceFault("unreachable")
                raise DeviceSilent("no_answer")
            finally:
                del self._waiting[key]

    def _listen(self, prefix: str, end: float) -> None:
        """Be connected and subscribed; holds the condition. Raises ``DeviceFault``."""
        self.used = time.monotonic()
        if prefix not in self._wanted:
            self._wanted.add(prefix)
            if self._connected:
                self._subscribe(prefix)

        def is_settled() -> bool:
            return bool(self.refused) or prefix in self._heard

        self._changed.wait_for(is_settled, max(0.0, min(end - self.used, CONNECT_S)))
        if self.refused or prefix not in self._heard:
            raise DeviceFault(self.refused or "unreachable")

    def _publish(
        self, topic: str, message: dict[str, Any], seconds: float, send_before: datetime | None
    ) -> mqtt.MQTTMessageInfo:
        now = timezone.now()
        if send_before and send_before <= now:
            raise DeviceFault("expired")
        left = (send_before - now).total_seconds() if send_before else seconds
        expiry = Properties(PacketTypes.PUBLISH)
        expiry.MessageExpiryInterval = max(1, int(left))
        body = json.dumps(message | {"expires_at": round(time.time() + left, 3)})
        told = self._client.publish(topic, body, qos=0, retain=False, properties=expiry)
        if told.rc == mqtt.MQTT_ERR_NO_CONN:
            raise DeviceFault("unreachable")
        return told

    def _subscribe(self, prefix: str) -> None:
        topics = [(f"{prefix}/{name}", 1) for name in (*ANSWERS, "status")]
        result, number = self._client.subscribe(topics)
        if result == mqtt.MQTT_ERR_SUCCESS and number is not None:
            self._asked[number] = prefix

    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _props: Any) -> None:
        with self._changed:
            if reason.is_failure:
                if reason.value in REFUSALS:
                    # Asking again and again with a wrong password helps nobody.
                    self.refused = "not_authorised"
                    client.disconnect()
            else:
                self._connected = True
                for prefix in self._wanted:
                    self._subscribe(prefix)
            self._changed.notify_all()

    def _on_disconnect(self, *_: Any) -> None:
        with self._changed:
            self._connected = False
            self._breaks += 1
            # What a device told before is no news of how it is now.
            self._heard.clear()
            self._status.clear()
            self._asked.clear()
            self._changed.notify_all()

    def _on_subscribe(
        self, _client: Any, _data: Any, number: int, reasons: list[Any], _props: Any
    ) -> None:
        with self._changed:
            prefix = self._asked.pop(number, "")
            if prefix and any(reason.is_failure for reason in reasons):
                self.refused = "not_authorised"
            elif prefix:
                self._heard[prefix] = time.monotonic()
            self._changed.notify_all()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        prefix, _, name = message.topic.rpartition("/")
        told = _read(message.payload)
        if told is None:
            log.info("mqtt_message_not_understood", topic=message.topic)
            return
        with self._changed:
            if name == "status":
                self._status[prefix] = told
            elif name in ANSWERS and not message.retain:
                key = str(told.get("id", ""))
                # A second answer, or one that comes too late, is nobody's.
                if key in self._waiting and self._waiting[key] is None:
                    self._waiting[key] = told
            self._changed.notify_all()


def _is_unsent(told: mqtt.MQTTMessageInfo) -> bool:
    """Of a message whose connection broke: its last byte never left, and the client drops it."""
    return told.rc != mqtt.MQTT_ERR_SUCCESS or not told.is_published()


def _read(payload: bytes) -> dict[str, Any] | None:
    if len(payload) > LONGEST:
        return None
    try:
        told = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


_lines: dict[Broker, Line] = {}
_guard = threading.Lock()


def line_to(broker: Broker) -> Line:
    """The connection of this process to a broker, begun when it is first wanted."""
    now = time.monotonic()
    with _guard:
        for other, line in list(_lines.items()):
            is_refused = bool(line.refused) and now - line.since > REFUSED_S
            if is_refused or now - line.used > IDLE_S:
                del _lines[other]
                # Its thread ends by itself: it may be this very moment in a time-out.
                threading.Thread(target=line.stop, daemon=True).start()
        line = _lines.get(broker) or Line(broker)
        if broker not in _lines:
            line.start()
            _lines[broker] = line
    return line


def hang_up() -> None:
    """End every connection of this process, as at its end and between tests."""
    with _guard:
        lines = list(_lines.values())
        _lines.clear()
    for line in lines:
        line.stop()


def _after_fork() -> None:
    global _guard  # noqa: PLW0603
    # Neither the threads nor the sockets of the parent are ours.
    _guard = threading.Lock()
    _lines.clear()


os.register_at_fork(after_in_child=_after_fork)
