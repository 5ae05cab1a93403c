"""Cameras whose films say what is in view, for the tests of workers."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

from community.models import Lane
from community.vision.arrays import Frame as Image
from community.vision.plates import PlateRead, Roi
from security.sources import Source, SourceFault
from security.worker import Worker
from tests.security.films import ARM, Car, picture, plate
from tests.security.gates import OTHER, PLATE

TEXTS = [None, PLATE, OTHER]


class StampEngine:
    """Reads the number that a film stamped into a corner of its pictures."""

    name = "stamp"

    def read(
        self, frame: Image, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        stamp = round(frame[2:6, 2:6].mean() / 20)
        text = TEXTS[stamp] if stamp < len(TEXTS) else None
        return [plate(Car(text, y=ARM, confidence=0.97))] if text else []

    def read_crop(self, crop: Image) -> PlateRead | None:
        return None


def stamped(text: str | None) -> Image:
    image = picture([Car(text, y=ARM)] if text else [])
    image[:8, :8] = 20 * TEXTS.index(text)
    return image


class Filmed(Source):
    """Shows (plate or None, seconds) one after the other, ten frames a second."""

    def __init__(self, *scenes: tuple[str | None, float], fault: str = "") -> None:
        super().__init__()
        self.scenes, self.ends_in = scenes, fault

    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        for text, seconds in self.scenes:
            image = stamped(text)
            for _ in range(round(seconds * 10)):
                if not self._pause(0.1):
                    return
                yield image, None, ""
        if self.ends_in:
            raise SourceFault(self.ends_in)


def watch(lane: Lane, *scenes: tuple[str | None, float], **options: object) -> Worker:
    """Play the scenes to the end."""
    engine = options.pop("engine", StampEngine())
    worker = Worker([lane.camera_id], engine=engine, opener=lambda _: Filmed(*scenes), **options)
    worker.run(until_ended=True)
    return worker


class Running:
    """A worker in a thread, for what changes while it watches."""

    def __init__(self, worker: Worker) -> None:
        self.worker = worker
        self.thread = threading.Thread(target=worker.run)

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.worker.stop()
        self.thread.join(20)


def eventually(true, seconds: float = 10) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it never came true"
        time.sleep(0.05)
