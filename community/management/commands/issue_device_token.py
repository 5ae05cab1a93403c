"""``manage.py issue_device_token DEVICE``: a token for a camera or a gateway, shown once."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from community import events
from community.devices import operations
from community.models import Device, DeviceToken, User


class Command(BaseCommand):
    help = "Issue a token with which a device calls the API. It is shown once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("device", help="number or name of the device")
        parser.add_argument("--compound", help="code of its compound, if its name is not unique")
        parser.add_argument("--user", help="user name of who issues it, for the ledger")
        parser.add_argument(
            "--revoke-others", action="store_true", help="end the device's older tokens"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        device = self._device(options["device"], options["compound"])
        user = self._user(options["user"])
        with events.writing():
            if options["revoke_others"]:
                for row in DeviceToken.objects.filter(device=device, revoked_at=None):
                    operations.revoke_token(row, user)
            token = operations.issue_token(device, user)
        self.stderr.write(_("Keep this token now: it is not shown again."))
        self.stdout.write(token)

    def _device(self, wanted: str, compound: str | None) -> Device:
        matches = Q(name=wanted)
        if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
            matches |= Q(pk=int(wanted))
        found = Device.objects.filter(matches)
        if compound:
            found = found.filter(compound__code=compound)
        devices = list(found[:2])
        if not devices:
            raise CommandError(_("No such device."))
        if len(devices) > 1:
            raise CommandError(_("Several devices match. Name one by --compound or by its number."))
        return devices[0]

    def _user(self, username: str | None) -> User | None:
        if not username:
            return None
        try:
            return User.objects.get(username=username)
        except User.DoesNotExist:
            raise CommandError(_("No such user.")) from None
