"""The doors' own time on foot: way in presented → door command; passes used at once; codes read.

SQLite as it runs (or DATABASE_URL): 5,000 people who live here, each with a card or a personal
code or a PIN, and 2,000 live passes. Presented in turn at four doors.

- ``decision_ms_*``: handed over → command handed to the driver
- ``over_use``: entries beyond what 50 passes allow, used at once by four processes
- ``qr_ms_*``: a kiosk's frame of 1280 x 720 → the text of the code in it, one thread;
  ``qr_read`` is the share that was read
"""

from __future__ import annotations

import io
import os
import sys
import threading
import time
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import stage

PEOPLE, PASSES = 5_000, 2_000
SHOWN = 400
PAUSE_S = 0.02
AT_ONCE, PROCESSES, ENTRIES = 50, 4, 2
FRAMES = 60
SEED = 20_261_122
LOST_MS = 10_000.0


def run(options: Namespace) -> dict[str, Any]:
    """See the module."""
    with stage.fresh_database(os.environ.get("DATABASE_URL", "")) as folder:
        site = Site()
        took = [site.one(number) for number in range(SHOWN)]
        figures: dict[str, Any] = {"people": PEOPLE, "passes": PASSES, "shown": len(took)}
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99)):
            figures[f"decision_ms_{name}"] = round(stage.percentile(took, share), 1)
        return figures | _at_once(site, folder) | _codes()


class Site:
    """A compound with four doors, whose drivers only note when they are told to open."""

    def __init__(self) -> None:
        from community.models import Compound

        self.told = threading.Event()
        self.told_at = 0.0
        self.install_driver()
        self.compound = Compound.objects.create(code=stage.new_name("doors"), name="bench")
        self.doors = [self.door(number) for number in range(4)]
        self.units = self.homes()
        self.ways = self.people()
        self.secrets = self.visits()

    def install_driver(self) -> None:
        from community.devices.base import BarrierState, Health
        from community.devices.registry import register

        site = self

        @register("noting")
        class Noting:
            def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
                pass

            def open(self, *, command_id: int, pulse_ms: int = 800) -> None:
                site.told_at = time.perf_counter()
                site.told.set()

            def state(self) -> BarrierState:
                return BarrierState.UNKNOWN

            def health(self) -> Health:
                return Health("online")

    def door(self, number: int) -> Any:
        from community.models import Device, Gate, Lane

        gate = Gate.objects.create(compound=self.compound, name=f"门{number}", kind="pedestrian")
        door = Device.objects.create(
            compound=self.compound, name=f"door{number}", kind="door", driver="noting"
        )
        return Lane.objects.create(
            compound=self.compound, gate=gate, name=f"进{number}", direction="entry", barrier=door
        )

    def homes(self) -> list[Any]:
        from community.models import Building, Unit

        building = Building.objects.create(compound=self.compound, code="1", floors=30)
        rows = [
            Unit(compound=self.compound, building=building, floor=1, room=str(n), code=f"1-1-{n}")
            for n in range(PEOPLE // 2)
        ]
        return list(Unit.objects.bulk_create(rows))

    def people(self) -> list[Any]:
        """Two people in each home, each with one way in; made directly, as an import would."""
        from residents.models import Person, Residency, WayIn

        at = {"compound": self.compound}
        rows = Person.objects.bulk_create(Person(**at, name=f"P{n}") for n in range(PEOPLE))
        Residency.objects.bulk_create(
            Residency(
                **at,
                person=row,
                unit=self.units[n // 2],
                kind="owner",
                started_on=date(2024, 1, 1),
            )
            for n, row in enumerate(rows)
        )
        ways = (self.way(n, row, self.units[n // 2]) for n, row in enumerate(rows))
        return list(WayIn.objects.bulk_create(ways))

    def way(self, number: int, person: Any, unit: Any) -> Any:
        from django.utils import timezone

        from community import keyring
        from residents import ways
        from residents.models import WayIn

        kind = ("card", "qr", "pin")[number % 3]
        secret = {"card": f"C{number:07d}", "qr": ways.new_key(), "pin": ""}[kind]
        field = "card" if kind == "card" else f"pin.{unit.pk}"
        value = secret if kind == "card" else pin_of(number)
        index = "" if kind == "qr" else keyring.blind_index(value, self.compound.pk, field)
        return WayIn(
            compound=self.compound,
            kind=kind,
            person=person,
            unit=unit if kind == "pin" else None,
            secret=secret,
            index=index,
            issued_at=timezone.now(),
        )

    def visits(self) -> list[str]:
        from django.utils import timezone

        from residents.operations import invite

        now = timezone.now()
        period: dict[str, Any] = {
            "starts_at": now - timedelta(hours=1),
            "ends_at": now + timedelta(hours=8),
        }
        return [
            invite(self.units[n % len(self.units)], name="V", most_entries=ENTRIES, **period).secret
            for n in range(PASSES)
        ]

    def shown(self, number: int) -> Any:
        from django.utils import timezone

        from residents import ways
        from residents.ways import Presented

        if number % 4 == 3:
            return Presented("pass", self.secrets[PASSES - 1 - number])
        way = self.ways[(number * 37) % PEOPLE]
        if way.kind == "card":
            return Presented("card", way.secret)
        if way.kind == "qr":
            step = ways.step_at(timezone.now())
            return Presented("qr", ways.personal_code(way.pk, way.secret, step))
        return Presented("pin", pin_of((number * 37) % PEOPLE), way.unit.code)

    def one(self, number: int) -> float:
        """Milliseconds from a way in presented to the door's command."""
        from django.utils import timezone

        from security.operations import Shown, handle_shown

        time.sleep(PAUSE_S)
        lane, what = self.doors[number % 4], self.shown(number)
        self.told.clear()
        began = time.perf_counter()
        passage = handle_shown(Shown(lane.pk, f"bench-{number}", what, timezone.now()))
        if not self.told.wait(LOST_MS / 1000):
            raise RuntimeError(f"not opened: {passage.code}")
        return (self.told_at - began) * 1000


def pin_of(number: int) -> str:
    return f"{(number * 7919 + 104729) % 1_000_000:06d}"


def _at_once(site: Site, folder: Path) -> dict[str, Any]:
    """Each of four processes uses each of 50 passes as often as one of them may."""
    names, go = folder / "passes", folder / "go"
    names.write_text("\n".join(site.secrets[:AT_ONCE]), "utf-8")
    lanes = [str(lane.pk) for lane in site.doors]
    children = [
        stage.spawn("-m", "bench.people", lanes[n], str(names), str(go), str(n))
        for n in range(PROCESSES)
    ]
    time.sleep(4)
    go.touch()
    if any(child.wait(300) for child in children):
        raise RuntimeError("a process failed")
    from residents.models import Visit
    from security.models import Passage

    let_in = Passage.objects.filter(code="pass_valid", visit__digest__in=_digests(site))
    used = let_in.count()
    booked = sum(Visit.objects.filter(digest__in=_digests(site)).values_list("entries", flat=True))
    return {
        "uses_tried": AT_ONCE * PROCESSES * ENTRIES,
        "uses_allowed": AT_ONCE * ENTRIES,
        "uses_made": used,
        "over_use": max(0, used - AT_ONCE * ENTRIES) + abs(used - booked),
    }


def _digests(site: Site) -> list[str]:
    from residents import ways

    return [ways.pass_digest(secret) for secret in site.secrets[:AT_ONCE]]


def use_all(lane_id: int, names: Path, go: Path, number: int) -> None:
    """In another process: use every pass at one door."""
    from django.utils import timezone

    from residents.ways import Presented
    from security.operations import Shown, handle_shown

    secrets = names.read_text("utf-8").split()
    while not go.exists():
        time.sleep(0.005)
    for turn in range(ENTRIES):
        for secret in secrets:
            key = f"at-once-{number}-{turn}-{secret}"
            handle_shown(Shown(lane_id, key, Presented("pass", secret), timezone.now()))


def _codes() -> dict[str, Any]:
    import cv2
    import numpy as np

    from community.vision.codes import read_code
    from residents import ways

    cv2.setNumThreads(1)
    rng, took, read = np.random.default_rng(SEED), [], 0
    for number in range(FRAMES):
        text = (
            f"V1:{ways.new_pass()}"
            if number % 2
            else ways.personal_code(number + 1, ways.new_key(), 118_000_000)
        )
        frame = held_up(text, rng)
        began = time.perf_counter()
        read += read_code(frame) == text
        took.append((time.perf_counter() - began) * 1000)
    return {
        "qr_ms_p50": round(stage.percentile(took, 0.5), 1),
        "qr_ms_p95": round(stage.percentile(took, 0.95), 1),
        "qr_read": round(read / FRAMES, 4),
    }


def held_up(text: str, rng: Any) -> Any:
    """A frame of 1280 x 720 with a phone's code in it: turned, tilted, a little out of focus."""
    import cv2
    import numpy as np
    import segno
    from PIL import Image

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=int(rng.integers(5, 9)), border=4)
    code = np.array(Image.open(out).convert("L"))
    coarse = rng.integers(0, 255, (36, 64, 3), dtype=np.uint8)
    frame = cv2.resize(coarse, (1280, 720))
    height, width = code.shape
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), float(rng.uniform(-25, 25)), 1)
    placed = cv2.transform(corners[None], turn)[0] + np.array([420, 150], np.float32)
    placed = (placed + rng.uniform(-8, 8, (4, 2))).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, placed)
    warped = cv2.warpPerspective(code, matrix, (1280, 720))
    inside = cv2.warpPerspective(np.full_like(code, 255), matrix, (1280, 720)) > 127
    frame[inside] = warped[inside][:, None]
    return cv2.GaussianBlur(frame, (0, 0), float(rng.uniform(0.4, 1.2)))


if __name__ == "__main__":
    import django

    django.setup()
    use_all(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
