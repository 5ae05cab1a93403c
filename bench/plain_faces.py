"""The peer of the face benchmark: the package `face_recognition` called as its own pages say."""

from __future__ import annotations

import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from community.vision.arrays import Frame

TOLERANCE = 0.6


def measure(
    known: list[list[Path]], strangers: list[list[Path]], enrolled: int, clips: list[list[Frame]]
) -> dict[str, Any]:
    """``peer_*`` figures; milliseconds of a 1080p frame with one face, one frame of each clip."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import face_recognition as package

    owners: list[int] = []
    vectors: list[Any] = []
    for key, paths in enumerate(known):
        for path in paths[:enrolled]:
            if (found := _encoded(package, path)) is not None:
                owners.append(key)
                vectors.append(found)
    right = tried = 0
    for key, paths in enumerate(known):
        for path in paths[enrolled:]:
            tried += 1
            right += _accepted(package, vectors, owners, _encoded(package, path)) == key
    tries = [_encoded(package, path) for paths in strangers for path in paths]
    let_in = sum(_accepted(package, vectors, owners, one) is not None for one in tries)
    wall, spent = _frames(package, vectors, [frames[-2] for frames in clips])
    return {
        "peer_tar": round(right / max(1, tried), 4),
        "peer_stranger_open": let_in,
        "peer_frame_ms": wall,
        "peer_frame_cpu_ms": spent,
    }


def _encoded(package: Any, path: Path) -> Any:
    picture = package.load_image_file(str(path))
    found = package.face_encodings(picture, package.face_locations(picture)[:1])
    return found[0] if found else None


def _accepted(package: Any, vectors: list[Any], owners: list[int], one: Any) -> int | None:
    if one is None or not any(package.compare_faces(vectors, one, TOLERANCE)):
        return None
    return owners[int(np.argmin(package.face_distance(vectors, one)))]


def _frames(package: Any, vectors: list[Any], frames: list[Frame]) -> tuple[float, float]:
    walls, processor = [], []
    for frame in frames:
        picture = np.ascontiguousarray(frame[..., ::-1])
        wall, spent = time.perf_counter(), time.process_time()
        for one in package.face_encodings(picture, package.face_locations(picture)):
            package.compare_faces(vectors, one, TOLERANCE)
        walls.append((time.perf_counter() - wall) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return round(float(np.median(walls)), 1), round(float(np.median(processor)), 1)
