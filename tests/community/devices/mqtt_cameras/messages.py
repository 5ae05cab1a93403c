"""What cameras behind a broker publish, with invented plates and serial numbers."""

from __future__ import annotations

import base64
import json
from typing import Any

from community.devices.mqtt_cameras import Message
from tests.community.devices.push.bodies import PLATE, b64, jpeg, now

SN = "7c1e0b42-9f3d11a0"


def message(topic: str, values: Any, *, retained: bool = False) -> Message:
    payload = values if isinstance(values, bytes) else json.dumps(values).encode()
    return Message(topic, payload, retained)


def frigate(
    plate: Any = PLATE,
    score: Any = 0.95,
    *,
    key: str = "1718-abc",
    kind: str = "update",
    camera: str = "gate",
    at: float = 0.0,
    **after: Any,
) -> dict[str, Any]:
    told = {
        "id": key,
        "camera": camera,
        "label": "car",
        "frame_time": at or now().timestamp(),
        "recognized_license_plate": plate,
        "recognized_license_plate_score": score,
        "sub_label": None,
    }
    return {"type": kind, "before": {}, "after": told | after}


def vzenith(
    plate: str = PLATE, *, number: int = 101, sn: str = SN, **result: Any
) -> dict[str, Any]:
    at = now()
    told = {
        "license": base64.b64encode(plate.encode()).decode(),
        "colorType": 1,
        "confidence": 98,
        "triggerType": 8,
        "type": 1,
        "plateid": number,
        "isoffline": 0,
        "timeStamp": {"Timeval": {"sec": int(at.timestamp()), "usec": at.microsecond}},
        "full_image_content": b64(jpeg()),
    } | result
    alarm = {"serialno": "another-word", "result": {"PlateResult": told}}
    return {"id": "a", "sn": sn, "name": "ivs_result", "payload": {"AlarmInfoPlate": alarm}}


def qianyi(
    plate: str = PLATE, *, name: str = "1784000000000AbCdEf1", **values: Any
) -> dict[str, Any]:
    told = {
        "cmd": "result",
        "msg_id": name,
        "sn": SN.upper(),
        "type": "online",
        "plate_num": plate,
        "plate_color": "蓝色",
        "confidence": 97,
        "utc_ts": int(now().timestamp()),
        "full_pic": b64(jpeg()),
    }
    return told | values
