"""Cameras that read plates themselves and push them: one file per maker's format, no tables."""

from community.devices.push import (
    dahua,
    hikvision,
    huaxia,
    openalpr,
    platerecognizer,
    vzenith,
)
from community.devices.push.told import (
    AccessTold,
    Answer,
    Body,
    Format,
    InputTold,
    NotUnderstood,
    PlateTold,
    Told,
)

FORMATS: dict[str, Format] = {
    module.FORMAT.name: module.FORMAT
    for module in (vzenith, hikvision, dahua, huaxia, platerecognizer, openalpr)
}
#: The ``driver`` of a device that pushes; its format stands in the settings.
DRIVER = "push"

__all__ = [
    "DRIVER",
    "FORMATS",
    "AccessTold",
    "Answer",
    "Body",
    "Format",
    "InputTold",
    "NotUnderstood",
    "PlateTold",
    "Told",
]
