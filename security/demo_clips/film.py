"""What happens in a demo clip: cars drive up, stop at the arm, leave or turn back.

Which cars, where and when stands in cars.json, from which the demo compound registers them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from community.vision.plates import PlateKind
from community.vision.render.glyphs import installed
from security.demo_clips.cars import FAR, STOPPED, Car, Pose
from security.demo_clips.street import SIZE, arm, lens, street

FOLDER = Path(__file__).resolve().parent
FPS, SECONDS = 5, 84.0
COMES_S, STANDS_S, LEAVES_S = 3.2, 2.6, 2.0
REFUSED_S, BACKS_S = 6.0, 3.0
ARM_WAITS_S, ARM_TURNS_S = 0.5, 0.8


@dataclass(frozen=True)
class Entry:
    """One line of cars.json."""

    plate: str
    kind: PlateKind
    at: float
    registered: bool
    body: str
    readable: bool = True
    van: bool = False


@lru_cache(maxsize=1)
def listed() -> dict[str, dict[str, Any]]:
    """cars.json: by lane its clip, its region of interest, and its cars in order."""
    lanes: dict[str, dict[str, Any]] = json.loads((FOLDER / "cars.json").read_text())
    return lanes


def entries(lane: str) -> list[Entry]:
    """The cars of one lane's clip."""
    cars = listed()[lane]["cars"]
    return [Entry(**{**car, "kind": PlateKind(car["kind"])}) for car in cars]


def pose(entry: Entry, second: float) -> Pose | None:
    """Where the car is at this second of the clip, None where it is not in view."""
    since = second - entry.at
    stands = STANDS_S if entry.registered else REFUSED_S
    if since < 0:
        return None
    if since < COMES_S:
        left = (1 - since / COMES_S) ** 2
        return Pose(STOPPED - (STOPPED - FAR) * left)
    if since < COMES_S + stands:
        return Pose(STOPPED)
    going = max(0.0, since - COMES_S - stands)
    if entry.registered:
        share = going / LEAVES_S
        return Pose(STOPPED + 2.2 * share**2, -620 * share**2) if share < 1 else None
    share = going / BACKS_S
    return Pose(STOPPED - (STOPPED - FAR) * share**1.5) if share < 1 else None


def raised(cars: list[Entry], second: float) -> float:
    """How far the arm is up: it rises for a registered car and falls behind it."""
    best = 0.0
    for car in (one for one in cars if one.registered):
        up = (second - car.at - COMES_S - ARM_WAITS_S) / ARM_TURNS_S
        down = (car.at + COMES_S + STANDS_S + LEAVES_S + 1.2 - second) / ARM_TURNS_S
        best = max(best, min(1.0, up, down))
    return round(best, 2)


class Clip:
    """The frames of one lane's clip."""

    def __init__(self, lane: str) -> None:
        plan = listed()[lane]
        self._name, self._seed = lane, plan["seed"]
        self._night, self._right = plan.get("night", False), plan.get("booth_right", True)
        self._cars = entries(lane)
        self._street = street(self._seed, night=self._night, booth_right=self._right)
        grain = np.random.default_rng(self._seed)
        self._grain = grain.normal(0, 2.5 if self._night else 1.5, (SIZE[1], SIZE[0], 1))
        self._drawn = {
            car.at: Car(
                car.plate,
                car.kind,
                car.body,
                self._seed + number,
                night=self._night,
                van=car.van,
                muddy=not car.readable,
            )
            for number, car in enumerate(self._cars)
        }

    def frames(self) -> Iterator[np.ndarray]:
        """Frames in BGR, FPS of them for each second."""
        shown, picture = None, np.empty(0)
        for number in range(round(SECONDS * FPS)):
            second = number / FPS
            state = [pose(car, second) for car in self._cars], raised(self._cars, second)
            if state != shown:
                shown, picture = state, self.frame(second)
            yield picture[..., ::-1]

    def frame(self, second: float) -> np.ndarray:
        """The picture (RGB) at this second."""
        picture = self._street.copy()
        for car in self._cars:
            if (where := pose(car, second)) is not None:
                self._drawn[car.at].paint(picture, where)
        barrier = arm(raised(self._cars, second), right=self._right)
        picture.paste(barrier, (0, 0), barrier)
        self._caption(picture)
        # A lens is never as sharp as a drawing, and a soft picture packs into half the space.
        picture = picture.filter(ImageFilter.GaussianBlur(0.6))
        return lens(np.asarray(picture, np.float32), self._grain, night=self._night)

    def _caption(self, picture: Image.Image) -> None:
        path, index = installed(han=True)[0]
        font = ImageFont.truetype(str(path), 20, index=index)
        draw = ImageDraw.Draw(picture)
        style: dict[str, Any] = {"stroke_width": 2, "stroke_fill": (0, 0, 0), "font": font}
        draw.text((18, 12), f"{self._name} 演示", fill=(250, 250, 250), **style)
