"""Dahua ``eventManager.cgi?action=attach``: ``Code=…;action=…;index=…;data={…}`` without end.

With pictures (``snapManager.cgi``) the same comes as ``Events[0].Name=value`` lines and a JPEG
behind them. The plate stands in ``Object.Text`` only where ``Object.ObjectType`` is ``Plate``.
"""

from __future__ import annotations

import re
from typing import Any

from community.devices.pull.told import Event, Gatherer, Options
from community.devices.push.parts import Part
from community.devices.push.text import (
    at,
    colour,
    decode,
    epoch,
    moment,
    number,
    picture_of,
    plain,
    plate,
    read_json,
    share,
)
from community.devices.push.told import Body, NotUnderstood, PlateTold, Told

CODES = ("TrafficJunction", "TrafficSnapPicture", "TrafficManualSnap", "TrafficParkingSnap")
SILENT_S = 20.0
HEARTBEAT_S = 5
_EVENT = re.compile(r"Code=([^;\s]{1,60});action=([^;\s]{1,20});index=(\d{1,4})(?:;data=)?")
_LINE = re.compile(r"^Events\[0\]\.([\w.\[\]]{1,120})=(.*)$", re.MULTILINE)
MOST_LINES = 400


def target(options: Options) -> str:
    if options.pictures:
        query = f"attachFileProc&channel={options.channel}&heartbeat={HEARTBEAT_S}"
        return f"/cgi-bin/snapManager.cgi?action={query}&Flags[0]=Event&Events=[{CODES[0]}]"
    return f"/cgi-bin/eventManager.cgi?action=attach&codes=[{CODES[0]}]&heartbeat={HEARTBEAT_S}"


class Events(Gatherer):
    def pictures_of(self, part: Part) -> int:
        return 1 if part.data.startswith(b"Events[") else 0


def read(event: Event, body: Body, options: Options) -> Told:
    """Raises NotUnderstood."""
    text = decode(event.parts[0].data)
    if text.startswith("Events["):
        data = _tree(text)
        index = number(data.get("EventBaseInfo", {}).get("Index")) or 0
        code, action = plain(at(data, "EventBaseInfo", "Code")) or CODES[0], "Pulse"
    else:
        said = _EVENT.match(text)
        if said is None:
            if text[:9].lower() == "heartbeat":
                return Told("heartbeat")
            raise NotUnderstood("no_event")
        code, action, index = said[1], said[2], float(said[3])
        rest = text[said.end() :].strip()
        data = read_json(rest.encode()) if rest else {}
    is_ours = (
        code in CODES and action.lower() in ("pulse", "start") and index == options.channel - 1
    )
    if not is_ours or not data:
        return Told("other")
    return Told("plate", plate=_plate(data, event, body))


def _plate(data: dict[str, Any], event: Event, body: Body) -> PlateTold:
    seen, car = data.get("Object"), data.get("TrafficCar")
    is_plate = plain(at(seen, "ObjectType")) == "Plate"
    said = at(seen, "Text") if is_plate else at(car, "PlateNumber")
    captured_at = epoch(data.get("RealUTC")) or moment(data.get("LocaleTime"), body.zone)
    captured_at = captured_at or epoch(data.get("UTC"), (number(data.get("UTCMS")) or 0) * 1000)
    return PlateTold(
        plate=plate(said),
        vendor_id=_name_of(data, captured_at),
        colour=colour(at(car, "PlateColor")),
        confidence=share(at(seen, "Confidence") if is_plate else None, 255) or 0.0,
        captured_at=captured_at,
        is_realtime=captured_at is not None,
        picture=picture_of([part.data for part in event.parts[1:] if part.kind == "jpeg"]),
    )


def _name_of(data: dict[str, Any], captured_at: Any) -> str:
    """Numbers start again after a reset, so the time belongs to the name."""
    group = plain(data.get("GroupID"))
    event = plain(data.get("EventID")) or plain(data.get("EventSeq"))
    if not (group or event) or captured_at is None:
        return ""
    return f"{group}.{event}.{captured_at.isoformat()}"[:100]


def _tree(text: str) -> dict[str, Any]:
    """``Events[0].Object.Text=…`` as nested names; lists of it are left out."""
    found: dict[str, Any] = {}
    for line in list(_LINE.finditer(text))[:MOST_LINES]:
        *path, last = line[1].split(".")
        inner = found
        for name in path:
            inner = inner.setdefault(name, {})
            if not isinstance(inner, dict):
                break
        if isinstance(inner, dict):
            inner[last] = line[2].strip()
    return found
