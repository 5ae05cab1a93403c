"""Is this picture good enough to know somebody by? Judged with reasons that a person can act on.

`judge` gives codes; the sentences are rendered where the reader's language is known. How the limits
were set stands in docs/faces.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import cv2
import numpy as np
from numpy.typing import NDArray

from community.vision import pictures
from community.vision.arrays import Frame, Grey
from community.vision.faces.contract import Face, FaceEngine, Vectors
from community.vision.faces.poses import pose_of
from community.vision.faces.templates import describe, distance

MAX_BYTES, MAX_PIXELS = 12 * 1024 * 1024, 40_000_000
LEAST_FRAME, LEAST_FACE = 120, 100  # pixels
LONGEST = 1280  # a larger picture is made smaller first
SEARCHED = 640  # the detector sees a picture no longer than this, then a longer one
ANOTHER = 0.4  # of the face's size: a smaller one is somebody passing behind
SHARP = 15.0  # variance of the Laplacian on a face of 100 pixels
DARK, BRIGHT, PALE = 60.0, 205.0, 17.0  # grey levels of the face: mean, mean, spread
TURN, NOD, TILT = 0.38, (0.22, 0.80), 22.0
FLAT, SCREEN = 0.12, 0.45  # part without any grain: of the face, of a whole PNG or BMP
CLEAR = 0.25  # the detector's score; animals' and drawn faces are mostly below it
AGREE = 0.40  # two pictures of one person are hardly ever farther apart
#: In the order in which they are worth saying.
CODES = (
    *pictures.CODES, "too_small", "no_face", "several_faces", "not_a_photo", "face_small",
    "face_cut", "too_dark", "too_bright", "no_contrast", "turned", "nodded", "tilted", "blurred",
    "unclear",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """What was found: no `faults` means that the picture will do, and then it has its vector.

    `figures` are what was measured (pixels, grey levels, Pose), for the log of a trial.
    """

    faults: tuple[str, ...]
    face: Face | None = None
    vector: Vectors | None = None
    figures: tuple[tuple[str, float], ...] = ()

    @property
    def good(self) -> bool:
        return not self.faults


def judge_bytes(engine: FaceEngine, data: bytes) -> Judgement:
    """A picture as it was sent: JPEG, PNG, WebP, HEIC or BMP, turned upright by its EXIF note.

    Size in bytes and pixels is checked before anything is decoded. Never raises on the content.
    """
    try:
        frame = pictures.decode(data, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS)
    except pictures.PictureError as error:
        return Judgement((error.code,))
    drawn_up = pictures.format_of(data) in ("png", "bmp")
    return judge(engine, frame, screen=drawn_up)


def judge(engine: FaceEngine, frame: Frame, *, screen: bool = False) -> Judgement:
    """A decoded picture; `screen` says that its format is one that screenshots have."""
    if min(frame.shape[:2]) < LEAST_FRAME:
        return Judgement(("too_small",))
    frame = _bounded(frame)
    faces = _found(engine, frame)
    if not faces:
        return Judgement(("no_face",))
    face = faces[0]
    faults, figures = _faults(frame, face)
    if any(other.box[2] >= ANOTHER * face.box[2] for other in faces[1:]):
        faults.append("several_faces")
    if screen and _flat(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), 8) > SCREEN:
        faults.append("not_a_photo")
    ordered = tuple(code for code in CODES if code in faults)
    vector = None if ordered else describe(engine, frame, [face])[0]
    return Judgement(ordered, face, vector, tuple(figures.items()))


def disagreeing(vectors: Sequence[Vectors]) -> list[int]:
    """Which pictures do not show the person of most others; empty where all agree.

    Of two that disagree both are named: nobody can say which is the right one.
    """
    against = dict.fromkeys(range(len(vectors)), 0)
    for one, other in combinations(range(len(vectors)), 2):
        if distance(vectors[one], vectors[other]) > AGREE:
            against[one] += 1
            against[other] += 1
    if not any(against.values()):
        return []
    most = max(against.values())
    return [number for number, count in against.items() if count == most]


def goodness(frame: Frame, face: Face) -> float:
    """How well a face of a stream can be recognised, 0 to 1, for choosing the best crops."""
    grey = _face_pixels(frame, face)
    if grey is None:
        return 0.0
    pose = pose_of(face.landmarks)
    size = min(1.0, face.box[2] / 160)
    sharp = min(1.0, _sharpness(grey) / 60)
    frontal = max(0.0, 1 - abs(pose.turn) / 0.8)
    lit = 1.0 if DARK <= grey.mean() <= BRIGHT else 0.5
    return float(size * (0.4 + 0.6 * sharp) * frontal * lit)


def _bounded(frame: Frame) -> Frame:
    longest = max(frame.shape[:2])
    return pictures.shrink(frame, max(1, frame.shape[1] * LONGEST // max(longest, LONGEST)))


def _found(engine: FaceEngine, frame: Frame) -> list[Face]:
    longest = max(frame.shape[:2])
    first = min(1.0, SEARCHED / longest)
    return engine.find(frame, scale=first) or (
        engine.find(frame, scale=min(2.0, 2 * first)) if longest > LEAST_FACE else []
    )


def _faults(frame: Frame, face: Face) -> tuple[list[str], dict[str, float]]:
    grey = _face_pixels(frame, face)
    if grey is None:
        return ["face_cut"], {}
    pose = pose_of(face.landmarks)
    light, spread = float(grey.mean()), float(grey[15:85, 15:85].std())
    sharp, flat = _sharpness(grey), _flat(grey[15:85, 15:85], 4)
    tests = {
        "face_small": face.box[2] < LEAST_FACE,
        "face_cut": not _whole(face, frame.shape),
        "too_dark": light < DARK,
        "too_bright": light > BRIGHT,
        "no_contrast": spread < PALE,
        "turned": abs(pose.turn) > TURN,
        "nodded": not NOD[0] <= pose.nod <= NOD[1],
        "tilted": abs(pose.tilt) > TILT,
        "blurred": sharp < SHARP,
        "not_a_photo": flat > FLAT,
        "unclear": face.score < CLEAR,
    }
    figures = {
        "width": float(face.box[2]), "light": light, "spread": spread, "sharp": sharp,
        "flat": flat, "turn": pose.turn, "nod": pose.nod, "tilt": pose.tilt, "score": face.score,
    }  # fmt: skip
    return [code for code, wrong in tests.items() if wrong], figures


def _whole(face: Face, shape: tuple[int, ...]) -> bool:
    """Whether all landmarks, so the face from brow to chin, lie in the picture."""
    inside = (face.landmarks >= 0) & (face.landmarks < (shape[1], shape[0]))
    return bool(inside.all())


def _face_pixels(frame: Frame, face: Face) -> Grey | None:
    """The face in grey, 100 x 100: figures of large and small faces can be compared."""
    x, y, w, h = face.box
    part = frame[max(0, y) : max(0, y + h), max(0, x) : max(0, x + w)]
    if min(part.shape[:2]) < 8:
        return None
    grey = cv2.cvtColor(part, cv2.COLOR_BGR2GRAY) if part.ndim == 3 else part
    return np.asarray(cv2.resize(grey, (100, 100), interpolation=cv2.INTER_AREA), np.uint8)


def _sharpness(grey: Grey) -> float:
    return float(cv2.Laplacian(grey, cv2.CV_64F).var())


def _flat(grey: NDArray[np.uint8], side: int) -> float:
    """The part of small squares in which nothing varies: paper and skin have grain, drawings and
    screens have not."""
    height, width = (length // side * side for length in grey.shape)
    fields = grey[:height, :width].reshape(height // side, side, width // side, side)
    spread = fields.max(axis=(1, 3)).astype(int) - fields.min(axis=(1, 3))
    return float((spread <= 1).mean())
