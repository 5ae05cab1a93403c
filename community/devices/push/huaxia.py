"""Huaxia Zhixin (华夏智信): a form with the pictures in base64, in GBK or UTF-8.

Its answers are read only with a length, uncompressed, whole.
"""

from __future__ import annotations

from community.devices.outbox import Letter
from community.devices.push.forms import read_form
from community.devices.push.text import colour, epoch, picture, plain, plate, share
from community.devices.push.told import Answer, Body, Format, NotUnderstood, PlateTold, Told

KINDS = ("online", "offline", "heartbeat")


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    values = read_form(body.data)
    kind = values.get("type", "").strip().lower()
    serial = plain(values.get("cam_id"))
    if kind not in KINDS:
        raise NotUnderstood("form_invalid")
    if kind == "heartbeat":
        return Told("heartbeat", serial=serial)
    return Told(
        "plate",
        serial=serial,
        plate=PlateTold(
            plate=plate(values.get("plate_num")),
            colour=colour(values.get("plate_color")),
            # Most firmware says none: the device's setting stands for it then.
            confidence=share(values.get("confidence"), 100),
            captured_at=epoch(values.get("start_time")),
            is_realtime=kind == "online",
            picture=picture(values.get("picture")) or picture(values.get("closeup_pic")),
        ),
        is_offline=kind == "offline",
    )


def answer(told: Told | None, letter: Letter | None) -> Answer:
    return Answer(b'{"error_num":0,"error_str":""}')


FORMAT = Format("huaxia", read, answer, heartbeat=True)
