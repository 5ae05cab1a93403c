"""Bodies as each maker's cameras write them, with invented cars: to try our own door.

For "send a test", the demo's own camera and the benches. A maker that names its readers here can be
tried without hardware; what real cameras send beyond this stands in the tests' fixtures.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from urllib.parse import quote

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
CHINA = timezone(timedelta(hours=8))
MARK = "linli"


@dataclass(frozen=True)
class Car:
    """One car before a camera. ``at`` is aware; ``confidence`` 0..1; ``pictures`` JPEGs."""

    plate: str
    serial: str
    at: datetime
    number: int = 1
    confidence: float = 0.98
    is_live: bool = True
    pictures: tuple[bytes, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class Sample:
    """A body, its content type, and what stands in the address after the kind."""

    data: bytes = field(repr=False)
    content_type: str = JSON
    rest: str = ""


def vzenith(car: Car) -> Sample:
    told: dict[str, Any] = {
        "license": car.plate,
        "colorType": 1,
        "confidence": round(100 * car.confidence),
        "triggerType": 8,
        "plateid": car.number,
        "isoffline": 0 if car.is_live else 1,
        "timeStamp": {"Timeval": {"sec": int(car.at.timestamp()), "usec": car.at.microsecond}},
    }
    names = ("imageFile", "imageFragmentFile")
    told |= {name: _base64(data) for name, data in zip(names, car.pictures, strict=False)}
    alarm = {"deviceName": MARK, "serialno": car.serial, "result": {"PlateResult": told}}
    return Sample(_json({"AlarmInfoPlate": alarm}))


def vzenith_alive(serial: str) -> Sample:
    return Sample(f"device_name={MARK}&serialno={serial}&channel_num=1".encode(), FORM, "heartbeat")


def hikvision(car: Car) -> Sample:
    values = {
        "macAddress": car.serial,
        "dateTime": car.at.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "eventType": "ANPR",
        "licensePlate": car.plate,
        "confidenceLevel": round(100 * car.confidence),
        "plateColor": "blue",
        "UUID": f"{MARK}-{car.serial}-{car.number}-{car.at.timestamp():.0f}",
        "alarmDataType": 0 if car.is_live else 1,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    xml = f"<EventNotificationAlert>{inner}</EventNotificationAlert>".encode()
    parts = [("anpr.xml", "text/xml", xml)]
    parts += [("detectionPicture.jpg", "image/jpeg", data) for data in car.pictures[:1]]
    return _multipart(parts)


def dahua(car: Car) -> Sample:
    """It has no mark for history: a record that is sent late is known by its time alone."""
    said = car.at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    plate = {"PlateNumber": car.plate, "PlateColor": "Blue", "UploadNum": car.number}
    told: dict[str, Any] = {
        "Plate": plate | {"Confidence": round(255 * car.confidence)},
        "SnapInfo": {"AccurateTime": said, "DeviceID": car.serial},
    }
    if car.pictures:
        told["NormalPic"] = {"Content": _base64(car.pictures[0])}
    return Sample(_json({"Picture": told}), JSON, "NotificationInfo/TollgateInfo")


def huaxia(car: Car) -> Sample:
    values: dict[str, Any] = {
        "type": "online" if car.is_live else "offline",
        "plate_num": car.plate,
        "plate_color": "蓝色",
        "cam_id": car.serial,
        "start_time": int(car.at.timestamp()),
        "confidence": round(100 * car.confidence),
    }
    if car.pictures:
        web = str.maketrans("+/=", "-_.")
        values["picture"] = _base64(car.pictures[0]).translate(web)
    text = "&".join(f"{name}={quote(str(value))}" for name, value in values.items())
    return Sample(text.encode(), FORM)


def platerecognizer(car: Car) -> Sample:
    """It has no mark for history either."""
    box = {"xmin": 10, "ymin": 10, "xmax": 200, "ymax": 60}
    result = {"plate": car.plate.lower(), "score": car.confidence, "box": box}
    said = car.at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    data = {"camera_id": car.serial, "timestamp": said, "results": [result]}
    parts = [("json", JSON, _json({"data": data}))]
    parts += [("upload", "image/jpeg", data) for data in car.pictures[:1]]
    return _multipart(parts)


def openalpr(car: Car) -> Sample:
    told: dict[str, Any] = {
        "data_type": "alpr_group",
        "agent_uid": car.serial,
        "best_plate_number": car.plate,
        "best_confidence": 100 * car.confidence,
        "best_uuid": f"{MARK}-{car.serial}-{car.number}-{car.at.timestamp():.0f}",
        "epoch_start": int(car.at.timestamp() * 1000),
    }
    if car.pictures:
        told["vehicle_crop_jpeg"] = _base64(car.pictures[0])
    return Sample(_json(told))


SAMPLES: dict[str, Callable[[Car], Sample]] = {
    "vzenith": vzenith,
    "hikvision": hikvision,
    "dahua": dahua,
    "huaxia": huaxia,
    "platerecognizer": platerecognizer,
    "openalpr": openalpr,
}
#: Makers whose bodies mark a record that is sent late.
MARKS_HISTORY = frozenset({"vzenith", "hikvision", "huaxia"})


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _multipart(parts: list[tuple[str, str, bytes]]) -> Sample:
    lines: list[bytes] = []
    for name, kind, content in parts:
        named = f'Content-Disposition: form-data; name="{name}"; filename="{name}"'
        lines += [f"--{MARK}".encode(), named.encode(), f"Content-Type: {kind}".encode()]
        lines += [b"", content]
    body = b"\r\n".join([*lines, f"--{MARK}--".encode(), b""])
    return Sample(body, f"multipart/form-data; boundary={MARK}")
