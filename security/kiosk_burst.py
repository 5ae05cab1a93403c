"""A few pictures of a tablet in one message: who stands there, and was the task done?

A message is pictures one after the other, each behind eight bytes: its length, and when it was
taken in milliseconds, both unsigned and big-endian. Nothing of it is kept.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from enum import StrEnum

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.faces.challenge import Answer, Look, Task, answer
from community.vision.faces.contract import Face, FaceEngine
from community.vision.faces.gallery import Gallery
from community.vision.faces.quality import goodness
from community.vision.faces.sameness import same_person
from community.vision.faces.templates import describe
from community.vision.faces.tiers import Thresholds
from community.vision.faces.tracks import BEST, FaceTrack, Recognition, Sight, overlap
from community.vision.faces.watch import DETECTED, SAME
from community.vision.plates import Roi

#: A larger message would be laid on a disk by the server before anybody looks at it.
MESSAGE_BYTES = 2_400_000
FRAME_BYTES, FRAME_PIXELS = 600_000, 1920 * 1080
MOST_FRAMES = 30
#: Pixels of the smallest face that counts: who stands before the tablet, not who walks behind.
LEAST_FACE = 110
#: A second face of this part of the largest stands before the tablet as well.
AS_NEAR = 0.6
#: Of a face's size, searched on each side of where it was.
AROUND = 0.7
_HEAD = struct.Struct(">II")


class BadMessage(ValueError):
    """Not pictures as described above, or more or larger ones than are looked at."""


class Sees(StrEnum):
    NOBODY = "nobody"
    SEVERAL = "several"
    SOMEBODY = "somebody"


@dataclass
class Burst:
    """What a message shows: one person, or why not. ``best`` is the clearest frame and its face."""

    sees: Sees = Sees.NOBODY
    track: FaceTrack = field(default_factory=FaceTrack)
    looks: list[Look] = field(default_factory=list)
    best: tuple[Frame, Face] | None = None

    def recognise(self, gallery: Gallery, thresholds: Thresholds) -> Recognition:
        return self.track.recognise(gallery, gallery.version, thresholds)

    def did(
        self, task: Task, engine: FaceEngine, key: int, held: tuple[Gallery, Thresholds]
    ) -> bool:
        """Whether the task was done, and by the person whom the face was taken for."""
        done = answer(task, self.looks) is Answer.DONE
        return done and same_person(engine, (task, self.looks), key, held)


def frames_of(body: bytes) -> list[tuple[float, Frame]]:
    """(seconds, frame) of a message, every bound checked before a picture is decoded.

    Raises BadMessage.
    """
    parts: list[tuple[float, bytes]] = []
    place = 0
    while place < len(body):
        if len(parts) >= MOST_FRAMES or place + _HEAD.size > len(body):
            raise BadMessage("too many pictures, or cut off")
        length, at = _HEAD.unpack_from(body, place)
        place += _HEAD.size
        data = body[place : place + length]
        if not 0 < length <= FRAME_BYTES or len(data) < length:
            raise BadMessage("a picture too large, or cut off")
        if pictures.format_of(data) != "jpeg" or (parts and at / 1000 < parts[-1][0]):
            raise BadMessage("no JPEG, or out of order")
        parts.append((at / 1000, data))
        place += length
    try:
        bounds = {"max_bytes": FRAME_BYTES, "max_pixels": FRAME_PIXELS}
        return [(at, pictures.decode(data, **bounds)) for at, data in parts]
    except pictures.PictureError as error:
        raise BadMessage(error.code) from error


def somebody_near(engine: FaceEngine, frame: Frame) -> bool:
    """Whether a face is near enough to be looked at."""
    return bool(_near(engine, frame))


def look_at(engine: FaceEngine, frames: list[tuple[float, Frame]]) -> Burst:
    """Follow the one face through the frames and encode the best of its crops."""
    burst = Burst()
    kept: list[tuple[float, float, Frame, Face]] = []
    last: Face | None = None
    for at, frame in frames:
        found = _near(engine, frame, last)
        if len(found) > 1:
            return Burst(Sees.SEVERAL)
        if not found:
            continue
        if last is not None and overlap(found[0].box, last.box) <= SAME:
            kept, burst.looks = [], []  # somebody else may stand there now
        last = found[0]
        chips = engine.chips(frame, [last])
        burst.looks.append(Look(at, last.landmarks, chips[0] if chips else None))
        kept.append((goodness(frame, last), at, frame, last))
    if not kept:
        return burst
    kept.sort(key=lambda one: -one[0])
    for worth, at, frame, face in kept[:BEST]:
        burst.track.add(Sight(at, face, worth, describe(engine, frame, [face])[0]))
    burst.sees, burst.best = Sees.SOMEBODY, (kept[0][2], kept[0][3])
    return burst


def _near(engine: FaceEngine, frame: Frame, last: Face | None = None) -> list[Face]:
    """Who stands before the tablet; around the last place first."""
    if last is not None:
        found = engine.find(frame, _around(last, frame), scale=min(1.0, DETECTED / LEAST_FACE))
        same = [one for one in found if overlap(one.box, last.box) > SAME]
        if same:
            return [max(same, key=lambda one: overlap(one.box, last.box))]
    found = engine.find(frame, scale=min(1.0, DETECTED / LEAST_FACE))
    large = [one for one in found if one.box[2] >= LEAST_FACE * 0.9]
    return [one for one in large if one.box[2] >= AS_NEAR * large[0].box[2]]


def _around(face: Face, frame: Frame) -> Roi:
    height, width = frame.shape[:2]
    x, y, w, h = face.box
    left, top = max(0.0, (x - AROUND * w) / width), max(0.0, (y - AROUND * h) / height)
    right = min(1.0, (x + (1 + AROUND) * w) / width)
    bottom = min(1.0, (y + (1 + AROUND) * h) / height)
    return Roi(left, top, max(0.01, right - left), max(0.01, bottom - top))
