"""Which camera an address belongs to: the first that pushes there is bound to it."""

from __future__ import annotations

import re

from community import events
from community.models import Device

LONGEST = 64


def same_serial(one: str, other: str) -> bool:
    """Whether two spellings are one number: case, colons and dashes differ by firmware."""
    return bool(_bare(one)) and _bare(one) == _bare(other)


def bind_serial(device: Device, serial: str) -> bool:
    """Whether this serial number may push here; the first one that comes is bound, for good.

    An installer who exchanges the camera empties the field in the device's settings.
    """
    if device.serial or not _bare(serial):
        return same_serial(device.serial, serial)
    with events.writing():
        row = Device.objects.select_for_update().get(pk=device.pk)
        if not row.serial:
            row.serial = serial[:LONGEST]
            row.save(update_fields=["serial"])
            events.record("device.serial_bound", compound=row.compound_id, device=row.pk)
    device.serial = row.serial
    return same_serial(row.serial, serial)


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", text.lower())[:LONGEST]
