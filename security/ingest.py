"""From what a device sends to the one form of reading that the gate takes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings

from community.models import Device, Lane
from community.vision import engines, grammar
from community.vision.arrays import Frame
from community.vision.pictures import decode, encode_jpeg, shrink
from community.vision.plates import PlateEngine, PlateKind, PlateRead, Roi
from security.operations import lanes_of
from security.readings import ReadingInput, ReadingRefused

#: Pictures are kept at most this wide.
WIDEST = 1280
log = structlog.get_logger(__name__)
_lock = threading.Lock()
_loaded: dict[str, PlateEngine | None] = {}


def lane_for(device: Device, named: int | None) -> Lane:
    """The lane a device speaks for; one of several must be named. Raises ReadingRefused."""
    lanes = lanes_of(device)
    if not lanes:
        raise ReadingRefused("device_without_lane")
    if named is not None:
        lanes = [lane for lane in lanes if lane.pk == named]
        if not lanes:
            raise ReadingRefused("device_not_of_lane")
    if len(lanes) > 1:
        raise ReadingRefused("device_of_many_lanes")
    return lanes[0]


def reading_from_api(
    device: Device, values: Mapping[str, Any], received_at: datetime
) -> ReadingInput:
    """The reading in an API call whose ``values`` are checked; a picture is read here if need be.

    ``values``: id, and where given plate, kind, colour, confidence, captured_at, realtime, lane
    and picture (a file). Raises ReadingRefused, community.vision.pictures.PictureError.
    """
    lane = lane_for(device, values.get("lane"))
    image = _image(values.get("picture"))
    seen = _seen(values, image, lane)
    return ReadingInput(
        device_id=device.pk,
        lane_id=lane.pk,
        key=values["id"],
        source="api",
        received_at=received_at,
        captured_at=values.get("captured_at"),
        is_realtime=values["realtime"],
        picture=encode_jpeg(shrink(image, WIDEST)) if image is not None else None,
        **seen,
    )


def _seen(values: Mapping[str, Any], image: Frame | None, lane: Lane) -> dict[str, Any]:
    """What the device read itself, or what our engine reads in its picture."""
    if image is None or values.get("plate"):
        plate = values.get("plate") or None
        colour = values.get("colour") or ""
        return {
            "plate": plate,
            "kind": values.get("kind") or kind_said(plate or "", colour),
            "colour": colour,
            "confidence": values.get("confidence") or 0.0,
        }
    read = recognise(image, lane)
    if read is None:
        return {"plate": None}
    scale = min(1.0, WIDEST / image.shape[1])
    return {
        "plate": read.text,
        "plate_raw": read.raw,
        "kind": read.kind.value,
        "colour": read.colour,
        "confidence": read.confidence,
        "characters": read.characters,
        "box": tuple(round(side * scale) for side in read.box),
    }


def kind_said(plate: str, colour: str) -> str:
    """The kind of plate by its text and colour; unknown where the text alone leaves it open."""
    kind = grammar.kind_of(plate, colour or "unknown")
    is_open = not colour and kind != grammar.kind_of(plate, "yellow")
    return PlateKind.UNKNOWN.value if is_open else kind.value


def recognise(image: Frame, lane: Lane) -> PlateRead | None:
    """The main plate in the lane's region of interest; None where none is read.

    One picture at a time: this process has other work, and the engine is not made for threads.
    """
    with _lock:
        engine = _engine()
        reads = engine.read(image, region(lane)) if engine else []
    return reads[0] if reads else None


def region(lane: Lane) -> Roi:
    """The lane's region of interest; the whole picture where what is stored is none."""
    try:
        return Roi(*(float(side) for side in lane.roi))
    except (TypeError, ValueError):
        log.warning("region_invalid", lane=lane.pk)
        return Roi()


def warm_up() -> None:
    """Load the engine before the first picture comes, which would be decided too late."""
    with _lock:
        _engine()


def _engine() -> PlateEngine | None:
    """The configured engine, loaded once in this process. Called locked."""
    name = settings.PLATE_ENGINE
    if name not in _loaded:
        try:
            _loaded[name] = engines.load(name)
        except engines.EngineUnavailable as error:
            # The car still gets a row and its picture, and the guard sees it.
            log.warning("engine_unavailable", engine=name, why=str(error))
            _loaded[name] = None
    return _loaded[name]


def _image(upload: Any) -> Frame | None:
    """A picture that was uploaded, bounded before it is decoded."""
    return (
        None
        if upload is None
        else decode(
            upload.read(settings.PICTURE_MAX_BYTES + 1),
            max_bytes=settings.PICTURE_MAX_BYTES,
            max_pixels=settings.PICTURE_MAX_PIXELS,
        )
    )
