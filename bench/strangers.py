"""Cars that are not registered, against 5,000 that are: none may open.

``wrong_open`` counts all of these:

- every picture in DATA, read by the real engine; of the 5,000, one per picture is its look-alike
- 1,000 look-alikes of registered plates, one character away, typed at full confidence
- a part of those rendered and read: one misread as the registered plate would open

``right_open`` is the other side: the share of the same pictures that open where they are
registered. A gate that opens for nobody would be safe too.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import stage

TYPED = 1_000
RENDERED = 200
SEED = 7_117


@dataclass(frozen=True)
class Seen:
    """What the engine read in one picture, and what is there."""

    truth: str
    whole: bool
    read: Any


def measure(plates: list[str], data: Path | None) -> dict[str, Any]:
    """``plates`` are registered; ``data`` has crops/ and frames/ with labels.csv, or is None."""
    from community.devices import operations as devices

    rng = random.Random(SEED)
    twins = dict(zip(plates[:TYPED], look_alikes(plates[:TYPED], set(plates), rng), strict=True))
    typed = Gate(plates).opened(_typed(twins.values()))
    rendered, misread = _rendered(list(twins.items())[:RENDERED], plates)
    figures = {
        "wrong_open_typed": typed,
        "wrong_open_rendered": rendered,
        "rendered": RENDERED,
        "rendered_misread": misread,
    }
    if data is not None:
        figures |= _pictures(data, plates, rng)
    devices.drain()
    figures["wrong_open"] = sum(v for k, v in figures.items() if k.startswith("wrong_open_"))
    return figures


class Gate:
    """A compound of its own with these cars registered; counts for whom it opens."""

    def __init__(self, plates: Iterable[str]) -> None:
        from bench.gate import lanes, register
        from community.models import Compound

        self.compound = Compound.objects.create(code=stage.new_name("strangers"), name="bench")
        register(self.compound, list(plates))
        self.lane = lanes(self.compound, 1, "simulated")[0]
        self.number = 0

    def opened(self, readings: Iterable[dict[str, Any]]) -> int:
        return sum(self.lets_in(reading) for reading in readings)

    def is_misread_surely(self, seen: Seen) -> bool:
        """Whether a wrong text is believed: it would open, were that text registered."""
        from security import decisions

        if seen.read is None or seen.read.text == seen.truth:
            return False
        return decisions.is_sure(self.reading(_handed_over(seen.read)), self.lane)

    def reading(self, seen: dict[str, Any]) -> Any:
        from django.utils import timezone

        from security.readings import ReadingInput

        self.number += 1
        return ReadingInput(
            device_id=self.lane.camera_id,
            lane_id=self.lane.pk,
            key=f"car-{self.number}",
            source="camera",
            received_at=timezone.now(),
            **seen,
        )

    def lets_in(self, seen: dict[str, Any]) -> bool:
        """Whether the barrier is ordered to open for this one car; then the lane is empty again."""
        from community.models import Command
        from security.models import Passage
        from security.operations import handle_reading

        passage = handle_reading(self.reading(seen))
        Passage.objects.filter(pk=passage.pk).update(state=Passage.State.GONE)
        return Command.objects.filter(passage=passage).exists()


def look_alikes(plates: list[str], taken: set[str], rng: random.Random) -> Iterator[str]:
    """For each plate another valid one, a single character away, of those mistaken for it first."""
    from community.vision import grammar

    for plate in plates:
        places = list(range(1, len(plate)))
        rng.shuffle(places)
        near = sorted(
            (grammar.swap_cost(plate[place], other), rng.random(), place, other)
            for place in places
            for other in grammar.SERIAL
            if other != plate[place]
        )
        for _cost, _random, place, other in near:
            twin = plate[:place] + other + plate[place + 1 :]
            if twin not in taken and grammar.is_plate(twin):
                taken.add(twin)
                yield twin
                break


def _typed(plates: Iterable[str]) -> Iterator[dict[str, Any]]:
    for plate in plates:
        yield {"plate": plate, "confidence": 1.0, "characters": (1.0,) * len(plate)}


def _handed_over(read: Any) -> dict[str, Any]:
    """A reading as the camera worker hands it over; without a read, a failed one."""
    if read is None:
        return {"plate": None}
    return {
        "plate": read.text,
        "plate_raw": read.raw,
        "kind": read.kind.value,
        "colour": read.colour,
        "confidence": read.confidence,
        "characters": read.characters,
    }


def _rendered(pairs: list[tuple[str, str]], plates: list[str]) -> tuple[int, int]:
    """(opened, misread) of look-alikes drawn as a worn plate on a car in a lane."""
    import numpy as np

    from community.vision import engines, grammar
    from community.vision.render.plates import plate_picture

    engine, gate = engines.load(), Gate(plates)
    rng = np.random.default_rng(SEED)
    opened = misread = 0
    for number, (_plate, twin) in enumerate(pairs):
        tilt = float(rng.uniform(-6, 6))
        width = int(rng.integers(110, 260))
        picture = plate_picture(
            twin, grammar.kind_of(twin), rng, width=width, wear=(number % 10) / 10, tilt=tilt
        )
        read = engine.read_crop(picture)
        misread += read is not None and read.text != twin
        opened += gate.lets_in(_handed_over(read))
    return opened, misread


def _pictures(data: Path, plates: list[str], rng: random.Random) -> dict[str, Any]:
    seen = list(_all_seen(data))
    truths = {one.truth for one in seen}
    twins = set(look_alikes(sorted(truths), set(truths), rng))
    strangers = [plate for plate in plates if plate not in truths]
    hard = Gate([*sorted(twins), *strangers][: len(plates)])
    home = Gate(truths)
    frames = [one for one in seen if one.whole]
    right = sum(home.lets_in(_handed_over(one.read)) for one in frames)
    return {
        "pictures": len(seen),
        "pictures_misread": sum(
            one.read is not None and one.read.text != one.truth for one in seen
        ),
        "pictures_misread_surely": sum(hard.is_misread_surely(one) for one in seen),
        "wrong_open_pictures": sum(hard.lets_in(_handed_over(one.read)) for one in seen),
        "right_open": round(right / len(frames), 4) if frames else None,
    }


def _all_seen(data: Path) -> Iterator[Seen]:
    """Every labelled picture below DATA, read once."""
    import cv2

    from community.vision import engines, grammar

    engine = engines.load()
    for folder in ("frames", "crops"):
        labels = data / folder / "labels.csv"
        if not labels.exists():
            continue
        for row in csv.DictReader(labels.open(encoding="utf-8-sig")):
            image = cv2.imread(str(data / folder / row["file"]))
            if folder == "crops":
                read = engine.read_crop(image)
            else:
                reads = engine.read(image)
                read = reads[0] if reads else None
            yield Seen(grammar.normalise(row["text"]), folder == "frames", read)
