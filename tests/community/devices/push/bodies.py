"""Bodies as cameras push them, with invented plates and serial numbers. One maker, one section."""

from __future__ import annotations

import base64
import io
import json
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from PIL import Image

PLATE = "皖A52M78"
SERIAL = "7c1e0b42-9f3d11a0"
CST = timezone(timedelta(hours=8))


@lru_cache
def jpeg(width: int = 64, height: int = 48, shade: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (shade, 80, 120)).save(out, "JPEG")
    return out.getvalue()


def huge_jpeg() -> bytes:
    """A small file whose header claims 60,000 x 60,000 pixels."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = (60_000).to_bytes(2, "big") * 2
    return bytes(data)


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def now() -> datetime:
    return datetime.now(UTC)


# Vzenith and its family
def vzenith(
    plate: str = PLATE,
    *,
    number: int = 101,
    at: datetime | None = None,
    serial: str = SERIAL,
    encoding: str = "utf-8",
    picture: bytes | None = None,
    **result: Any,
) -> bytes:
    at = at or now()
    told = {
        "license": plate,
        "colorType": 1,
        "confidence": 98,
        "direction": 4,
        "triggerType": 8,
        "type": 1,
        "plateid": number,
        "isoffline": 0,
        "is_fake_plate": 0,
        "timeStamp": {"Timeval": {"sec": int(at.timestamp()), "usec": at.microsecond}},
        "imageFile": b64(picture or jpeg()),
        "imageFragmentFile": b64(jpeg(16, 8)),
    }
    told |= result
    alarm = {
        "channel": 0,
        "deviceName": "南门入口",
        "ipaddr": "192.168.1.31",
        "serialno": serial,
        "result": {
            "PlateResult": {name: value for name, value in told.items() if value is not None}
        },
    }
    return json.dumps({"AlarmInfoPlate": alarm}, ensure_ascii=False).encode(encoding)


def vzenith_alive(serial: str = SERIAL) -> bytes:
    return (
        f"device_name=南门入口&ipaddr=192.168.1.31&port=80&user_name=admin&pass_wd=hunter2x"
        f"&serialno={serial}&channel_num=1"
    ).encode()


def vzenith_input(value: int, serial: str = SERIAL, source: int = 1) -> bytes:
    told = {"source": source, "value": value}
    alarm = {"deviceName": "a", "serialno": serial, "result": {"TriggerResult": told}}
    return json.dumps({"AlarmGioIn": alarm}).encode()


# Hikvision
def anpr_xml(
    plate: str = PLATE,
    *,
    uuid: str = "5f2b1c70-1f00-4a11-9d3e-0d1f5a6b7c8d",
    at: str = "",
    namespace: str = 'xmlns="http://www.isapi.org/ver20/XMLSchema"',
    prefix: str = "",
    extra: str = "<alarmDataType>0</alarmDataType>",
    mac: str = "c0:56:e3:0a:1b:2c",
    colour: str = "blue",
) -> bytes:
    at = at or now().astimezone(CST).isoformat(timespec="milliseconds")
    inner = f"""<ipAddress>192.168.1.32</ipAddress><macAddress>{mac}</macAddress>
<channelID>1</channelID><dateTime>{at}</dateTime><activePostCount>1</activePostCount>
<eventType>ANPR</eventType><eventState>active</eventState><ANPR><country>5</country>
<licensePlate>{plate}</licensePlate><line>1</line><direction>forward</direction>
<confidenceLevel>97</confidenceLevel><plateType>92TypeCivil</plateType>
<plateColor>{colour}</plateColor><vehicleType>vehicle</vehicleType>
<vehicleInfo><color>white</color></vehicleInfo></ANPR><UUID>{uuid}</UUID><picNum>2</picNum>
{extra}<PlateInfoList><PlateInfo><licensePlate>unknown</licensePlate></PlateInfo></PlateInfoList>"""
    if prefix:
        inner = inner.replace("</", "\0").replace("<", f"<{prefix}").replace("\0", f"</{prefix}")
    tag = f"{prefix}EventNotificationAlert"
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag} version="2.0" {namespace}>'
    return f"{head}{inner}</{tag}>".encode()


def multipart(
    *parts: tuple[str, bytes], boundary: str = "boundary", newline: bytes = b"\r\n"
) -> bytes:
    """Parts of (headers, content); headers without their last line end."""
    lines = []
    for head, content in parts:
        lines += [b"--" + boundary.encode(), *head.encode().split(b"\n"), b"", content]
    return newline.join([*lines, b"--" + boundary.encode() + b"--", b""])


def hikvision(xml: bytes | None = None, **options: Any) -> bytes:
    def part(name: str, kind: str) -> str:
        named = f'form-data; name="{name}"; filename="{name}"'
        return f"Content-Disposition: {named}\nContent-Type: {kind}"

    return multipart(
        (part("anpr.xml", "text/xml"), xml or anpr_xml()),
        (part("licensePlatePicture.jpg", "image/pjpeg"), b""),
        (part("pilotPicture.jpg", "image/jpeg"), jpeg(90, 90, 7)),
        (part("detectionPicture.jpg", "image/jpeg"), jpeg(160, 90)),
        **options,
    )


HIKVISION_TYPE = "multipart/form-data; boundary=boundary"


def terminal(number: int = 812, *, minor: int = 75, at: str = "", **inner: Any) -> bytes:
    told = {
        "deviceName": "三号楼",
        "majorEventType": 5,
        "subEventType": minor,
        "name": "周岚",
        "employeeNoString": "2041",
        "cardReaderNo": 1,
        "serialNo": number,
        "currentEvent": True,
    }
    event = {
        "ipAddress": "192.168.1.40",
        "macAddress": "c0:56:e3:0a:1b:99",
        "dateTime": at or now().astimezone(CST).isoformat(timespec="seconds"),
        "eventType": "AccessControllerEvent",
        "AccessControllerEvent": told | inner,
    }
    return multipart(
        ('Content-Disposition: form-data; name="event_log"', json.dumps(event).encode()),
        ('Content-Disposition: form-data; name="Picture"; filename="face.jpg"', jpeg(90, 90)),
        boundary="MIME_boundary",
    )


# Dahua
def dahua(
    plate: str = PLATE, *, number: int = 17, at: str = "", exists: Any = True, **snap: Any
) -> bytes:
    at = at or now().astimezone(CST).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
    told = {
        "Plate": {
            "PlateNumber": plate,
            "PlateColor": "Blue",
            "PlateType": "Normal",
            "Confidence": 250,
            "IsExist": exists,
            "UploadNum": number,
            "BoundingBox": [10, 20, 90, 40],
            "Channel": 0,
        },
        "SnapInfo": {
            "AccurateTime": at,
            "DeviceID": SERIAL,
            "LanNo": 1,
            "TimeZone": 13,
            "DSTTune": 0,
            "Direction": "Obverse",
            "InCarPeopleNum": 2,
        }
        | snap,
        "NormalPic": {"Content": b64(jpeg(160, 90)), "PicName": "../../etc/passwd.jpg"},
        "FacePic": {"Content": b64(jpeg(90, 90))},
    }
    return json.dumps({"Picture": told}, ensure_ascii=False).encode()


def dahua_alive() -> bytes:
    return json.dumps({"Active": "keepAlive", "DeviceID": SERIAL}).encode()


# Huaxia
def huaxia(
    plate: str = PLATE, *, kind: str = "online", encoding: str = "utf-8", at: datetime | None = None
) -> bytes:
    picture = b64(jpeg()).translate(str.maketrans("+/=", "-_."))
    pairs = {
        "type": kind,
        "cam_id": SERIAL,
        "plate_color": "蓝色",
        "start_time": int((at or now()).timestamp()),
        "picture": picture,
    }
    text = urlencode(pairs, encoding=encoding, quote_via=quote)
    return f"plate_num={quote(plate, encoding=encoding)}&{text}".encode()


# Plate Recognizer and OpenALPR
def platerecognizer(plate: str = PLATE, *, at: str = "", boundary: str = "x1") -> bytes:
    at = at or now().isoformat().replace("+00:00", "Z")
    near = {"plate": plate.lower(), "score": 0.93, "box": box(10, 200)}
    far = {"plate": "皖b11111", "score": 0.99, "box": box(10, 30)}
    data = {"camera_id": SERIAL, "timestamp": at, "results": [far, near]}
    told = {"hook": {"event": "recognition"}, "data": data}
    return multipart(
        (
            'Content-Disposition: form-data; name="json"',
            json.dumps(told, ensure_ascii=False).encode(),
        ),
        (
            'Content-Disposition: form-data; name="upload"; filename="../../a.jpg"',
            jpeg(160, 90),
        ),
        boundary=boundary,
    )


def box(low: int, high: int) -> dict[str, int]:
    return {"xmin": low, "ymin": low, "xmax": high, "ymax": high // 2 + low}


def openalpr(plate: str = PLATE, *, kind: str = "alpr_group", at: datetime | None = None) -> bytes:
    told = {
        "data_type": kind,
        "agent_uid": SERIAL,
        "best_plate_number": plate,
        "best_confidence": 94.1,
        "best_uuid": "AGENT-cam1-1719",
        "travel_direction": 12.0,
        "epoch_start": int((at or now()).timestamp() * 1000),
        "vehicle_crop_jpeg": b64(jpeg()),
    }
    return json.dumps(told, ensure_ascii=False).encode()
