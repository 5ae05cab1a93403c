"""Lanes whose cameras push, and somebody who pushes for them."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from community.devices.operations import issue_push_secret
from community.models import Command, Device, Lane
from security.models import Passage, Picture, Reading
from tests.security.gates import gate

JSON = "application/json"


def push_lane(kind: str = "vzenith", *, barrier: str = "simulated", **settings: Any) -> Lane:
    """An entry lane of a fresh compound with one registered car, its camera of this kind."""
    lane: Any = gate()
    Device.objects.filter(pk=lane.camera_id).update(
        driver="push", settings={"format": kind, **settings}, serial=""
    )
    Device.objects.filter(pk=lane.barrier_id).update(driver=barrier)
    found: Lane = Lane.objects.select_related("camera", "barrier").get(pk=lane.pk)
    return found


class Pusher:
    """A camera's side: its address, and what it heard last."""

    def __init__(self, lane: Any, kind: str = "vzenith") -> None:
        self.lane, self.kind = lane, kind
        self.secret = issue_push_secret(lane.camera, None)
        self.client = Client()

    def __call__(
        self, data: bytes, content_type: str = JSON, rest: str = "", secret: str = "", **extra: Any
    ) -> Any:
        url = f"/devices/{secret or self.secret}/{self.kind}{rest}"
        return self.client.generic("POST", url, data, content_type, **extra)


def opens(answer: Any) -> bool:
    """Whether a camera of the Vzenith family would lift the arm at this answer."""
    told = json.loads(answer.content)["Response_AlarmInfoPlate"]
    return bool(told["info"] == "ok" or told.get("ivs_ioctrl"))


def nothing_happened() -> bool:
    return not any(rows.objects.exists() for rows in (Reading, Passage, Picture, Command))
