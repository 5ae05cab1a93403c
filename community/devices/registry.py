"""Drivers by name: a missing driver or vendor library is a code on one device, not a crash."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, TypeVar, cast

import structlog

from community.devices.base import Barrier, DeviceFault, LockerBank, Opener
from community.models import Device

log = structlog.get_logger()
Driver = TypeVar("Driver", bound=type[Opener] | type[LockerBank])

NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
_drivers: dict[str, Callable[[dict[str, Any], dict[str, Any]], Opener | LockerBank]] = {}


def register(name: str) -> Callable[[Driver], Driver]:
    """Class decorator: the driver that devices name in their ``driver`` field."""

    def enter(driver: Driver) -> Driver:
        _drivers[name] = driver
        return driver

    return enter


def names() -> list[str]:
    """Names to choose from, without loading any vendor library."""
    drivers = import_module("community.devices.drivers")
    return sorted(
        {"simulated", *_drivers, *(found.name for found in iter_modules(drivers.__path__))}
    )


def driver_for(device: Device, *, send_before: datetime | None = None) -> Barrier:
    """The driver of a device, ready for one command or read.

    Every driver opens and tells its state; ``keep_open`` and ``release`` are missing on doors,
    and a bank of lockers opens compartments only.
    Raises ``DeviceFault("driver_unknown")``, ``("driver_missing")`` when its library is not
    installed, or ``("settings_invalid")``.
    """
    _load(device.driver)
    try:
        driver = _drivers[device.driver]
    except KeyError:
        raise DeviceFault("driver_unknown") from None
    if not isinstance(device.settings, dict) or not isinstance(device.credentials, dict):
        raise DeviceFault("settings_invalid")
    settings = {**device.settings, "device_id": device.pk, "send_before": send_before}
    return cast(Barrier, driver(settings, device.credentials))


def _load(name: str) -> None:
    if name in _drivers or not NAME.match(name):
        return
    package = "community.devices" if name == "simulated" else "community.devices.drivers"
    if not find_spec(f"{package}.{name}"):
        return
    try:
        import_module(f"{package}.{name}")
    except ImportError as error:
        log.warning("driver_not_loaded", driver=name, error=str(error))
        raise DeviceFault("driver_missing") from error
