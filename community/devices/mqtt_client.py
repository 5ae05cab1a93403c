"""An MQTT 5 client as we want it: a name of its own, short waits, addresses that are looked at."""

from __future__ import annotations

import os
import secrets
import socket
from dataclasses import dataclass

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from community.devices import addresses
from community.devices.base import DeviceFault
from community.devices.exchange import tls_context

CONNECT_S = 3.0


@dataclass(frozen=True)
class Broker:
    host: str
    port: int = 1883
    username: str = ""
    password: str = ""
    tls: bool = False
    verify_tls: bool = True


class Client(mqtt.Client):
    """Connects, each time anew, to an address that a device may have."""

    def _create_socket_connection(self) -> socket.socket:
        refused: OSError = OSError("no address")
        try:
            found = addresses.resolve(self._host, self._port)
        except DeviceFault as fault:
            raise OSError(fault.code) from fault
        for address in found:
            try:
                return socket.create_connection((address, self._port), self._connect_timeout)
            except OSError as error:
                refused = error
        raise refused


def client_of(broker: Broker) -> Client:
    """A client for this broker, not connected yet."""
    name = f"linli-{os.getpid()}-{secrets.token_hex(4)}"
    client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    client.connect_timeout = CONNECT_S
    client.reconnect_delay_set(1, 15)
    if broker.username:
        client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        client.tls_set_context(tls_context(broker.verify_tls))
    return client
