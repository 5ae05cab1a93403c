"""A process of its own for the tests: ``python -m tests.community.devices.child WHAT ID… [GO]``.

``GO`` is a file: the work begins once it exists, so that several processes begin together.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import django


def _wait_for(go: str) -> None:
    Path(f"{go}.{os.getpid()}").touch()
    while not Path(go).exists():
        time.sleep(0.0005)


def deliver(ids: str, go: str) -> None:
    """Deliver every command of the list."""
    from community.devices import operations

    _wait_for(go)
    for command_id in ids.split(","):
        operations.deliver(int(command_id))


def order(device_id: str, go: str) -> None:
    """Order the same twenty openings as every other process."""
    from django.utils import timezone

    from community import events
    from community.devices import operations
    from community.models import Device

    device = Device.objects.get(pk=device_id)
    _wait_for(go)
    for number in range(20):
        with events.writing():
            expires_at = timezone.now() + timedelta(seconds=30)
            operations.order(device, "open", key=f"same {number}", expires_at=expires_at)


def sweep(seconds: str, go: str) -> None:
    """Sweep as if so many seconds had passed."""
    from django.utils import timezone

    from community.devices import operations

    _wait_for(go)
    operations.sweep(timezone.now() + timedelta(seconds=int(seconds)))


def signal_before_send(number: str, command_id: str) -> None:
    """Get a signal after the claim was committed and before anything is sent.

    The command expires 4 s from now, however long this process took to start.
    """
    from django.utils import timezone

    from community.devices import operations
    from community.devices.operations import commands
    from community.models import Command

    expires_at = timezone.now() + timedelta(seconds=4)
    Command.objects.filter(pk=command_id).update(expires_at=expires_at)

    find = commands.driver_for

    def interrupted(*arguments: Any, **named: Any) -> Any:
        os.kill(os.getpid(), int(number))
        return find(*arguments, **named)

    commands.driver_for = interrupted
    operations.deliver(int(command_id))


def die_after_commit(device_id: str) -> None:
    """Order, and get kill -9 between the commit and the delivery."""
    from django.utils import timezone

    from community import events
    from community.devices import operations
    from community.devices.operations import couriers
    from community.models import Device

    couriers.hand_over = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
    with events.writing():
        operations.order(
            Device.objects.get(pk=device_id),
            "open",
            key="orphan",
            expires_at=timezone.now() + timedelta(seconds=30),
        )


def order_and_end(device_id: str) -> None:
    """Order with delivery by thread, and end at once as a one-off command does."""
    from django.conf import settings
    from django.utils import timezone

    from community import events
    from community.devices import operations
    from community.models import Device

    settings.DEVICE_DELIVERY = "thread"
    with events.writing():
        operations.order(
            Device.objects.get(pk=device_id),
            "open",
            key="last",
            expires_at=timezone.now() + timedelta(seconds=30),
        )


if __name__ == "__main__":
    django.setup()
    globals()[sys.argv[1]](*sys.argv[2:])
