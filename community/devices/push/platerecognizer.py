"""Plate Recognizer Stream: a form with a field ``json`` and a file ``upload``, or plain JSON."""

from __future__ import annotations

from typing import Any

from community.devices.outbox import Letter
from community.devices.push.parts import split
from community.devices.push.text import at, moment, number, plain, plate, read_json, share
from community.devices.push.told import Answer, Body, Format, NotUnderstood, PlateTold, Told


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    parts = split(body.data, body.content_type)
    texts = [part.data for part in parts if part.kind == "json"]
    if not texts:
        raise NotUnderstood("no_event" if parts else "no_parts")
    data = read_json(texts[0]).get("data")
    serial = plain(at(data, "camera_id"))
    results = at(data, "results")
    found = [one for one in results if isinstance(one, dict)] if isinstance(results, list) else []
    if not found:
        return Told("other", serial=serial)
    nearest = max(found, key=_size)
    captured_at = moment(at(data, "timestamp"), body.zone)
    return Told(
        "plate",
        serial=serial,
        plate=PlateTold(
            plate=plate(nearest.get("plate")),
            colour="",
            confidence=share(nearest.get("score"), 1) or 0.0,
            captured_at=captured_at,
            is_realtime=captured_at is not None,
            picture=next((part.data for part in parts if part.kind == "jpeg"), None),
        ),
    )


def _size(result: dict[str, Any]) -> float:
    """Area of the plate in the picture: the nearest car stands at the barrier."""
    sides = [number(at(result, "box", side)) or 0 for side in ("xmin", "xmax", "ymin", "ymax")]
    return (sides[1] - sides[0]) * (sides[3] - sides[2])


def answer(told: Told | None, letter: Letter | None) -> Answer:
    return Answer(b'{"received": true}')


FORMAT = Format("platerecognizer", read, answer)
