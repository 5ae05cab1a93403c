"""Drivers of barriers and doors, each with a device that can misbehave, for the contract suite."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from community.devices import simulated
from community.devices.base import Barrier
from community.devices.drivers.dahua_barrier import DahuaBarrier
from community.devices.drivers.dahua_door import DahuaDoor
from community.devices.drivers.hikvision_barrier import HikvisionBarrier
from community.devices.drivers.hikvision_door import HikvisionDoor
from community.devices.drivers.http_relay import HttpRelay
from community.devices.drivers.modbus_relay import ModbusRelay
from community.devices.drivers.shelly import Shelly
from community.devices.drivers.tasmota import Tasmota
from community.devices.drivers.vzenith import Vzenith
from community.devices.drivers.vzenith_mqtt import VzenithMqtt
from community.devices.simulated import Simulated
from tests.community.devices.dahua_device import OWN_PULSE_MS, DahuaDevice
from tests.community.devices.hikvision_device import HikvisionDevice
from tests.community.devices.maker import Maker
from tests.community.devices.modbus_board import JOG_MS, ModbusBoard
from tests.community.devices.relay import PASSWORD, TOKEN, USER, Relay
from tests.community.devices.small_relay import BrokerRelay, WebRelay
from tests.community.devices.vzenith_broker import SN, BrokerCamera
from tests.community.devices.vzenith_camera import ASK_S, Camera

CREDENTIALS = {"username": USER, "password": PASSWORD, "token": TOKEN}


class Subject(Protocol):
    #: A barrier can be held open, or says that it cannot; a door has no such thing.
    is_door: bool
    can_hold: bool
    #: Whether the wire has a word for "no".
    can_refuse: bool

    def driver(self, **settings: Any) -> Barrier:
        """The driver, with these settings added."""

    def openings(self) -> list[tuple[int, int]]:
        """Command and pulse of every time that the device opened."""

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        """What of an opening reaches the device: 0 for no number, its own pulse."""

    def is_held(self) -> bool: ...

    def make(self, mode: str) -> None:
        """refuse, vanish, drop (act without an answer), slow (answer too late), lie."""


class Plain:
    """A barrier that gets number and pulse, and can do everything."""

    is_door = False
    can_hold = can_refuse = True

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        return (command, pulse_ms)


@dataclass
class SimulatedSubject(Plain):
    device_id: int = 7

    def driver(self, **settings: Any) -> Barrier:
        return Simulated({"device_id": self.device_id, **settings}, {})

    def openings(self) -> list[tuple[int, int]]:
        return [(deed.command_id, deed.pulse_ms) for deed in simulated.openings(self.device_id)]

    def is_held(self) -> bool:
        deeds = [deed for deed in simulated.deeds(self.device_id) if deed.action != "open"]
        return bool(deeds) and deeds[-1].action == "keep_open"

    def make(self, mode: str) -> None:
        behaviour: dict[str, dict[str, Any]] = {
            "refuse": {"jam": True},
            "vanish": {"vanish": True},
            "drop": {"drop_answer": True},
            "slow": {"latency_ms": 900, "timeout_ms": 500},
            "lie": {"lie": "open"},
        }
        simulated.behave(self.device_id, **behaviour[mode])


@dataclass
class RelaySubject(Plain):
    relay: Relay

    def driver(self, **settings: Any) -> Barrier:
        url = self.relay.url
        own = {
            "device_id": 7,
            "send_before": None,
            "open_url": url + "/open?command={command_id}&pulse={pulse_ms}",
            "keep_open_url": url + "/keep?command={command_id}",
            "release_url": url + "/release?command={command_id}",
            "status_url": url + "/status",
            "open_contains": '"input":true',
            "closed_contains": '"input":false',
            "auth": self.relay.auth,
            "timeout_s": 0.5,
        }
        return HttpRelay(own | settings, CREDENTIALS)

    def openings(self) -> list[tuple[int, int]]:
        return [
            (int(request.query["command"]), int(request.query["pulse"]))
            for request in self.relay.openings
        ]

    def is_held(self) -> bool:
        return self.relay.is_held

    def make(self, mode: str) -> None:
        if mode == "vanish":
            self.relay.vanish()
        elif mode == "slow":
            self.relay.delay_s = 0.9
        else:
            self.relay.mode = mode


@dataclass
class CameraSubject(Plain):
    """The relay of a camera that asks for its orders."""

    camera: Camera

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "output": "io", "open_input": 1, "wait_s": 0.5, "confirm_s": 0.5}
        return Vzenith(own | settings, {})

    def openings(self) -> list[tuple[int, int]]:
        return list(self.camera.openings)

    def is_held(self) -> bool:
        return self.camera.is_held

    def make(self, mode: str) -> None:
        if mode == "vanish":
            self.camera.vanish()
        else:
            self.camera.mode = mode
            time.sleep(2 * ASK_S)  # it tells its contact anew


@dataclass
class MakerSubject(Plain):
    """A big maker's device: it has its own pulse, and no number of ours reaches it."""

    device: Maker
    kind: Callable[..., Any]
    own: dict[str, Any] = field(default_factory=dict)
    is_door: bool = False

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "send_before": None, "url": self.device.url, "timeout_s": 0.5}
        driver: Barrier = self.kind(own | self.own | settings, CREDENTIALS)
        return driver

    def openings(self) -> list[tuple[int, int]]:
        return list(self.device.pulses)

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        return (0, OWN_PULSE_MS)

    def is_held(self) -> bool:
        return self.device.is_held

    def make(self, mode: str) -> None:
        misbehave(self.device, mode)


@dataclass
class WebRelaySubject(Plain):
    relay: WebRelay
    kind: Callable[..., Any]
    own: dict[str, Any]

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "send_before": None, "url": self.relay.url, "timeout_s": 0.5}
        driver: Barrier = self.kind(own | self.own | settings, {})
        return driver

    def openings(self) -> list[tuple[int, int]]:
        return list(self.relay.works.pulses)

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        is_whole = self.relay.maker == "shelly1"
        return (0, math.ceil(pulse_ms / 1000) * 1000 if is_whole else pulse_ms)

    def is_held(self) -> bool:
        works = self.relay.works
        return works.is_on and works.timer_s > 12

    def make(self, mode: str) -> None:
        misbehave(self.relay, mode)


@dataclass
class BrokerRelaySubject(Plain):
    relay: BrokerRelay
    kind: Callable[..., Any]
    own: dict[str, Any]

    def __post_init__(self) -> None:
        self.can_hold = self.can_refuse = self.relay.maker != "shelly1"

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "host": "127.0.0.1", "port": self.relay.port, "timeout_s": 0.7}
        driver: Barrier = self.kind(own | {"topic": self.relay.topic} | self.own | settings, {})
        return driver

    def openings(self) -> list[tuple[int, int]]:
        return list(self.relay.works.pulses)

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        kinds = {"shelly1": (0, 500), "tasmota": (0, pulse_ms)}
        return kinds.get(self.relay.maker, (command, pulse_ms))

    def is_held(self) -> bool:
        works = self.relay.works
        return works.is_on and works.timer_s > 12

    def make(self, mode: str) -> None:
        misbehave(self.relay, mode)
        if mode == "lie" and self.relay.maker == "shelly1":
            self.relay.works.mode = "lie"
            self.relay.tell_input()


@dataclass
class BrokerCameraSubject(Plain):
    """The output of a camera behind a broker, which times the pulse."""

    camera: BrokerCamera

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "host": "127.0.0.1", "port": self.camera.port, "timeout_s": 0.7}
        return VzenithMqtt(own | {"sn": SN, "open_input": 1} | settings, {})

    def openings(self) -> list[tuple[int, int]]:
        return list(self.camera.pulses)

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        return (0, pulse_ms)

    def is_held(self) -> bool:
        return self.camera.is_held

    def make(self, mode: str) -> None:
        misbehave(self.camera, mode)


@dataclass
class BoardSubject(Plain):
    board: ModbusBoard
    own: dict[str, Any]

    def __post_init__(self) -> None:
        self.can_hold = not self.board.jogs

    def driver(self, **settings: Any) -> Barrier:
        own = {"device_id": 7, "host": "127.0.0.1", "port": self.board.port, "timeout_s": 0.5}
        return ModbusRelay(own | {"input": 3} | self.own | settings, {})

    def openings(self) -> list[tuple[int, int]]:
        return list(self.board.pulses)

    def wire(self, command: int, pulse_ms: int) -> tuple[int, int]:
        return (0, JOG_MS if self.board.jogs else pulse_ms)

    def is_held(self) -> bool:
        return self.board.is_held

    def make(self, mode: str) -> None:
        misbehave(self.board, mode)


def misbehave(device: Any, mode: str) -> None:
    if mode == "vanish":
        device.vanish()
    elif mode == "slow":
        device.delay_s = 0.9
    else:
        device.mode = mode


MAKERS: dict[str, tuple[Callable[[], Maker], Callable[..., Any], dict[str, Any], bool]] = {
    "hikvision": (HikvisionDevice, HikvisionBarrier, {"hold": "lock"}, False),
    "hikvision_door": (HikvisionDevice, HikvisionDoor, {}, True),
    "dahua": (DahuaDevice, DahuaBarrier, {"open_input": 2, "hold_output": 1}, False),
    "dahua_door": (DahuaDevice, DahuaDoor, {}, True),
}
RELAYS: dict[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "shelly2": (Shelly, {"input": 0}),
    "shelly1": (Shelly, {"input": 0, "generation": 1}),
    "tasmota": (Tasmota, {"input": 1}),
}
BOARDS = {
    "modbus_flash": {"pulse": "flash"},
    "modbus_jog": {"pulse": "device", "own_pulse_ms": 300},
}
WITHOUT_BROKER = [
    *("simulated", "none", "basic", "digest", "bearer", "vzenith"),
    *MAKERS,
    *(f"web_{name}" for name in RELAYS),
    *BOARDS,
]
BEHIND_BROKER = [*(f"mqtt_{name}" for name in RELAYS), "mqtt_vzenith", "mqtt_vzenith_old"]


@contextmanager
def subject_of(name: str, port: Callable[[], int]) -> Iterator[Subject]:
    """``port`` gives a broker's, where one is needed."""
    way, _, maker = name.partition("_")
    if name == "simulated":
        yield SimulatedSubject()
    elif name == "vzenith":
        with Camera() as camera:
            yield CameraSubject(camera)
    elif name in MAKERS:
        device, kind, own, is_door = MAKERS[name]
        with device() as made:
            yield MakerSubject(made, kind, own, is_door)
    elif name in BOARDS:
        with ModbusBoard(jogs=name == "modbus_jog") as board:
            yield BoardSubject(board, BOARDS[name])
    elif way == "web":
        with WebRelay(maker=maker) as web:
            yield WebRelaySubject(web, *RELAYS[maker])
    elif name.startswith("mqtt_vzenith"):
        with BrokerCamera(port(), is_old=name.endswith("old")) as behind:
            yield BrokerCameraSubject(behind)
    elif way == "mqtt":
        with BrokerRelay(port(), f"contract/{maker}", maker) as relay:
            relay_kind, own = RELAYS[maker]
            more = {"auto_off": True} if maker == "shelly1" else {}
            yield BrokerRelaySubject(relay, relay_kind, own | more)
    else:
        with Relay(auth=name) as plain:
            yield RelaySubject(plain)
