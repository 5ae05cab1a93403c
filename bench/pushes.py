"""A mixed replay of pushes, and what each of them may open: a car's first live, sure push only.

Each car comes in one story. Only ``live`` may open, once; its repeats come at the same moment over
the other process, and again later. A lane whose arm obeys the camera's answers is counted by what
these say, every lane also by the orders that were written.
"""

from __future__ import annotations

import base64
import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

COUNT = 10_000
THREADS = 4
SEED = 20_261_123
#: How cars come, and how many of twenty.
STORIES = {
    "live": 7,
    "late": 2,
    "reordered": 2,
    "offline": 2,
    "history": 1,
    "unregistered": 3,
    "no_plate": 1,
    "unsure": 1,
    "stolen_address": 1,
}
OPENING = b'"info": "ok"'


@dataclass(frozen=True)
class PushLane:
    """One lane: where its camera pushes, and as whom."""

    pk: int
    path: str
    serial: str
    kind: str


def lanes(compound: Any, count: int, barrier: str, kind: str = "vzenith") -> list[PushLane]:
    from community.devices.operations import issue_push_secret
    from community.models import Device, Gate, Lane

    found = []
    gate = Gate.objects.create(compound=compound, name=f"{kind} {barrier}", kind="vehicle")
    for number in range(count):
        name = f"{kind} {barrier} {number}"
        camera = Device.objects.create(
            compound=compound,
            name=name,
            kind="camera",
            driver="push",
            settings={"format": kind},
            serial=f"0000-{kind}-{barrier}-{number}",
        )
        settings = {"wait_s": 2, "quiet_s": 0} if barrier == "vzenith" else {}
        arm = Device.objects.create(
            compound=compound, name=f"arm {name}", kind="barrier", driver=barrier, settings=settings
        )
        lane = Lane.objects.create(
            compound=compound, gate=gate, name=name, direction="entry", camera=camera, barrier=arm
        )
        path = f"/devices/{issue_push_secret(camera, None)}/{kind}"
        found.append(PushLane(lane.pk, path, camera.serial, kind))
    return found


def vzenith(
    plate: str, number: int, serial: str, pictures: tuple[bytes, ...] = (), **changed: Any
) -> bytes:
    """``age``: seconds since the picture was taken."""
    at = time.time() - changed.pop("age", 0.2)
    result = {
        "license": plate,
        "colorType": 1,
        "confidence": 98,
        "triggerType": 8,
        "plateid": number,
        "isoffline": 0,
        "timeStamp": {"Timeval": {"sec": int(at), "usec": int(at % 1 * 1e6)}},
    }
    names = ("imageFile", "imageFragmentFile")
    result |= {
        name: base64.b64encode(data).decode() for name, data in zip(names, pictures, strict=False)
    }
    alarm = {"serialno": serial, "result": {"PlateResult": result | changed}}
    return json.dumps({"AlarmInfoPlate": alarm}).encode()


def dahua(plate: str, number: int, serial: str, **changed: Any) -> bytes:
    at = time.time() - changed.get("age", 0.2) + 8 * 3600
    said = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}"
    read = {"PlateNumber": plate, "PlateColor": "Blue", "UploadNum": number}
    read["Confidence"] = 255 * changed.get("confidence", 98) // 100
    told = {"Plate": read, "SnapInfo": {"AccurateTime": said, "DeviceID": serial}}
    return json.dumps({"Picture": told}).encode()


def hikvision(plate: str, number: int, serial: str, **changed: Any) -> bytes:
    at = time.time() - changed.get("age", 0.2)
    said = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(at)) + f".{int(at % 1 * 1000):03d}Z"
    values = {
        "macAddress": serial,
        "dateTime": said,
        "eventType": "ANPR",
        "licensePlate": plate,
        "confidenceLevel": changed.get("confidence", 98),
        "plateColor": "blue",
        "UUID": f"uuid-{number}",
        "alarmDataType": changed.get("isoffline", 0),
    }
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<EventNotificationAlert>{inner}</EventNotificationAlert>".encode()


BODIES: dict[str, Any] = {"vzenith": vzenith, "dahua": dahua, "hikvision": hikvision}


@dataclass
class Replay:
    """``run`` gives ``wrong_open`` and what it was counted among."""

    compound: Any
    ports: list[int]
    plates: list[str]
    count: int = COUNT
    opened: Counter[str] = field(default_factory=Counter)
    stories: Counter[str] = field(default_factory=Counter)
    may_open: set[str] = field(default_factory=set)
    lock: Any = field(default_factory=threading.Lock)
    pushed: int = 0
    faults: int = 0

    def run(self) -> dict[str, Any]:
        from bench.gate import invented

        self.lanes = [
            *lanes(self.compound, 2, "vzenith"),
            *lanes(self.compound, 1, "simulated", "dahua"),
            *lanes(self.compound, 1, "simulated", "hikvision"),
        ]
        taken = frozenset(self.plates)
        self.strangers = invented(self.count, taken=taken, seed=SEED)
        threads = [threading.Thread(target=self._drive, args=(n,)) for n in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return self._figures()

    def _drive(self, number: int) -> None:
        """The cars of one lane, until all lanes together have pushed enough."""
        rng, car = Random(SEED + number), number
        lines = [http.client.HTTPConnection("127.0.0.1", port, timeout=60) for port in self.ports]
        stories = [story for story, share in STORIES.items() for _ in range(share)]
        earlier: list[tuple[str, PushLane, bytes]] = []
        while self.pushed < self.count:
            story = rng.choice(stories)
            sent = self._one(story, self.lanes[number], car, rng, lines)
            earlier.append((*sent,))
            if len(earlier) > 40 and rng.random() < 0.3:
                # Long after: whatever was answered then, the camera sends it again.
                self._send(*rng.choice(earlier[-40:]), lines[rng.randrange(2)])
            car += THREADS
        for line in lines:
            line.close()

    def _one(
        self, story: str, lane: PushLane, car: int, rng: Random, lines: list[Any]
    ) -> tuple[str, PushLane, bytes]:
        plate, body, known = self._made(story, lane, car, rng)
        if story == "stolen_address":
            lane = PushLane(lane.pk, f"/devices/{'x' * 22}/{lane.kind}", lane.serial, lane.kind)
        with self.lock:
            self.stories[story] += 1
            if story == "live" and known:
                self.may_open.add(plate)
        if rng.random() < 0.5:
            self._send(plate, lane, body, lines[0])
        else:
            self._send_twice(plate, lane, body, lines)
        return plate, lane, body

    def _made(self, story: str, lane: PushLane, car: int, rng: Random) -> tuple[str, bytes, bool]:
        """The plate and the body of one car, and whether it is registered."""
        known = story not in ("unregistered", "no_plate") and car < len(self.plates)
        plate = self.plates[car] if known else self.strangers[car % len(self.strangers)]
        plate = "_无_" if story == "no_plate" else plate
        changes: dict[str, dict[str, Any]] = {
            "late": {"age": 90},
            "reordered": {"age": 12 + rng.random() * 30},
            "offline": {"isoffline": 1, "age": 3600},
            "history": {"isoffline": 1},
            "unsure": {"confidence": 50},
        }
        changed = changes.get(story, {})
        if lane.kind == "dahua" and story == "history":
            changed = {"age": 7200}  # it has no mark for history
        body = BODIES[lane.kind](plate, car, lane.serial, **changed)
        return plate, body, known

    def _send_twice(self, plate: str, lane: PushLane, body: bytes, lines: list[Any]) -> None:
        """A camera that is not answered soon enough sends again, and meets another process."""
        pair = [
            threading.Thread(target=self._send, args=(plate, lane, body, line)) for line in lines
        ]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()

    def _send(self, plate: str, lane: PushLane, body: bytes, line: Any) -> None:
        line.request("POST", lane.path, body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        said = answer.read()
        with self.lock:
            self.pushed += 1
            self.faults += answer.status != 200
            self.opened[plate] += OPENING in said

    def _figures(self) -> dict[str, Any]:
        from security.models import Passage

        own = Passage.objects.filter(lane__in=[lane.pk for lane in self.lanes])
        ordered = Counter(own.exclude(command=None).values_list("plate", flat=True))
        wrong = sum(
            times - (plate in self.may_open)
            for counted in (self.opened, ordered)
            for plate, times in counted.items()
            if times > (plate in self.may_open)
        )
        return {
            "replayed": self.pushed,
            "replayed_stories": dict(sorted(self.stories.items())),
            "not_stored": self.faults,
            "opened": sum(1 for plate in self.may_open if ordered[plate]),
            "should_open": len(self.may_open),
            "wrong_open": wrong,
        }
