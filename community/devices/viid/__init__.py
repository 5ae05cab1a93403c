"""GA/T 1400 (VIID), as devices and gateways speak it to us: JSON over HTTP, no tables."""

from community.devices.viid.objects import (
    ObjectTold,
    notified,
    people_in,
    read_vehicle,
    vehicles_in,
)

#: The ``driver`` of a camera that a VIID device or gateway tells of.
DRIVER = "viid"

__all__ = ["DRIVER", "ObjectTold", "notified", "people_in", "read_vehicle", "vehicles_in"]
