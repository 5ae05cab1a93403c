"""Real pictures of people, as a camera would show them; only where the pictures are at hand."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.faces.contract import FaceEngine
from community.vision.faces.quality import Judgement, judge
from residents.models import Person, WayIn
from residents.operations.faces.enrolment import enrol_face
from tests.residents.faces import consent

#: People of whom there are six good pictures each.
PEOPLE = "007", "011", "013"
WIDE, HIGH, SIDE = 1280, 720, 460


def portraits(data: Path, number: int = 0) -> list[Frame]:
    """The pictures of one person, each as large as somebody before a door's camera."""
    paths = sorted((data / "faces/known" / PEOPLE[number]).glob("*.jpg"))
    found = [pictures.decode(path.read_bytes()) for path in paths]
    return [cv2.resize(one, (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for one in found]


def judged(engine: FaceEngine, frames: list[Frame]) -> list[Judgement]:
    return [judge(engine, frame) for frame in frames]


def enrolled_by(engine: FaceEngine, who: Person, frames: list[Frame]) -> WayIn:
    """With consent; the other way in is the test's to give."""
    consent(who)
    return enrol_face(who, engine.version, judged(engine, frames))


def scene(*people: tuple[Frame, int]) -> Frame:
    """A place with some people in it, each (portrait, pixels from the left)."""
    frame = np.full((HIGH, WIDE, 3), 105, np.uint8)
    frame[::40] = 120
    for portrait, left in people:
        frame[140 : 140 + SIDE, left : left + SIDE] = portrait
    return frame
