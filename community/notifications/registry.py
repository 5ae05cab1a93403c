"""Messengers by name; a missing vendor library is a code on one channel, not a crash."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any, TypeVar

import structlog

from community.models import Channel, Medium
from community.notifications.base import Messenger, NotSent

log = structlog.get_logger(__name__)
Driver = TypeVar("Driver", bound=type[Messenger])

NAME = re.compile(r"^[a-z][a-z0-9_]{0,39}$")
#: Which drivers carry which medium; the simulated one carries any.
CARRIERS: dict[str, tuple[str, ...]] = {
    Medium.SMS: ("aliyun_sms", "http_gateway"),
    Medium.OFFICIAL_ACCOUNT: ("official_account",),
    Medium.WEB_PUSH: ("web_push",),
    Medium.EMAIL: ("smtp",),
    Medium.WECOM: ("wecom_robot",),
}
SIMULATED = "simulated"
_drivers: dict[str, Callable[[dict[str, Any], dict[str, Any]], Messenger]] = {}


def register(name: str) -> Callable[[Driver], Driver]:
    """Class decorator: the messenger that channels name in their ``driver`` field."""

    def enter(driver: Driver) -> Driver:
        _drivers[name] = driver
        return driver

    return enter


def carries(medium: str, driver: str) -> bool:
    return driver == SIMULATED or driver in CARRIERS.get(medium, ())


def messenger_for(channel: Channel) -> Messenger:
    """Raises ``NotSent``: ``driver_unknown``, ``driver_missing``, ``settings_invalid``."""
    _load(channel.driver)
    driver = _drivers.get(channel.driver)
    if driver is None or not carries(channel.medium, channel.driver):
        raise NotSent("driver_unknown", ours=True)
    settings, credentials = channel.settings, channel.credentials
    if not isinstance(settings, dict) or not isinstance(credentials, dict):
        raise NotSent("settings_invalid", ours=True)
    return driver(settings | {"channel_id": channel.pk}, credentials)


def _load(name: str) -> None:
    if name in _drivers or not NAME.match(name):
        return
    package = "community.notifications"
    module = f"{package}.{name}" if name == SIMULATED else f"{package}.drivers.{name}"
    if not find_spec(module):
        return
    try:
        import_module(module)
    except ImportError as error:
        log.warning("messenger_not_loaded", driver=name, error=str(error))
        raise NotSent("driver_missing", ours=True) from error
