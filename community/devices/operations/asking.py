"""Asking one device now, because somebody stands there and wants to know. Opens nothing."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

import structlog

from community.devices import heard, inquiries
from community.devices.addresses import is_allowed
from community.devices.base import DeviceFault, DeviceSilent, Health
from community.devices.inquiries import Found
from community.devices.mqtt_cameras import DRIVER as MQTT
from community.devices.operations.health import is_locked, record_health
from community.devices.pull import DRIVER as PULL
from community.devices.push import DRIVER
from community.devices.registry import driver_for
from community.devices.zones import zone_of
from community.models import Device

log = structlog.get_logger(__name__)
#: Where the pages of cameras are; whether anything answers there tells network from camera.
PAGE_PORTS = (80, 443)
KNOCK_S = 2.0
ASKED = (Device.Kind.BARRIER, Device.Kind.DOOR)


@dataclass(frozen=True)
class Asked:
    """``state``: online, faulty, offline, ``unasked``; ``code`` says why; ``position`` of an arm.

    ``peer`` is the address of a camera that pushes, as it was last seen. ``found``: what a camera
    that we listen to said of itself.
    """

    state: str
    code: str = ""
    position: str = ""
    peer: str = ""
    found: Found | None = None


def can_ask(device: Device) -> bool:
    """Whether this kind of device answers questions at all."""
    answers = device.kind in ASKED or device.driver in (DRIVER, PULL, MQTT)
    return device.is_active and answers


def ask_now(device: Device) -> Asked:
    """What a device answers to a harmless question; its health is noted.

    One that refused our password is not asked again while it may lock us out: ``not_authorised``.
    A camera that pushes is not asked anything: we only see whether somebody is at its address. Of
    one that we listen to nothing is noted: how it is, its listener knows.
    """
    if device.driver == DRIVER:
        return _knock(device)
    if device.driver in (PULL, MQTT):
        return _inquire(device)
    if is_locked(device):
        return Asked("faulty", "not_authorised")
    position = ""
    try:
        driver = driver_for(device)
        health = driver.health()
        if health.state == "online" and hasattr(driver, "state"):
            position = str(driver.state())
    except DeviceFault as fault:
        health = Health("faulty", fault.code)
    except Exception:
        log.exception("driver_broke", device=device.pk, driver=device.driver)
        health = Health("faulty", "driver_broke")
    record_health(device.pk, health)
    return Asked(health.state, health.code, position)


def _inquire(device: Device) -> Asked:
    settings: Any = device.settings
    credentials: Any = device.credentials
    if not isinstance(settings, dict) or not isinstance(credentials, dict):
        return Asked("faulty", "settings_invalid")
    try:
        if device.driver == PULL:
            found = inquiries.of_pulled(settings, credentials, device.pk, zone_of(device))
        else:
            found = inquiries.of_broker(settings, credentials)
    except DeviceFault as fault:
        return Asked("offline" if fault.code == "unreachable" else "faulty", fault.code)
    except DeviceSilent as silence:
        return Asked("offline", silence.code)
    except Exception:
        log.exception("driver_broke", device=device.pk, driver=device.driver)
        return Asked("faulty", "driver_broke")
    is_there = found.code == ""
    return Asked("online" if is_there else "offline", found.code, found=found)


def _knock(device: Device) -> Asked:
    """Whether anything answers at the address that the camera last pushed from."""
    peer = next((one.peer for one in heard.last(device.pk) if one.peer), "")
    if not peer:
        return Asked("unasked", "peer_unknown")
    try:
        allowed = is_allowed(ip_address(peer))
    except ValueError:
        allowed = False
    if not allowed:
        return Asked("unasked", "peer_refused", peer=peer)
    there = any(_answers(peer, port) for port in PAGE_PORTS)
    return Asked("online" if there else "offline", "", peer=peer)


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), KNOCK_S):
            return True
    except ConnectionRefusedError:
        return True  # a machine is there, if not its page
    except OSError:
        return False
