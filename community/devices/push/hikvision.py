"""Hikvision ISAPI: plates of entrance cameras, and access events of terminals at doors.

The same listener address takes both. Namespaces differ by model and age and through recorders, so
names count without them. A terminal that waits for our verdict (``remoteCheck``) gets none: an
answer here never opens anything.
"""

from __future__ import annotations

from typing import Any

from community.devices.outbox import Letter
from community.devices.push.parts import Part, split
from community.devices.push.text import (
    at,
    colour,
    flag,
    moment,
    plain,
    plate,
    read_json,
    read_xml,
    share,
)
from community.devices.push.told import (
    AccessTold,
    Answer,
    Body,
    Format,
    NotUnderstood,
    PlateTold,
    Told,
    What,
)

#: Whole pictures first; whoever sits in the car is not for us.
WANTED = ("detection", "background", "scene", "vehicle", "licenseplate", "plate")
PEOPLE = ("pilot", "face", "driver", "person", "human", "passenger")
WAYS = {"75": "face", "1": "card", "38": "fingerprint", "9": "card", "76": "face"}
GRANTED = frozenset({"75", "1", "38"})


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    return read_parts(split(body.data, body.content_type), body)


def read_parts(parts: list[Part], body: Body) -> Told:
    """What these parts of one event say, however they came. Raises NotUnderstood."""
    for part in parts:
        if part.kind == "json":
            return _terminal(read_json(part.data), body)
        if part.kind == "xml":
            return _event(read_xml(part.data), parts, body)
    raise NotUnderstood("no_event" if parts else "no_parts")


def _event(values: dict[str, str], parts: list[Part], body: Body) -> Told:
    kind = values.get("eventType", "").lower()
    serial = _serial(values)
    if kind == "accesscontrollerevent" or "employeeNoString" in values:
        return Told("access", serial=serial, access=_access(values, values, body))
    if kind != "anpr" and "licensePlate" not in values:
        what: What = "heartbeat" if kind in ("heartbeat", "videoloss") else "other"
        return Told(what, serial=serial)
    late = plain(values.get("alarmDataType")) == "1" or flag(values.get("isDataRetransmission"))
    captured_at = moment(values.get("dateTime"), body.zone)
    return Told(
        "plate",
        serial=serial,
        plate=PlateTold(
            plate=plate(values.get("licensePlate") or values.get("originalLicensePlate")),
            vendor_id=plain(values.get("UUID")),
            colour=colour(values.get("plateColor")),
            confidence=share(values.get("confidenceLevel"), 100) or 0.0,
            captured_at=captured_at,
            is_realtime=not late and ("alarmDataType" in values or captured_at is not None),
            picture=_picture(parts),
        ),
    )


def _serial(values: dict[str, Any]) -> str:
    names = ("macAddress", "deviceUUID", "deviceID", "shortSerialNumber")
    return next((text for name in names if (text := plain(values.get(name)))), "")


def _picture(parts: list[Part]) -> bytes | None:
    found = [part for part in parts if part.kind == "jpeg"]
    for wanted in WANTED:
        for part in found:
            if wanted in part.name and not any(word in part.name for word in PEOPLE):
                return part.data
    # Without a name the largest is the whole scene; crops of people are small.
    nameless = [part.data for part in found if not part.name]
    return max(nameless, key=len, default=None)


def _terminal(values: dict[str, Any], body: Body) -> Told:
    inner = at(values, "AccessControllerEvent")
    if not isinstance(inner, dict):
        alive = plain(values.get("eventType")).lower() in ("heartbeat", "videoloss")
        return Told("heartbeat" if alive else "other", serial=_serial(values))
    return Told("access", serial=_serial(values), access=_access(values, inner, body))


def _access(outer: dict[str, Any], inner: dict[str, Any], body: Body) -> AccessTold:
    """Numbers of events start again after a reset, so the time belongs to the name."""
    minor = plain(inner.get("subEventType"))
    said = plain(outer.get("dateTime"))
    return AccessTold(
        way=WAYS.get(minor, "other"),
        person=plain(inner.get("employeeNoString"), 32),
        vendor_id=f"{plain(inner.get('serialNo'))}.{said}",
        granted=plain(inner.get("majorEventType")) == "5" and minor in GRANTED,
        captured_at=moment(said, body.zone),
        is_realtime=flag(inner.get("currentEvent", True)) and not flag(inner.get("remoteCheck")),
    )


def answer(told: Told | None, letter: Letter | None) -> Answer:
    """Nothing: the camera asks for 200 only, and opens by an order of its own."""
    return Answer(b"", "text/plain")


FORMAT = Format("hikvision", read, answer)
