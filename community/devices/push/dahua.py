"""Dahua ITSAPI: ``/NotificationInfo/{DeviceInfo,KeepAlive,TollgateInfo}`` in JSON.

Confidence counts to 255. Times are local, with or without thousandths, sometimes ISO. Only the one
answer that it knows stops it from sending the same again.
"""

from __future__ import annotations

from typing import Any

from community.devices.outbox import Letter
from community.devices.push.text import at, colour, flag, moment, picture, plain, plate, read_json
from community.devices.push.text import share as share_of
from community.devices.push.told import Answer, Body, Format, PlateTold, Told


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    values = read_json(body.data)
    about = body.rest.strip("/").lower().rpartition("/")[2]
    content = values.get("Picture")
    if isinstance(content, dict):
        snap = content.get("SnapInfo")
        serial = plain(at(snap, "DeviceID")) or plain(values.get("DeviceID"))
        return Told("plate", serial=serial, plate=_plate(values, content, snap, body))
    alive = about in ("keepalive", "deviceinfo") or "Active" in values
    serial = plain(values.get("DeviceID")) or plain(at(values, "Device", "DeviceID"))
    return Told("heartbeat" if alive else "other", serial=serial)


def _plate(values: dict[str, Any], content: dict[str, Any], snap: Any, body: Body) -> PlateTold:
    told = content.get("Plate")
    said = at(snap, "AccurateTime") or at(snap, "SnapTime")
    captured_at = moment(said, body.zone)
    exists = flag(at(told, "IsExist")) if at(told, "IsExist") is not None else True
    return PlateTold(
        plate=plate(at(told, "PlateNumber")) if exists else None,
        vendor_id=_event(values, told, plain(said)),
        colour=colour(at(told, "PlateColor")),
        confidence=share_of(at(told, "Confidence"), 255) or 0.0,
        captured_at=captured_at,
        # It marks nothing as live: a time that can be read has to.
        is_realtime=captured_at is not None,
        picture=_picture(content),
    )


def _event(values: dict[str, Any], told: Any, said: str) -> str:
    group, event = plain(values.get("GroupID")), plain(values.get("EventID"))
    if group or event:
        return f"{group}.{event}.{said}"
    number = plain(at(told, "UploadNum"))
    return f"{number}.{said}" if number and said else ""


def _picture(content: dict[str, Any]) -> bytes | None:
    names = ("NormalPic", "VehiclePic", "CutoutPic")
    found = (picture(at(content, name, "Content")) for name in names)
    return next((data for data in found if data), None)


def answer(told: Told | None, letter: Letter | None) -> Answer:
    """The same for everything, whatever was decided."""
    return Answer(b'{"Result": true, "Message": "Success"}')


FORMAT = Format("dahua", read, answer, heartbeat=True)
