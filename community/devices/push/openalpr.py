"""OpenALPR and Rekor Scout: of its four kinds of JSON only ``alpr_group`` is one car.

An agent that is answered 5xx sends the same for ever, so it gets one only while we cannot store.
"""

from __future__ import annotations

from community.devices.outbox import Letter
from community.devices.push.text import epoch, picture, plain, plate, read_json, share
from community.devices.push.told import Answer, Body, Format, PlateTold, Told, What


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    values = read_json(body.data)
    kind, serial = values.get("data_type"), plain(values.get("agent_uid"))
    if kind != "alpr_group":
        what: What = "heartbeat" if kind == "heartbeat" else "other"
        return Told(what, serial=serial)
    captured_at = epoch(values.get("epoch_start"), unit_s=0.001)
    return Told(
        "plate",
        serial=serial,
        plate=PlateTold(
            plate=plate(values.get("best_plate_number")),
            vendor_id=plain(values.get("best_uuid")),
            confidence=share(values.get("best_confidence"), 100) or 0.0,
            captured_at=captured_at,
            is_realtime=captured_at is not None,
            picture=picture(values.get("vehicle_crop_jpeg")),
        ),
    )


def answer(told: Told | None, letter: Letter | None) -> Answer:
    return Answer(b'{"received": true}')


FORMAT = Format("openalpr", read, answer, heartbeat=True)
