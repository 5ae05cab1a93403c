"""From pictures to a template: what is kept of a face, and what is compared.

A picture's vector is the mean over its views (see FaceEngine.views), at unit length; a template is
the mean of its pictures' vectors, at unit length again. Distances are between unit vectors: 0 for
the same, 1.41 for nothing in common; of one person usually below 0.30.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from community.vision.arrays import Frame
from community.vision.faces.contract import Face, FaceEngine, Vectors

MOST_PICTURES = 12
_MARK = b"linli-face-1"
_END = b"\n"


class TemplateError(ValueError):
    """Bytes that hold no template, or pictures that make none."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One person's face in the space of one engine version.

    `pictures` is (n, size), each row one picture at unit length; they are kept so that thresholds
    can be set on a compound's own people. No picture can be made of them.
    """

    version: str
    pictures: Vectors

    @property
    def vector(self) -> Vectors:
        """(size,), unit length: what is compared."""
        return unit(self.pictures.mean(axis=0))

    def to_bytes(self) -> bytes:
        """For a sealed column; `from_bytes` reads it."""
        head = f"{self.version} {self.pictures.shape[0]} {self.pictures.shape[1]}"
        return _MARK + b" " + head.encode() + _END + self.pictures.astype("<f4").tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Template:
        """Raises TemplateError for anything that `to_bytes` did not write."""
        head, found, rest = data.partition(_END)
        parts = head.decode("utf-8", "replace").split(" ")
        if not found or len(parts) != 4 or parts[0] != _MARK.decode():
            raise TemplateError("no template")
        try:
            rows, size = int(parts[2]), int(parts[3])
        except ValueError as error:
            raise TemplateError("no template") from error
        if not 0 < rows <= MOST_PICTURES or size <= 0 or len(rest) != 4 * rows * size:
            raise TemplateError("a template that is cut off")
        return cls(parts[1], np.frombuffer(rest, "<f4").reshape(rows, size).astype(np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Each vector at length 1; noughts stay noughts."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


def describe(engine: FaceEngine, frame: Frame, faces: Sequence[Face]) -> Vectors:
    """(n, size): each face of a frame as one vector of unit length, all views in one batch."""
    views = [engine.views(frame, face) for face in faces]
    if not any(views):
        return np.zeros((0, engine.size), np.float32)
    encoded = engine.encode([view for one in views for view in one])
    return unit(encoded.reshape(len(faces), len(views[0]), engine.size).mean(axis=1))


def glimpse(engine: FaceEngine, frame: Frame, face: Face, turn: int) -> Vectors:
    """(size,): a face in one frame of several by half of its views, the other half in the next
    frame: a track's mean over two frames is that over all views, for half the time a frame."""
    views = engine.views(frame, face)
    if len(views) >= 4:
        half = len(views) // 2
        views = views[half:] if turn % 2 else views[:half]
    if not views:
        return np.zeros(engine.size, np.float32)
    return unit(engine.encode(views).mean(axis=0))


def template(version: str, pictures: Vectors) -> Template:
    """A template of some pictures' vectors. Raises TemplateError for none or too many."""
    rows = np.atleast_2d(np.asarray(pictures, np.float32))
    if not 0 < rows.shape[0] <= MOST_PICTURES or not rows.shape[1]:
        raise TemplateError(f"a template has 1 to {MOST_PICTURES} pictures")
    if not np.isfinite(rows).all() or " " in version or not version:
        raise TemplateError("a picture without a vector")
    return Template(version, unit(rows))


def distance(one: Vectors, other: Vectors) -> float:
    """Between two unit vectors."""
    return float(np.sqrt(max(0.0, 2 - 2 * float(one @ other))))
