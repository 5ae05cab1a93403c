"""Vzenith (臻识) and its family: 芊熠 over HTTP, ALPHADIGI and others that ship the same firmware.

``{"Response_AlarmInfoPlate":{"info":"ok"}}`` opens the camera's relay: an answer is a command. So
every answer says ``no`` and ``retransfer_stop`` unless a letter of our own orders otherwise.
Heartbeats carry the camera's password in clear; nothing of them is kept but the serial number.
"""

from __future__ import annotations

import json
from typing import Any

from community.devices.outbox import Letter
from community.devices.push.forms import read_form
from community.devices.push.parts import kind_of
from community.devices.push.text import (
    at,
    colour,
    epoch,
    flag,
    number,
    picture,
    plain,
    plate,
    read_json,
    share,
)
from community.devices.push.told import Answer, Body, Format, InputTold, PlateTold, Told

COLOURS = {1: "blue", 2: "yellow", 3: "white", 4: "black", 5: "green", 6: "green"}
#: The car stays or turns back: it was told when it came.
STAYS = frozenset({64, 65, 66})
NO_PLATE, FAKE = 31, 29


def read(body: Body) -> Told:
    """Raises NotUnderstood."""
    is_poll = body.rest.strip("/").lower().endswith("comet")
    if kind_of(body.data) != "json":
        form = read_form(body.data)
        return Told("poll" if is_poll else "heartbeat", serial=plain(form.get("serialno")))
    values = read_json(body.data)
    if "AlarmInfoPlate" in values:
        return read_alarm(values["AlarmInfoPlate"])
    if "AlarmGioIn" in values:
        return read_input(values["AlarmGioIn"])
    serial = plain(values.get("serialno") or at(values, "heartbeat", "serialno"))
    named = next((at(inner, "serialno") for inner in values.values() if at(inner, "serialno")), "")
    is_known = any(name in values for name in ("SerialData", "TriggerImage"))
    alive = "other" if is_known else "poll" if is_poll else "heartbeat"
    return Told(alive, serial=serial or plain(named))  # type: ignore[arg-type]


def read_alarm(alarm: Any) -> Told:
    """What stands under ``AlarmInfoPlate``, however it came."""
    result = at(alarm, "result", "PlateResult")
    serial = plain(at(alarm, "serialno"))
    trigger = number(at(result, "triggerType"))
    if not isinstance(result, dict) or trigger in STAYS:
        return Told("other", serial=serial)
    event = plain(result.get("plateid"))
    offline = flag(result.get("isoffline"))
    return Told(
        "plate", serial=serial, plate=_plate(result, event), event=event, is_offline=offline
    )


def _plate(result: dict[str, Any], event: str) -> PlateTold:
    kind = number(result.get("type"))
    taken = at(result, "timeStamp", "Timeval")
    captured_at = epoch(at(taken, "sec"), at(taken, "usec"))
    fake = flag(result.get("is_fake_plate")) or kind == FAKE
    said = number(result.get("colorType"))
    # A camera that was reset counts its plates from the start: the time tells them apart.
    vendor_id = f"{event}.{plain(at(taken, 'sec'))}" if event and captured_at else ""
    live = not flag(result.get("isoffline"))
    return PlateTold(
        plate=None if kind == NO_PLATE else plate(result.get("license")),
        vendor_id=vendor_id,
        colour=COLOURS.get(int(said), "") if said is not None else colour(result.get("color")),
        # A plate held before the camera on paper is for a guard to look at.
        confidence=0.0 if fake else share(result.get("confidence"), 100) or 0.0,
        captured_at=captured_at,
        is_realtime=live and ("isoffline" in result or captured_at is not None),
        picture=picture(result.get("imageFile")) or picture(result.get("imageFragmentFile")),
    )


def read_input(told: Any) -> Told:
    """What stands under ``AlarmGioIn``."""
    result = at(told, "result", "TriggerResult")
    source, value = number(at(result, "source")), number(at(result, "value"))
    serial = plain(at(told, "serialno"))
    if source is None or value is None or not 0 <= source < 16:
        return Told("other", serial=serial)
    return Told("input", serial=serial, input=InputTold(int(source), value == 1))


def answer(told: Told | None, letter: Letter | None) -> Answer:
    """``info`` is ``ok`` for a letter that orders the camera's own opening, and for none else."""
    opens = letter is not None and letter.output == "answer" and letter.action == "open"
    response: dict[str, Any] = {
        "info": "ok" if opens else "no",
        "content": "retransfer_stop",
        "is_pay": "true" if opens else "false",
        "serialData": [],
    }
    if letter is not None and letter.output == "io":
        pulse = {"delay": letter.pulse_ms} if letter.value == 2 else {}
        response["ivs_ioctrl"] = {"io": letter.io, "value": letter.value, **pulse}
    if told is not None and told.is_offline and told.event:
        event: Any = int(told.event) if told.event.isdecimal() else told.event
        # The next stored record comes only after this.
        response["ContinuePushOffline"] = {"plateid": event, "continue": 1}
    return Answer(json.dumps({"Response_AlarmInfoPlate": response}).encode())


FORMAT = Format("vzenith", read, answer, heartbeat=True, carries=True)
