"""Lines about devices: the name is the device's own."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Event
from security.event_rows.row import EventRow, Known, lane_name

#: Marks and sentences of what devices do; the name is the device's own.
DEVICES: dict[str, tuple[str, Any]] = {
    "device.went_offline": ("off", gettext_lazy("%(name)s does not answer.")),
    "device.came_online": ("info", gettext_lazy("%(name)s answers again.")),
    "device.faulty": ("off", gettext_lazy("%(name)s reports a fault.")),
    "camera.failed": ("off", gettext_lazy("%(name)s gives no picture.")),
    "camera.recovered": ("info", gettext_lazy("%(name)s gives pictures again.")),
    "device.command_failed": ("off", gettext_lazy("%(name)s did not open.")),
    "device.command_unknown": ("off", gettext_lazy("%(name)s did not answer; it may be open.")),
}


def of_device(event: Event, known: Known) -> EventRow:
    device = known.devices.get(event.payload.get("device", 0))
    shape, said = DEVICES[event.kind]
    return EventRow(
        event.sequence,
        event.at,
        shape,
        _("Offline") if shape == "off" else _("Note"),
        str(said) % {"name": device.name if device else _("A device")},
        lane_name(event, known),
        groups="device",
        who=device.kind if device else _("Device"),
        lane=event.payload.get("lane"),
    )
