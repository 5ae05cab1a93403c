"""Everybody who may be recognised, as one matrix; a face is compared by one product of BLAS."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from community.vision.faces.contract import Vectors
from community.vision.faces.templates import Template

FAR = 2.0  # no two unit vectors are farther apart


class OtherVersion(ValueError):
    """Vectors of two engine versions: comparing them would mean nothing."""


@dataclass(frozen=True, slots=True)
class Match:
    """The nearest person: their key, the distance, how much farther the next person is.

    `tighter` is by how much this person's thresholds are smaller than everybody's: somebody else
    was once taken for them.
    """

    key: int
    distance: float
    margin: float
    tighter: float = 0.0


class Gallery:
    """Templates of one engine version, one for each person. Read-only, so any thread may ask."""

    def __init__(
        self,
        version: str,
        keys: Sequence[int],
        vectors: Vectors,
        tighter: Sequence[float] | None = None,
    ) -> None:
        """`vectors` is (n, size) at unit length. Raises ValueError for keys that repeat."""
        if len(set(keys)) != len(keys) or len(keys) != len(vectors):
            raise ValueError("each person has one template")
        self.version = version
        self.keys = np.asarray(keys, np.int64)
        self._matrix = np.ascontiguousarray(vectors, np.float32)
        self._tighter = np.asarray(tighter if tighter is not None else np.zeros(len(keys)))

    @classmethod
    def of(cls, version: str, people: Sequence[tuple[int, Template, float]]) -> Gallery:
        """A gallery of (key, template, tighter). Raises OtherVersion where one is of another."""
        for _, one, _ in people:
            if one.version != version:
                raise OtherVersion(f"{one.version} is not {version}")
        rows = [one.vector for _, one, _ in people]
        matrix = np.stack(rows) if rows else np.zeros((0, 1), np.float32)
        return cls(version, [key for key, _, _ in people], matrix, [t for _, _, t in people])

    def __len__(self) -> int:
        return len(self.keys)

    def within(self, keys: Collection[int]) -> Gallery:
        """Only these people: who may use one gate. Keys that are not here are passed over."""
        chosen = np.isin(self.keys, np.fromiter(keys, np.int64, len(keys)))
        return Gallery(
            self.version,
            [int(key) for key in self.keys[chosen]],
            self._matrix[chosen],
            [float(one) for one in self._tighter[chosen]],
        )

    def nearest(self, version: str, vector: Vectors) -> Match | None:
        """The nearest person to one unit vector; None where nobody is here.

        Raises OtherVersion where the vector comes from another engine version.
        """
        if version != self.version:
            raise OtherVersion(f"{version} is not {self.version}")
        if not len(self.keys):
            return None
        likeness = self._matrix @ np.asarray(vector, np.float32)
        best = int(likeness.argmax())
        near = _distance(float(likeness[best]))
        next_one = FAR
        if len(likeness) > 1:
            likeness[best] = -1
            next_one = _distance(float(likeness.max()))
        return Match(int(self.keys[best]), near, next_one - near, float(self._tighter[best]))

    def distances(self, vectors: Vectors) -> NDArray[np.float32]:
        """(m, n): every vector to every person, for calibration."""
        likeness = np.asarray(vectors, np.float32) @ self._matrix.T
        return np.asarray(np.sqrt(np.maximum(0, 2 - 2 * likeness)), np.float32)


def _distance(likeness: float) -> float:
    return float(np.sqrt(max(0.0, 2 - 2 * likeness)))
