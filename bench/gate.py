"""The gate's own time: reading handed over → command handed to the driver; and wrong openings.

SQLite as it runs (synchronous=FULL, one writer), 5,000 registered cars, each reading with a JPEG
of its car. Measured calm, then while another process checks and applies lists of 5,000 rows. Then
cars that are not registered drive up: see ``bench.strangers``.
"""

from __future__ import annotations

import io
import sys
import tempfile
import threading
import time
from argparse import Namespace
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from bench import stage

VEHICLES = 5_000
READINGS = 300
#: Between two readings, as between cars: an import gets its turns.
PAUSE_S = 0.03
SEED = 20_260_302
#: A command that is not with its driver by then would have expired.
LOST_MS = 10_000.0


def run(options: Namespace) -> dict[str, Any]:
    """``decision_ms_*`` and ``decision_import_ms_*`` in milliseconds, ``wrong_open`` in cars."""
    with stage.fresh_database():
        from bench import strangers

        plates = invented(VEHICLES)
        site = Site(plates)
        calm = site.measure(READINGS)
        figures = {"vehicles": VEHICLES, "readings": len(calm), **_shares("decision_ms", calm)}
        figures |= _during_import(site)
        data = Path(options.data) if getattr(options, "data", None) else None
        return figures | strangers.measure(plates, data)


def invented(count: int, taken: frozenset[str] = frozenset(), seed: int = SEED) -> list[str]:
    """Different invented plates of the usual kinds, the same for the same seed."""
    import numpy as np

    from community.vision.plates import PlateKind
    from community.vision.render.plates import random_text

    rng = np.random.default_rng(seed)
    kinds = [PlateKind.BLUE] * 7 + [PlateKind.GREEN] * 2 + [PlateKind.YELLOW]
    found: dict[str, None] = {}
    while len(found) < count:
        text = random_text(kinds[int(rng.integers(len(kinds)))], rng)
        if text not in taken:
            found[text] = None
    return list(found)


def register(compound: Any, plates: list[str]) -> None:
    from parking.models import Vehicle

    Vehicle.objects.bulk_create(
        Vehicle(compound=compound, plate=plate, valid_from=date(2024, 1, 1)) for plate in plates
    )


def lanes(compound: Any, count: int, driver: str) -> list[Any]:
    """Entry lanes, each with a camera and a barrier of its own."""
    from community.models import Device, Gate, Lane

    gate = Gate.objects.create(compound=compound, name="南门", kind="vehicle")
    made = []
    for number in range(count):
        camera, barrier = (
            Device.objects.create(
                compound=compound, name=f"{kind}{number}", kind=kind, driver=driver
            )
            for kind in ("camera", "barrier")
        )
        made.append(
            Lane.objects.create(
                compound=compound,
                gate=gate,
                name=f"入口{number}",
                direction="entry",
                camera=camera,
                barrier=barrier,
            )
        )
    return made


class Site:
    """A compound with four entry lanes, whose barriers only note when they are told to open."""

    def __init__(self, plates: list[str]) -> None:
        from community.models import Compound

        self.told = threading.Event()
        self.told_at = 0.0
        self.install_driver()
        self.compound = Compound.objects.create(code=stage.new_name("gate"), name="bench")
        register(self.compound, plates)
        self.lanes = lanes(self.compound, 4, "recording")
        self.cars = self.one_after_another(plates)
        self.picture = photograph()

    def install_driver(self) -> None:
        from community.devices.base import BarrierState, Health
        from community.devices.registry import register as enter

        site = self

        @enter("recording")
        class Recording:
            def __init__(self, settings: dict[str, Any], credentials: dict[str, Any]) -> None:
                pass

            def open(self, *, command_id: int, pulse_ms: int = 800) -> None:
                site.told_at = time.perf_counter()
                site.told.set()

            def state(self) -> BarrierState:
                return BarrierState.UNKNOWN

            def health(self) -> Health:
                return Health("online")

    def one_after_another(self, plates: list[str]) -> Iterator[tuple[int, str]]:
        yield from enumerate(plates)

    def measure(self, count: int, *, until: Any = None) -> list[float]:
        """Milliseconds of ``count`` readings, or of as many as come before ``until()``."""
        found: list[float] = []
        while len(found) < count and not (until and until()):
            found.append(self.one())
            time.sleep(PAUSE_S)
        return found

    def one(self) -> float:
        from django.utils import timezone

        from security.operations import handle_reading
        from security.readings import ReadingInput

        number, plate = next(self.cars)
        lane, now = self.lanes[number % len(self.lanes)], timezone.now()
        reading = ReadingInput(
            device_id=lane.camera_id,
            lane_id=lane.pk,
            key=f"bench-{number}",
            source="camera",
            plate=plate,
            confidence=0.97,
            characters=(0.98,) * len(plate),
            captured_at=now,
            received_at=now,
            picture=self.picture,
        )
        self.told.clear()
        began = time.perf_counter()
        handle_reading(reading)
        if not self.told.wait(LOST_MS / 1000):
            return LOST_MS
        return (self.told_at - began) * 1000


def photograph() -> bytes:
    """A JPEG as a camera's: 1280 x 720, about as large as a real one."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(SEED)
    coarse = rng.integers(0, 255, (72, 128, 3), dtype=np.uint8)
    out = io.BytesIO()
    Image.fromarray(coarse).resize((1280, 720)).save(out, "JPEG", quality=84)
    return out.getvalue()


def _during_import(site: Site) -> dict[str, Any]:
    """The same while another process brings in lists of 5,000, one after the other if need be."""
    found: list[float] = []
    took: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        while len(found) < READINGS and len(took) < 5:
            began = time.monotonic()
            found += _one_import(site, Path(folder), len(took), READINGS - len(found))
            took.append(time.monotonic() - began)
    return {
        "readings_during_import": len(found),
        "import_s": round(sum(took) / len(took), 1),
        **_shares("decision_import_ms", found),
    }


def _one_import(site: Site, folder: Path, number: int, wanted: int) -> list[float]:
    names, first = folder / f"{number}.csv", folder / f"{number}.started"
    plates = invented(VEHICLES, seed=SEED + 1 + number)
    rows = [f"{plate},2024-01-01" for plate in plates]
    names.write_text("\n".join(["plate,from", *rows]), "utf-8")
    child = stage.spawn("-m", "bench.gate", str(site.compound.pk), str(names), str(first))
    while not first.exists() and child.poll() is None:
        time.sleep(0.01)
    found = site.measure(wanted, until=lambda: child.poll() is not None)
    if child.wait(300):
        raise RuntimeError("the import failed")
    return found


def bring_in(compound_id: int, path: Path, started: Path) -> None:
    """In the other process: check the list and apply it, as the office does."""
    from community.models import Compound
    from parking import operations as parking

    compound = Compound.objects.get(pk=compound_id)
    started.touch()
    with path.open("rb") as file:
        batch = parking.check_import(file, name=path.name, compound=compound)
    if parking.apply_import(batch.pk).applied != VEHICLES:
        raise RuntimeError(f"not applied: {batch.faults[:3]}")


def _shares(name: str, found: list[float]) -> dict[str, float]:
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    return {
        f"{name}_{key}": round(stage.percentile(found, share), 1) for key, share in shares.items()
    }


if __name__ == "__main__":
    import django

    django.setup()
    bring_in(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
