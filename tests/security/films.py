"""A lane filmed with a few rectangles, and an engine that knows what it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np

from community.vision.arrays import Frame as Image
from community.vision.plates import PlateKind, PlateRead, Roi
from security.pipeline import Pipeline, Sighting
from security.sources import Frame

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
SIZE = 360, 640
ARM = 1.0  # the place before the arm; 0 is far up the lane, 1.4 below the picture


@dataclass
class Car:
    """A car on the lane: `y` is its place; `text` what a look gives, None where unreadable."""

    text: str | None
    y: float = 0.0
    confidence: float = 0.95
    shade: int = 40
    plate: bool = True

    @property
    def box(self) -> tuple[int, int, int, int]:
        scale = 0.35 + 0.4 * self.y
        width = int(160 * scale)
        return 320 - width // 2, int(80 + 190 * self.y), width, int(width / 3.1)


@dataclass
class FilmEngine:
    """Reads what the film says is in view."""

    name: str = "film"
    sees: list[Car] = field(default_factory=list)
    looks: int = 0

    def read(
        self, frame: Image, roi: Roi | None = None, *, thorough: bool = True
    ) -> list[PlateRead]:
        self.looks += 1
        return [plate(car) for car in self.sees if car.text and car.y < 1.35]

    def read_crop(self, crop: Image) -> PlateRead | None:
        return None


def plate(car: Car) -> PlateRead:
    text = car.text or ""
    certainty = (car.confidence,) * len(text)
    return PlateRead(text, PlateKind.BLUE, "blue", car.confidence, car.box, certainty, text)


NOISE = np.random.default_rng(5).integers(-3, 4, (*SIZE, 1))


def picture(cars: list[Car], light: int = 0) -> Image:
    """The lane with these cars, the farthest painted first."""
    image = np.repeat(120 + light + NOISE, 3, axis=2).astype(np.uint8)
    for car in sorted(cars, key=lambda one: one.y):
        x, y, w, h = car.box
        left, right, top = x - int(1.3 * w), x + int(2.3 * w), y - int(1.6 * w)
        image[max(0, top) : y + 2 * h, max(0, left) : right] = car.shade
        if car.plate:
            image[y : y + h, x : x + w] = 200
            image[y + 2 : y + h - 2, x + 3 : x + w - 3 : max(4, w // 10)] = 20
    return image


class Film:
    """Plays a lane into a pipeline, five frames a second."""

    def __init__(self, rate: float = 5) -> None:
        self.engine, self.rate = FilmEngine(), rate
        self.pipeline = Pipeline(self.engine)
        self.told: list[Sighting] = []
        self.told_at: list[float] = []
        self.number = 0
        self.light = 0

    @property
    def clock(self) -> float:
        return self.number / self.rate

    @property
    def plates(self) -> list[str | None]:
        return [one.plate for one in self.told]

    def show(self, *cars: Car, image: Image | None = None) -> None:
        """One frame with these cars."""
        self.engine.sees = list(cars)
        at = START + timedelta(seconds=self.clock)
        shown = picture(list(cars), self.light) if image is None else image
        for sighting in self.pipeline.feed(Frame(shown, at, self.number)):
            self.told.append(sighting)
            self.told_at.append(self.clock)
        self.number += 1

    def hold(self, seconds: float, *cars: Car) -> None:
        """The same cars, unmoved, for some seconds."""
        image = picture(list(cars), self.light)
        for _ in range(round(seconds * self.rate)):
            self.show(*cars, image=image)

    def drive(self, car: Car, to: float, seconds: float, *others: Car) -> None:
        """The car moves evenly from where it is."""
        for y in self._steps(car.y, to, seconds):
            car.y = y
            self.show(car, *others)

    def _steps(self, start: float, end: float, seconds: float) -> Iterator[float]:
        count = max(1, round(seconds * self.rate))
        return (start + (end - start) * (step + 1) / count for step in range(count))

    def passage(self, car: Car, stands: float = 2) -> None:
        """A car comes, stands, and leaves below the picture; then the lane is empty."""
        self.drive(car, ARM, 2)
        self.hold(stands, car)
        self.drive(car, 2.5, 1.5)
        self.hold(2)


def opening(rate: float = 5) -> Film:
    """A film that has shown the empty lane."""
    film = Film(rate)
    film.hold(3)
    return film
