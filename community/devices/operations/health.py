"""How devices are: written when it changes, told in the ledger."""

from __future__ import annotations

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.utils import timezone

from community import events
from community.devices.base import DeviceFault, Health, Opener
from community.devices.operations import couriers
from community.devices.registry import driver_for
from community.models import Command, Device

log = structlog.get_logger()

KINDS = {
    "offline": "device.went_offline",
    "online": "device.came_online",
    "faulty": "device.faulty",
}
#: Codes of a command that was not sent because the device could not be reached.
UNREACHED = frozenset({"unreachable"})
NOT_AUTHORISED = "not_authorised"
#: Codes of a command after which somebody has to mend the password, or the relay.
MENDED_BY_HAND = frozenset(
    {NOT_AUTHORISED, "password_held_back", "account_locked", "pulse_not_timed", "relay_stays_on"}
)
#: Worse than whatever is told later, until it is cured: the barrier may stand open. By the order
#: that cures it when it ends well; a relay that is seen off does not stay on either.
WORST = {"relay_stays_on": Command.Action.RELEASE, "pulse_not_timed": Command.Action.OPEN}
#: How old ``last_seen_at`` may be before an unchanged, healthy device is written again.
SEEN_S = 60
#: A device that refused our password locks the account when asked again and again.
LOCKED_S = 30 * 60
WORKERS = 8
#: The round of questions has a courier of its own; devices are numbered from 1.
ROUND = 0
_round = threading.Lock()
_refused: dict[int, tuple[int, float]] = {}


def code_of(text: str) -> str:
    """A driver's code in the form that the ledger takes: lower case, at most 64 characters."""
    code = re.sub(r"[^a-z0-9_.:-]+", "_", text.lower()).strip("_.:-")
    return code[:64]


def record_health(device_id: int, health: Health, *, cures: bool = False) -> None:
    """Note how a device is; an event when that is news. Raises Device.DoesNotExist.

    ``cures``: an order was ended well, so the worst that was said of the device is over.
    """
    device = Device.objects.get(pk=device_id)
    state, code = _worst(device, health, cures=cures)
    if not is_news(device, state, code):
        return
    with events.writing():
        device = Device.objects.select_for_update().get(pk=device_id)
        state, code = _worst(device, health, cures=cures)
        now = timezone.now()
        if (device.health, device.health_code) != (state, code):
            device.health, device.health_code, device.health_since = state, code, now
            told: dict[str, Any] = {"code": code} if code else {}
            events.record(KINDS[state], compound=device.compound_id, device=device.pk, **told)
        if health.state != "offline":
            device.last_seen_at = now
        device.save(update_fields=["health", "health_code", "health_since", "last_seen_at"])


def _worst(device: Device, health: Health, *, cures: bool) -> tuple[str, str]:
    """State and code to be written: a relay that stays on is not hidden by what is told next."""
    code = code_of(health.code)
    if device.health_code not in WORST or cures or code in WORST:
        return health.state, code
    is_over = health.stays_on is False and device.health_code == "relay_stays_on"
    return (health.state, code) if is_over else (device.health, device.health_code)


def forget_word(device: Device) -> None:
    """What was said of it counts no more: it has other settings. The caller saves it."""
    device.health, device.health_code, device.health_since = Device.Health.UNKNOWN, "", None


def is_news(device: Device, state: str, code: str) -> bool:
    """Whether this differs from what is written of the device, or that is a minute old."""
    if (device.health, device.health_code) != (state, code):
        return True
    seen_before = timezone.now() - timedelta(seconds=SEEN_S)
    return state != "offline" and (device.last_seen_at is None or device.last_seen_at < seen_before)


def note_answer(device: Device, state: str, code: str, action: str) -> None:
    """What the outcome of a command says of the device's health."""
    if state == Command.State.FAILED and code in UNREACHED:
        record_health(device.pk, Health("offline", code))
    elif state in (Command.State.FAILED, Command.State.UNKNOWN) and code in MENDED_BY_HAND:
        record_health(device.pk, Health("faulty", code))
    elif state == Command.State.DONE and (
        device.health == Device.Health.OFFLINE or _is_cured_by(device, action)
    ):
        record_health(device.pk, Health("online"), cures=_is_cured_by(device, action))


def _is_cured_by(device: Device, action: str) -> bool:
    return device.health_code in WORST and WORST[device.health_code] == action


def check_all() -> int:
    """Ask every barrier and door in use how it is; the number to be asked. For the beat task.

    They are asked in the background, side by side and outside any transaction: a dead one delays
    neither the others nor the caller. Nobody is asked while the last round is still under way.
    """
    if not _round.acquire(blocking=False):
        return 0
    try:
        found = Device.objects.active().filter(kind__in=[Device.Kind.BARRIER, Device.Kind.DOOR])
        devices = [device for device in found if not is_locked(device)]
    except BaseException:
        _round.release()
        raise
    couriers.hand_over(ROUND, partial(_ask_all, devices))
    return len(devices)


def _ask_all(devices: list[Device]) -> None:
    try:
        # The drivers are made here: the threads never touch the database.
        drivers = [_driver_or_fault(device) for device in devices]
        with ThreadPoolExecutor(WORKERS, thread_name_prefix="health") as pool:
            answers = list(pool.map(_ask, drivers))
        for device, health in zip(devices, answers, strict=True):
            if health.code == NOT_AUTHORISED:
                _refused[device.pk] = (_access(device), time.monotonic() + LOCKED_S)
            with suppress(Device.DoesNotExist):  # taken away while it was asked
                record_health(device.pk, health)
    finally:
        _round.release()


def _access(device: Device) -> int:
    return hash((device.driver, repr(device.settings), repr(device.credentials)))


def is_locked(device: Device) -> bool:
    """Whether it refused our password lately and is better left alone."""
    access, until = _refused.get(device.pk, (0, 0.0))
    return access == _access(device) and time.monotonic() < until


def _driver_or_fault(device: Device) -> Opener | Health:
    try:
        return driver_for(device)
    except DeviceFault as fault:
        return Health("faulty", fault.code)


def _ask(driver: Opener | Health) -> Health:
    if isinstance(driver, Health):
        return driver
    try:
        return driver.health()
    except Exception:
        log.exception("driver_broke", driver=type(driver).__name__)
        return Health("faulty", "driver_broke")
