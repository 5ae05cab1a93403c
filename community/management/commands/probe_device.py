"""What a device is, how it is, and what it said last: for whoever stands at it with a laptop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from community.devices import heard, operations
from community.devices.base import DeviceFault
from community.devices.mqtt_cameras import DRIVER as MQTT
from community.devices.pull import DRIVER as PULL
from community.devices.push import DRIVER
from community.devices.registry import driver_for
from community.devices.sentences import sentence
from community.devices.viid import DRIVER as VIID
from community.models import Device


class Command(BaseCommand):
    help = "Ask a device harmlessly, or list what a camera pushed. Opens nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("device", help="number or name")
        parser.add_argument("--bodies", action="store_true", help="also what was in each push")

    def handle(self, *args: Any, **options: Any) -> None:
        device = _device(options["device"])
        self.stdout.write(f"{device.pk} {device.name}: {device.kind}, {device.driver}")
        state = f"{device.get_health_display()} {sentence(device.health_code)}".strip()
        self.stdout.write(f"health: {state}; last seen: {_shown(device.last_seen_at)}")
        if device.driver in (DRIVER, PULL, MQTT, VIID):
            self._inquire(device)
            self._pushes(device, options["bodies"])
        elif device.kind != Device.Kind.CAMERA:
            self._ask(device)

    def _pushes(self, device: Device, bodies: bool) -> None:
        self.stdout.write(f"serial: {device.serial or '-'}; offset: {device.clock_offset_ms} ms")
        addresses = device.tokens.filter(purpose="push")
        for token in addresses.order_by("pk"):
            ended = f", revoked {_shown(token.revoked_at)}" if token.revoked_at else ""
            self.stdout.write(f"address …{token.hint}, used {_shown(token.last_used_at)}{ended}")
        for one in heard.last(device.pk):
            at = _shown(datetime.fromtimestamp(one.at, UTC))
            self.stdout.write(f"{at} {one.kind} {one.rest} {one.what}: {one.code}, {one.size} B")
            if bodies:
                self.stdout.write(one.said)

    def _inquire(self, device: Device) -> None:
        """What a camera that we listen to says of itself; others cannot be asked."""
        if device.driver not in (PULL, MQTT):
            return
        asked = operations.ask_now(device)
        self.stdout.write(f"now: {asked.state} {sentence(asked.code)}".strip())
        if found := asked.found:
            ahead = "-" if found.ahead_s is None else f"{found.ahead_s:.0f} s"
            said = f"name: {found.name or '-'}; model: {found.model or '-'}"
            self.stdout.write(f"{said}; serial: {found.serial or '-'}; clock ahead: {ahead}")

    def _ask(self, device: Device) -> None:
        try:
            driver = driver_for(device)
        except DeviceFault as fault:
            raise CommandError(sentence(fault.code)) from fault
        health = driver.health()
        self.stdout.write(f"now: {health.state} {sentence(health.code)}".strip())
        if hasattr(driver, "state"):
            self.stdout.write(f"position: {driver.state()}")


def _device(named: str) -> Device:
    found = Device.objects.filter(pk=int(named)) if named.isdecimal() else None
    rows = found or Device.objects.filter(name=named)
    if len(rows) != 1:
        raise CommandError(f"{len(rows)} devices are called {named}; give a number")
    row: Device = rows[0]
    return row


def _shown(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M:%S") if moment else "-"
