"""A mixed replay of pushes, and what each of them may open: a car's first live, sure push only.

Each car comes in one story. Only ``live`` may open, once; its repeats come at the same moment over
the other process, and again later. A lane whose arm obeys the camera's answers is counted by what
these say, every lane also by the orders that were written.
"""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

COUNT = 10_000
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
#: The makers, and what lifts the arm: the answer itself, or an order.
LANES = (
    ("vzenith", "vzenith", 2),
    ("hikvision", "simulated", 1),
    ("dahua", "simulated", 1),
    ("huaxia", "simulated", 1),
    ("platerecognizer", "simulated", 1),
    ("openalpr", "simulated", 1),
)


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


def sample(
    lane: PushLane, plate: str, number: int, *, pictures: tuple[bytes, ...] = (), **changed: Any
) -> Any:
    """The body of one car. ``age``: seconds since the picture was taken."""
    from community.devices.push.samples import SAMPLES, Car

    at = datetime.now(UTC) - timedelta(seconds=changed.pop("age", 0.2))
    return SAMPLES[lane.kind](Car(plate, lane.serial, at, number, pictures=pictures, **changed))


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
    #: What was pushed to an address that exists: each is stored once.
    sent: set[tuple[int, bytes]] = field(default_factory=set)
    pushed: int = 0
    faults: int = 0

    def run(self) -> dict[str, Any]:
        from bench.gate import invented

        self.lanes = [
            lane
            for kind, barrier, count in LANES
            for lane in lanes(self.compound, count, barrier, kind)
        ]
        taken = frozenset(self.plates)
        self.strangers = invented(self.count, taken=taken, seed=SEED)
        numbers = range(len(self.lanes))
        threads = [threading.Thread(target=self._drive, args=(n,)) for n in numbers]
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
        earlier: list[tuple[str, PushLane, Any]] = []
        while self.pushed < self.count:
            story = rng.choice(stories)
            sent = self._one(story, self.lanes[number], car, rng, lines)
            earlier.append(sent)
            if len(earlier) > 40 and rng.random() < 0.3:
                # Long after: whatever was answered then, the camera sends it again.
                self._send(*rng.choice(earlier[-40:]), lines[rng.randrange(2)])
            car += len(self.lanes)
        for line in lines:
            line.close()

    def _one(
        self, story: str, lane: PushLane, car: int, rng: Random, lines: list[Any]
    ) -> tuple[str, PushLane, Any]:
        plate, body, known = self._made(story, lane, car, rng)
        if story == "stolen_address":
            lane = PushLane(lane.pk, f"/devices/{'x' * 22}/{lane.kind}", lane.serial, lane.kind)
        with self.lock:
            self.stories[story] += 1
            if story == "live" and known:
                self.may_open.add(plate)
            if story != "stolen_address":
                self.sent.add((lane.pk, body.data))
        if rng.random() < 0.5:
            self._send(plate, lane, body, lines[0])
        else:
            self._send_twice(plate, lane, body, lines)
        return plate, lane, body

    def _made(self, story: str, lane: PushLane, car: int, rng: Random) -> tuple[str, Any, bool]:
        """The plate and the body of one car, and whether it is registered."""
        from community.devices.push.samples import MARKS_HISTORY

        known = story not in ("unregistered", "no_plate") and car < len(self.plates)
        plate = self.plates[car] if known else self.strangers[car % len(self.strangers)]
        plate = "_无_" if story == "no_plate" else plate
        changes: dict[str, dict[str, Any]] = {
            "late": {"age": 90},
            "reordered": {"age": 12 + rng.random() * 30},
            "offline": {"is_live": False, "age": 3600},
            "history": {"is_live": False},
            "unsure": {"confidence": 0.5},
        }
        changed = changes.get(story, {})
        if story == "history" and lane.kind not in MARKS_HISTORY:
            changed = {"age": 7200}
        return plate, sample(lane, plate, car, **changed), known

    def _send_twice(self, plate: str, lane: PushLane, body: Any, lines: list[Any]) -> None:
        """A camera that is not answered soon enough sends again, and meets another process."""
        pair = [
            threading.Thread(target=self._send, args=(plate, lane, body, line)) for line in lines
        ]
        for thread in pair:
            thread.start()
        for thread in pair:
            thread.join()

    def _send(self, plate: str, lane: PushLane, body: Any, line: Any) -> None:
        path = f"{lane.path}/{body.rest}".rstrip("/")
        try:
            status, said = self._heard(line, path, body)
        except ConnectionError:
            line.close()  # it was idle for too long: a camera connects anew and sends again
            status, said = self._heard(line, path, body)
        with self.lock:
            self.pushed += 1
            self.faults += status != 200
            self.opened[plate] += OPENING in said

    @staticmethod
    def _heard(line: Any, path: str, body: Any) -> tuple[int, bytes]:
        line.request("POST", path, body.data, {"Content-Type": body.content_type})
        answer = line.getresponse()
        return answer.status, answer.read()

    def _figures(self) -> dict[str, Any]:
        from security.models import Passage, Reading

        places = [lane.pk for lane in self.lanes]
        own = Passage.objects.filter(lane__in=places)
        stored = Reading.objects.filter(lane__in=places).count()
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
            "lost": max(0, len(self.sent) - stored),
            "doubled": max(0, stored - len(self.sent)),
            "opened": sum(1 for plate in self.may_open if ordered[plate]),
            "should_open": len(self.may_open),
            "wrong_open": wrong,
        }
