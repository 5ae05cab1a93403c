"""The demo clips, read by the real engine: each car once, as cars.json says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import cv2
import pytest

from community.vision import engines
from community.vision.plates import PlateEngine, Roi
from security.demo_clips import film
from security.pipeline import Pipeline, Sighting
from security.sources import Frame

START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def engine() -> PlateEngine:
    return engines.load(threads=1)


def told(lane: str, engine: PlateEngine) -> list[Sighting]:
    plan = film.listed()[lane]
    capture = cv2.VideoCapture(str(film.FOLDER / plan["clip"]))
    pipeline, sightings, number = Pipeline(engine, Roi(*plan["roi"])), [], 0
    while (shown := capture.read())[0]:
        at = START + timedelta(seconds=number / film.FPS)
        sightings += pipeline.feed(Frame(shown[1], at, number))
        number += 1
    return sightings


@pytest.mark.slow
@pytest.mark.parametrize("lane", list(film.listed()))
def test_each_car_of_a_clip_is_told_once(lane: str, engine: PlateEngine) -> None:
    cars = film.entries(lane)
    seen = told(lane, engine)
    assert [one.plate for one in seen] == [car.plate if car.readable else None for car in cars]
    kinds = [(car.kind, one.kind) for car, one in zip(cars, seen, strict=True) if car.readable]
    assert [wanted for wanted, _ in kinds] == [kind for _, kind in kinds]


@pytest.mark.parametrize("lane", list(film.listed()))
def test_clips_are_small_enough_to_ship(lane: str) -> None:
    assert (film.FOLDER / film.listed()[lane]["clip"]).stat().st_size < 2_500_000


def test_registered_cars_leave_after_they_came() -> None:
    came = {c.plate: c.at for lane in ("南门入口", "北门入口") for c in film.entries(lane)}
    left = [c for lane in ("南门出口", "北门出口") for c in film.entries(lane) if c.registered]
    assert left
    assert all(came[car.plate] < car.at for car in left)
