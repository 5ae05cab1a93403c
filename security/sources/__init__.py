"""Where frames come from. ``open_source(device)`` gives the source that its driver names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from security.sources.base import Frame, Source, SourceFault
from security.sources.stills import BrowserSource, FolderSource
from security.sources.stream import RtspSource, VideoSource

if TYPE_CHECKING:
    from community.models import Device

__all__ = ["DRIVERS", "Frame", "Source", "SourceFault", "open_source"]

DRIVERS = ("rtsp", "video", "folder", "browser")


def open_source(device: Device) -> Source:
    """The device's source, not started yet. Raises SourceFault `driver_unknown`."""
    options: dict[str, Any] = device.settings if isinstance(device.settings, dict) else {}
    credentials: dict[str, Any] = device.credentials or {}  # type: ignore[assignment]
    match device.driver:
        case "rtsp":
            return RtspSource(options, credentials)
        case "video":
            return VideoSource(options)
        case "folder":
            return FolderSource(options)
        case "browser":
            return BrowserSource(device.pk)
    raise SourceFault("driver_unknown")
