"""Push who may pass into the cameras that keep a list, for the hours in which we do not work."""

from __future__ import annotations

from datetime import date
from functools import partial
from zoneinfo import ZoneInfo

import structlog
from django.db.models import Prefetch
from django.utils import timezone

from community.devices import allow_lists
from community.devices.base import DeviceFault
from community.devices.operations import couriers
from community.devices.registry import driver_for
from community.models import Device, Lane
from parking.allowed import let_through

log = structlog.get_logger()


def push_lists() -> int:
    """Hand the list of each device that keeps one to a thread of its own; how many.

    The thread is not that of the device's orders: an opening never waits for a list.
    """
    lanes = Prefetch("closed_lanes", Lane.objects.order_by("pk"))
    devices = Device.objects.active().filter(kind=Device.Kind.BARRIER)
    count = 0
    for device in devices.select_related("compound").prefetch_related(lanes).order_by("pk"):
        driver = _keeper(device)
        if driver is None:
            continue
        today = timezone.now().astimezone(ZoneInfo(device.compound.timezone)).date()
        wanted = _wanted(list(device.closed_lanes.all()), today)
        # Numbers below zero are nobody's orders.
        couriers.hand_over(-device.pk, partial(_push, device.pk, driver, wanted, today))
        count += 1
    return count


def _keeper(device: Device) -> allow_lists.KeepsList | None:
    try:
        driver = driver_for(device)
    except DeviceFault:
        return None  # the round of health tells that
    if isinstance(driver, allow_lists.KeepsList) and driver.list_is_wanted():
        return driver
    return None


def _wanted(lanes: list[Lane], today: date) -> dict[str, date | None]:
    """What passes at every lane that the device closes; nothing for one that closes none."""
    found = [let_through(lane, today) for lane in lanes]
    if not found:
        return {}
    common = set(found[0]).intersection(*found)
    return {plate: until for plate, until in found[0].items() if plate in common}


def _push(
    device_id: int,
    driver: allow_lists.KeepsList,
    wanted: dict[str, date | None],
    today: date,
) -> None:
    how = allow_lists.push(device_id, driver, wanted, today)
    log.info(
        "allow_list_pushed", device=device_id, cars=how.cars, waiting=how.waiting, code=how.code
    )
