"""A passage as GA/T 1400.3 writes it: the car at the gate, and nothing of whoever lives here.

There is no word in here for persons, homes, names or faces, and no object but MotorVehicle.
"""

from __future__ import annotations

import base64
import io
from typing import Any

import structlog
from PIL import Image

from community.devices.viid import numbers
from community.models import Lane
from security import pictures
from security.models import Passage, UpperGate

log = structlog.get_logger(__name__)
#: The longer side of a picture that is sent, in pixels, and its bytes at most.
SIDE, PICTURE_MAX = 1280, 256 * 1024
QUALITIES = (80, 60, 40)
#: What the standard calls a picture of the scene, and its form.
SCENE, FORM = "14", "Jpeg"
COLOURS = {
    "blue": "5", "yellow": "6", "green": "9", "green_large": "9", "white": "2", "black": "1",
}  # fmt: skip
#: GA/T 16.7; 99 where the colour alone does not say it.
CLASSES = {"blue": "02", "yellow": "01", "green": "52", "green_large": "51"}
BY_SIGN = {"警": "23", "港": "26", "澳": "27", "使": "03", "领": "04"}
OTHER, AUTOMATIC, UNREAD = "99", 1, "无车牌"
UNSAID = UpperGate.Inward.UNSAID.value
OPPOSITE = {"1": "2", "2": "1", "3": "4", "4": "3", UNSAID: UNSAID}


def vehicle(
    passage: Passage, gate: UpperGate, lane_number: int, *, with_picture: bool
) -> dict[str, Any]:
    """The object of one passage; the same passage always has the same MotorVehicleID."""
    at = numbers.stamp(passage.seen_at)
    told: dict[str, Any] = {
        "MotorVehicleID": numbers.vehicle_id(gate.number, passage.seen_at, passage.pk),
        "InfoKind": AUTOMATIC,
        "SourceID": numbers.picture_id(gate.number, passage.seen_at, passage.pk),
        "TollgateID": gate.number,
        "DeviceID": gate.number,
        "StorageUrl1": "",
        "LeftTopX": 0, "LeftTopY": 0, "RightBtmX": 0, "RightBtmY": 0,
        "LaneNo": lane_number,
        "Direction": _direction(passage, gate),
        "HasPlate": "1" if passage.plate else "0",
        "PlateClass": _class(passage),
        "PlateColor": COLOURS.get(passage.kind, OTHER),
        "PlateNo": passage.plate or UNREAD,
        "PlateReliability": str(round(100 * passage.confidence)),
        "VehicleColor": OTHER,
        "PassTime": at,
        "AppearTime": at,
    }  # fmt: skip
    shot = _shot(passage) if with_picture else None
    if shot is not None:
        told["SubImageList"] = {"SubImageInfoObject": [_picture(told, shot, at)]}
    return told


def _direction(passage: Passage, gate: UpperGate) -> str:
    is_entry = passage.direction == Lane.Direction.ENTRY
    return gate.inward if is_entry else OPPOSITE.get(gate.inward, UNSAID)


def _class(passage: Passage) -> str:
    by_sign = next((BY_SIGN[sign] for sign in passage.plate if sign in BY_SIGN), "")
    return by_sign or CLASSES.get(passage.kind, OTHER)


def _picture(told: dict[str, Any], shot: tuple[bytes, int, int], at: str) -> dict[str, Any]:
    data, width, height = shot
    return {
        "ImageID": told["SourceID"],
        "DeviceID": told["DeviceID"],
        "StoragePath": "",
        "Type": SCENE,
        "FileFormat": FORM,
        "ShotTime": at,
        "Width": width,
        "Height": height,
        "Data": base64.b64encode(data).decode(),
    }


def _shot(passage: Passage) -> tuple[bytes, int, int] | None:
    """The picture, drawn anew within its bounds; None where there is none to send."""
    if passage.picture is None:
        return None
    try:
        data = pictures.read(passage.picture)
        return _smaller(data) if data else None
    except (OSError, ValueError, Image.DecompressionBombError):
        log.warning("upper_picture_unreadable", passage=passage.pk)
        return None


def _smaller(data: bytes) -> tuple[bytes, int, int] | None:
    pictures.measured(data)  # bounded before it is decoded
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft("RGB", (SIDE, SIDE))
        small = image.convert("RGB")
    small.thumbnail((SIDE, SIDE))
    for quality in QUALITIES:
        out = io.BytesIO()
        small.save(out, "JPEG", quality=quality)
        if out.tell() <= PICTURE_MAX:
            return out.getvalue(), small.width, small.height
    return None
