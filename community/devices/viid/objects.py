"""Vehicles in VIID objects. Faces and persons are counted, to be answered, and never read.

Makers put one object where the standard has a list, numbers as text, and times without a zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from community.devices.push.text import at, flag, number, picture, plain, plate, share
from community.devices.push.told import PlateTold

#: More than any device sends at once; the rest comes again.
MOST = 100
COLOURS = {1: "black", 2: "white", 5: "blue", 6: "yellow", 9: "green"}
#: Of what a picture shows: the scene, then the car. 10 and 11 are people: never read.
PICTURES = ("14", "01", "1")
PEOPLE = (
    ("FaceListObject", "FaceObject", "FaceID"),
    ("PersonListObject", "PersonObject", "PersonID"),
    ("NonMotorVehicleListObject", "NonMotorVehicleObject", "NonMotorVehicleID"),
    ("ImageListObject", "Image", "ImageID"),
)


@dataclass(frozen=True)
class ObjectTold:
    """One vehicle: its own name, the camera's two numbers, and what was seen."""

    key: str
    devices: tuple[str, ...]
    plate: PlateTold


def vehicles_in(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The vehicle objects of a body, wherever they stand."""
    lists = [values.get("MotorVehicleListObject"), values.get("MotorVehicleObjectList")]
    found = [one for each in lists for one in listed(at(each, "MotorVehicleObject"))]
    return found + listed(values.get("MotorVehicleObject"))


def notified(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The notifications of a subscription, each of which holds lists of its own."""
    return listed(at(values.get("SubscribeNotificationListObject"), "SubscribeNotificationObject"))


def people_in(values: dict[str, Any]) -> list[str]:
    """The names of what we do not take, so that it can be answered."""
    return [
        plain(one.get(name))
        for outer, inner, name in PEOPLE
        for one in listed(at(values.get(outer), inner))
    ]


def listed(value: Any) -> list[dict[str, Any]]:
    """A list of objects, also where one stands alone."""
    many = value if isinstance(value, list) else [value]
    return [one for one in many if isinstance(one, dict)]


def read_vehicle(values: dict[str, Any], zone: tzinfo, *, assumes: bool = False) -> ObjectTold:
    """What an object says. ``assumes``: the settings say how sure it is where it does not."""
    captured_at = local_time(values.get("PassTime") or values.get("AppearTime"), zone)
    sure = share(values.get("PlateReliability"), 100)
    has_plate = flag(values["HasPlate"]) if plain(values.get("HasPlate")) else True
    colour = number(values.get("PlateColor"))
    key = plain(values.get("MotorVehicleID"))
    told = PlateTold(
        plate=plate(values.get("PlateNo")) if has_plate else None,
        vendor_id=key,
        colour=COLOURS.get(int(colour), "") if colour is not None else "",
        confidence=sure if sure is not None or assumes else 0.0,
        captured_at=captured_at,
        is_realtime=captured_at is not None,
        picture=_picture(values),
    )
    names = (plain(values.get("DeviceID")), plain(values.get("TollgateID")))
    return ObjectTold(key, tuple(name for name in names if name), told)


def local_time(value: Any, zone: tzinfo) -> datetime | None:
    """``yyyyMMddHHmmss`` in the device's zone, with or without thousandths behind it."""
    text = plain(value)[:14]
    if len(text) != 14 or not text.isdecimal() or not text.startswith("20"):
        return None
    try:
        return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=zone)
    except ValueError:
        return None


def _picture(values: dict[str, Any]) -> bytes | None:
    found = listed(at(values.get("SubImageList"), "SubImageInfoObject"))
    for kind in PICTURES:
        for one in found:
            if plain(one.get("Type")) == kind and (data := picture(one.get("Data"))):
                return data
    return None
