"""One MQTT broker and all cameras behind it: a connection, and a thread that takes in order.

The broker's own thread only lays messages into a queue of bounded length; what is told there is
heard, answered and decided here, one after the other.
"""

from __future__ import annotations

import queue
import threading
import time
from functools import partial
from typing import Any

import paho.mqtt.client as mqtt
import structlog
from django.db import connections
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from community.devices import addresses
from community.devices.base import DeviceFault, Health
from community.devices.mqtt_cameras import MOST, Message
from community.devices.mqtt_client import Broker, client_of
from community.devices.mqtt_line import REFUSALS
from community.devices.operations.health import LOCKED_S
from security.listening.behind import Behind
from security.listening.telling import tell_health

log = structlog.get_logger(__name__)
KEEPALIVE_S = 15
STEP_S = 0.05
#: Messages that wait; more come only from a broker that floods us.
WAITING = 200
#: A broker away for so long makes its cameras offline.
AWAY_S = 5.0
TOLD_EVERY_S = 10.0
EXPIRY_S = 10


class BrokerLine(threading.Thread):
    """Listens until ``stop``; never raises."""

    def __init__(self, broker: Broker, cameras: list[Behind]) -> None:
        super().__init__(name=f"mqtt-{broker.host}", daemon=True)
        self.broker, self.cameras = broker, cameras
        self._stopping = threading.Event()
        self._waiting: queue.Queue[Message] = queue.Queue(WAITING)
        self._connected = threading.Event()
        self._refused = threading.Event()
        self._lost_at = time.monotonic()
        self._topics: set[str] = set()
        self.dropped = 0
        self._dropped_told_at = 0.0
        self._health = ""

    def stop(self) -> None:
        self._stopping.set()

    def run(self) -> None:
        try:
            while not self._stopping.is_set():
                self._stopping.wait(self._session())
        finally:
            if threading.current_thread() is self:
                connections.close_all()

    def _session(self) -> float:
        """Until told to stop, or refused for good; how long to rest then, in seconds."""
        try:
            addresses.resolve(self.broker.host, self.broker.port)
        except DeviceFault as fault:
            self._tell_all("faulty" if fault.code == "address_refused" else "offline", fault.code)
            return AWAY_S
        client = self._client()
        self._refused.clear()
        client.loop_start()
        try:
            while not self._stopping.is_set() and not self._refused.is_set():
                try:
                    self._step(client)
                except Exception:
                    # What breaks us once must not keep the other cameras waiting.
                    log.exception("mqtt_broke", host=self.broker.host)
                    self._stopping.wait(STEP_S)
        finally:
            client.disconnect()
            client.loop_stop()
        if self._refused.is_set():
            self._tell_all("faulty", "not_authorised")
            return LOCKED_S
        return 0.0

    def _client(self) -> mqtt.Client:
        client = client_of(self.broker)
        client.on_connect, client.on_disconnect = self._on_connect, self._on_disconnect
        client.on_message = self._on_message
        asked = Properties(PacketTypes.CONNECT)
        # The broker keeps larger ones to itself: they never reach our memory.
        asked.MaximumPacketSize = MOST
        client.connect_async(
            self.broker.host, self.broker.port, KEEPALIVE_S, clean_start=True, properties=asked
        )
        return client

    # Called by the client's own thread: quick, and without the database.
    def _on_connect(self, client: Any, _data: Any, _flags: Any, reason: Any, _props: Any) -> None:
        if reason.is_failure:
            if reason.value in REFUSALS:
                self._refused.set()
            return
        self._topics = set()
        self._subscribe(client)
        self._connected.set()

    def _on_disconnect(self, *_: Any) -> None:
        if self._connected.is_set():
            self._lost_at = time.monotonic()
        self._connected.clear()

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        try:
            self._waiting.put_nowait(Message(message.topic, message.payload, message.retain))
        except (queue.Full, UnicodeDecodeError):
            self.dropped += 1

    def _subscribe(self, client: mqtt.Client) -> None:
        wanted = {topic for camera in self.cameras for topic in camera.talker.topics()}
        new = sorted(wanted - self._topics)
        if new and client.subscribe([(topic, 1) for topic in new])[0] == mqtt.MQTT_ERR_SUCCESS:
            self._topics |= set(new)

    # Called by this thread.
    def _step(self, client: mqtt.Client) -> None:
        if self._connected.is_set():
            self._tell_connected()
        elif time.monotonic() - self._lost_at > AWAY_S:
            self._tell_all("offline", "unreachable")
        message = self._next()
        send = partial(self._send, client)
        for camera in self.cameras:
            if message is not None and camera.talker.owns(message.topic):
                camera.take(message, send)
            camera.due()
            if self._connected.is_set():
                camera.carry(send)
        if message is not None:
            self._subscribe(client)
        self._tell_dropped()

    def _next(self) -> Message | None:
        try:
            return self._waiting.get(timeout=STEP_S)
        except queue.Empty:
            return None

    def _send(self, client: mqtt.Client, topic: str, payload: bytes) -> bool:
        """Once, never retained, and not after its time; whether it went into the connection."""
        expiry = Properties(PacketTypes.PUBLISH)
        expiry.MessageExpiryInterval = EXPIRY_S
        told = client.publish(topic, payload, qos=0, retain=False, properties=expiry)
        return told.rc == mqtt.MQTT_ERR_SUCCESS

    def _tell_connected(self) -> None:
        """The broker is there; whether a camera is, it says itself."""
        if self._health != "online":
            self._health = "online"
            log.info("mqtt_connected", host=self.broker.host)

    def _tell_all(self, state: str, code: str) -> None:
        if self._health == code:
            return
        self._health = code
        log.warning("mqtt_failed", host=self.broker.host, code=code)
        for camera in self.cameras:
            tell_health(camera.device.pk, Health(state, code))  # type: ignore[arg-type]

    def _tell_dropped(self) -> None:
        now = time.monotonic()
        if self.dropped and now - self._dropped_told_at > TOLD_EVERY_S:
            log.warning("mqtt_flood", host=self.broker.host, dropped=self.dropped)
            self.dropped, self._dropped_told_at = 0, now
