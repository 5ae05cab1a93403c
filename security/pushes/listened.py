"""What a camera that we listen to would tell of one car, for "send a test", read by its own reader.

For cameras that push there are ``community.devices.push.samples``; these come by other ways.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from community.devices import mqtt_cameras, pull, viid
from community.devices.mqtt_cameras import TALKERS, Message
from community.devices.mqtt_cameras.told import format_named
from community.devices.push import FORMATS, Body, Format, NotUnderstood, Told
from community.devices.push.parts import Part
from community.devices.push.samples import CHINA, SAMPLES, Car
from community.devices.vzenith_talk import families
from community.devices.zones import zone_of
from community.models import Device

JSON = "application/json"


@dataclass(frozen=True)
class Trial:
    """``how``: what the road needs to know of the way; ``data``: the last that the camera says.

    ``read`` says what it comes to; raises NotUnderstood.
    """

    how: Format
    data: bytes
    content_type: str
    rest: str
    read: Callable[[], Told]


def trial_of(device: Device, car: Car) -> Trial:
    """A car in the words of this device. Raises LookupError for one that tells of no cars.

    Raises DeviceFault for settings that make no sense.
    """
    settings: Any = device.settings
    kind = str(settings.get("format")) if isinstance(settings, dict) else ""
    if device.driver == "push" and kind in FORMATS:
        return _pushed(device, kind, car)
    if device.driver == pull.DRIVER and kind in pull.FORMATS:
        return _pulled(device, kind, car)
    if device.driver == mqtt_cameras.DRIVER and kind in TALKERS:
        return _behind(device, kind, car)
    if device.driver == viid.DRIVER:
        return _registered(device, car)
    raise LookupError(device.driver)


def _pushed(device: Device, kind: str, car: Car) -> Trial:
    how, sample = FORMATS[kind], SAMPLES[kind](car)
    body = Body(sample.data, sample.content_type, sample.rest, zone_of(device))
    return Trial(how, sample.data, sample.content_type, sample.rest, lambda: how.read(body))


def _pulled(device: Device, kind: str, car: Car) -> Trial:
    options, made = pull.Options.read(device.settings), pull.FORMATS[kind]
    text = _alert(car, options.channel) if kind == "hikvision" else _traffic(car, options.channel)
    part = Part("", "xml" if kind == "hikvision" else "other", text)
    event = pull.Event([part])

    def read() -> Told:
        return made.read(event, event.body(zone_of(device)), options)

    return Trial(made.pushed, text, "", "", read)


def _alert(car: Car, channel: int) -> bytes:
    values: dict[str, Any] = {
        "macAddress": car.serial,
        "channelID": channel,
        "dateTime": car.at.astimezone(CHINA).isoformat(timespec="milliseconds"),
        "eventType": "ANPR",
        "licensePlate": car.plate,
        "confidenceLevel": round(100 * car.confidence),
        "UUID": f"linli-{car.serial}-{car.number}",
        "alarmDataType": 0,
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<EventNotificationAlert>{inner}</EventNotificationAlert>".encode()


def _traffic(car: Car, channel: int) -> bytes:
    sure = round(255 * car.confidence)
    told = {
        "EventID": car.number,
        "UTC": int(car.at.timestamp()),
        "UTCMS": car.at.microsecond // 1000,
        "Object": {"ObjectType": "Plate", "Text": car.plate, "Confidence": sure},
        "TrafficCar": {"PlateNumber": car.plate, "PlateColor": "Blue"},
    }
    head = f"Code=TrafficJunction;action=Pulse;index={channel - 1};data="
    return (head + json.dumps(told, ensure_ascii=False)).encode()


def _behind(device: Device, kind: str, car: Car) -> Trial:
    talker = TALKERS[kind](mqtt_cameras.Options.read(device.settings))
    messages = {"vzenith": _vzenith, "qianyi": _qianyi, "frigate": _frigate}[kind](
        talker.options, car
    )

    def read() -> Told:
        told = Told("other")
        for topic, values in messages:
            told = talker.read(Message(topic, _bytes(values)), zone_of(device))
        return told

    return Trial(talker.how, _bytes(messages[-1][1]), JSON, messages[-1][0], read)


def _vzenith(options: Any, car: Car) -> list[tuple[str, dict[str, Any]]]:
    result = {
        "license": base64.b64encode(car.plate.encode()).decode(),
        "colorType": 1,
        "confidence": round(100 * car.confidence),
        "triggerType": 8,
        "plateid": car.number,
        "isoffline": 0,
        "timeStamp": {"Timeval": {"sec": int(car.at.timestamp()), "usec": car.at.microsecond}},
    }
    alarm = {"AlarmInfoPlate": {"result": {"PlateResult": result}}}
    values = {"id": "linli", "sn": options.sn, "name": "ivs_result", "payload": alarm}
    return [(f"{families(options.sn)[0]}/up/ivs_result", values)]


def _qianyi(options: Any, car: Car) -> list[tuple[str, dict[str, Any]]]:
    values = {
        "cmd": "result",
        "msg_id": f"linli{car.number}",
        "sn": options.sn,
        "type": "online",
        "plate_num": car.plate,
        "plate_color": "蓝色",
        "confidence": round(100 * car.confidence),
        "utc_ts": int(car.at.timestamp()),
    }
    return [(f"aiot/plate/{options.sn}", values)]


def _frigate(options: Any, car: Car) -> list[tuple[str, dict[str, Any]]]:
    """Twice, since one frame is not believed."""
    told = {
        "id": f"linli-{car.number}",
        "camera": options.camera,
        "label": "car",
        "recognized_license_plate": car.plate,
        "recognized_license_plate_score": max(car.confidence, options.threshold),
    }
    topic, at = f"{options.prefix}/events", car.at.astimezone(UTC).timestamp()
    return [
        (topic, {"type": "update", "after": told | {"frame_time": at + frame}})
        for frame in (-0.2, 0.0)
    ]


def _registered(device: Device, car: Car) -> Trial:
    zone = zone_of(device)
    values = {
        "MotorVehicleID": f"linli{car.number}",
        "DeviceID": str(device.settings.get("device_id", "")),
        "HasPlate": "1",
        "PlateNo": car.plate,
        "PlateColor": "5",
        "PlateReliability": str(round(100 * car.confidence)),
        "PassTime": car.at.astimezone(zone).strftime("%Y%m%d%H%M%S"),
    }
    body = {"MotorVehicleListObject": {"MotorVehicleObject": [values]}}

    def read() -> Told:
        found = viid.vehicles_in(body)
        if not found:
            raise NotUnderstood("no_event")
        return Told("plate", plate=viid.read_vehicle(found[0], zone).plate)

    return Trial(format_named("viid"), _bytes(body), JSON, "", read)


def _bytes(values: dict[str, Any]) -> bytes:
    return json.dumps(values, ensure_ascii=False).encode()
