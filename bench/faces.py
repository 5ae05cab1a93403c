"""Faces at the gate: who is let in, who is not, how long it takes, and the plain package beside it.

DATA has ``known/NNN/*.jpg``, a folder for each person, and ``strangers/NNN/*.jpg``. Of each known
person the first three pictures (by name) are enrolled and the rest tried; every stranger is tried.

- Thresholds are never chosen on those whom they are reported on: people and strangers fall into two
  halves (every other one); thresholds come from one half, the other half is tried against
  everybody enrolled; then the halves change places and the counts are put together.
- ``tar_open``: share of the tried pictures of known people at which the gate would open for the
  right person, by one picture alone (a stream needs two frames that agree); a face that is not
  found counts as not let in. ``tar_second``: the same, or a second way in is asked for.
- ``stranger_open``: strangers (a count) for whom it would open; ``stranger_second``: the share of
  strangers who are taken for somebody at least so far that a second way is asked for.
- None of 300 strangers still allows for one in a hundred (``stranger_open_bound``: the upper end at
  95 %, one-sided); the pictures say nothing of people who look otherwise than those on them.
- ``identity_ms_*``: one face of 200 pixels walks through a 1080p picture; motion, detection, four
  views encoded, 5,000 templates compared; only frames in which a face was encoded count.
  ``identity_cpu_ms_*``, ``encode_cpu_ms`` and ``match_cpu_ms`` are the processor's time for each,
  ``peer_frame_cpu_ms`` the peer's: on a machine that is busy otherwise only these say something.
- ``peer_*``: ``face_locations``, ``face_encodings``, ``compare_faces`` at 0.6 with all enrolled
  pictures; ``peer_tar`` takes the nearest of those accepted.
"""

from __future__ import annotations

import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench import plain_faces
from bench.walkers import clip
from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.engines import load_faces
from community.vision.faces.calibration import calibrate
from community.vision.faces.contract import FaceEngine, Vectors
from community.vision.faces.gallery import Gallery
from community.vision.faces.templates import Template, describe, template, unit
from community.vision.faces.tiers import Thresholds, Tier, tier_of
from community.vision.faces.watch import FaceWatch
from community.vision.plates import Box

ENROLLED = 3
THREADS = 2
TEMPLATES = 5_000
MATCHED = 10_000, 100_000, 1_000_000
CLIPS, PEER_FRAMES, ENCODED = 12, 4, 60
LENIENT = -0.4
SEED = 68


@dataclass(frozen=True)
class Tried:
    """One tried picture: whose (None for a stranger), which half, and its vector if it has one."""

    person: int | None
    half: int
    vector: Vectors | None


def run(options: Namespace) -> dict[str, Any]:
    """See the module. Raises SystemExit where the data are not there."""
    data = options.data or Path(__file__).resolve().parents[2] / "shared/data/faces"
    known, strangers = _files(data / "known"), _files(data / "strangers")
    if not known or not strangers:
        raise SystemExit(f"bench faces: no known/ and strangers/ with pictures in {data}")
    engine = load_faces("dlib_onnx", threads=THREADS, folder=_folder())
    people = [_vectors(engine, paths, "known") for paths in known]
    others = [_vectors(engine, paths, "strangers") for paths in strangers]
    figures: dict[str, Any] = {"enrolled": len(known), "strangers": len(strangers)}
    figures |= _verdicts(engine, people, others)
    figures |= _speed(engine, [paths[0] for paths in known])
    clips = _clips([paths[0] for paths in known], PEER_FRAMES)
    peer = plain_faces.measure(known, strangers, ENROLLED, clips)
    quicker = peer["peer_frame_cpu_ms"] / figures["identity_cpu_ms_p50"]
    return (
        figures | peer | {"times_quicker": round(quicker, 1), "load": round(os.getloadavg()[0], 1)}
    )


def _folder() -> Path | None:
    var = os.environ.get("LINLI_VAR")
    return Path(var) / "models" if var else None


def _files(folder: Path) -> list[list[Path]]:
    people = sorted(path for path in folder.glob("*") if path.is_dir()) if folder.is_dir() else []
    found = [sorted(path.glob("*.jpg")) for path in people]
    return [paths for paths in found if paths]


def _vectors(engine: FaceEngine, paths: Sequence[Path], what: str) -> list[Vectors | None]:
    if sys.stderr.isatty():
        print(f"\r{what} {paths[0].parent.name}", end="", file=sys.stderr, flush=True)
    return [_vector(engine, path) for path in paths]


def _vector(engine: FaceEngine, path: Path) -> Vectors | None:
    """Of the face in the middle; pictures as small as these are searched at twice their size too,
    at last with a detector that is less strict: each of them is known to show somebody."""
    try:
        frame = pictures.decode(path.read_bytes())
    except (pictures.PictureError, OSError):
        return None
    faces = engine.find(frame) or engine.find(frame, scale=2.0)
    faces = faces or engine.find(frame, scale=2.0, least=LENIENT)
    if not faces:
        return None
    height, width = frame.shape[:2]
    middle = min(faces, key=lambda face: _off(face.box, width, height))
    return describe(engine, frame, [middle])[0]


def _off(box: Box, width: int, height: int) -> float:
    return abs(box[0] + box[2] / 2 - width / 2) + abs(box[1] + box[3] / 2 - height / 2)


def _verdicts(
    engine: FaceEngine, people: list[list[Vectors | None]], others: list[list[Vectors | None]]
) -> dict[str, Any]:
    version, templates, tried = engine.version, {}, []
    for key, vectors in enumerate(people):
        enrolled = [one for one in vectors[:ENROLLED] if one is not None]
        if enrolled:
            templates[key] = template(version, np.stack(enrolled))
        tried += [Tried(key, key % 2, one) for one in vectors[ENROLLED:]]
    for number, vectors in enumerate(others):
        tried += [Tried(None, number % 2, one) for one in vectors]
    gallery = Gallery.of(version, [(key, one, 0.0) for key, one in templates.items()])
    limits = [_thresholds(half, templates, tried) for half in (0, 1)]
    # What is tried of one half is judged by the thresholds of the other.
    judged = [(one, *_judged(one, gallery, limits[1 - one.half])) for one in tried]
    return _counts(judged) | {
        "thresholds": [f"open {one.open:.4f}, second {one.second:.4f}" for one in limits]
    }


def _thresholds(half: int, templates: dict[int, Template], tried: list[Tried]) -> Thresholds:
    own = [one for key, one in templates.items() if key % 2 == half]
    faces = [t.vector for t in tried if t.person is None and t.half == half]
    strangers = np.stack([one for one in faces if one is not None])
    return calibrate(own, strangers=strangers, gallery=len(templates)).thresholds


def _judged(one: Tried, gallery: Gallery, limits: Thresholds) -> tuple[Tier, int | None]:
    if one.vector is None:
        return Tier.UNKNOWN, None
    match = gallery.nearest(gallery.version, one.vector)
    return tier_of(match, limits), match.key if match else None


def _counts(judged: list[tuple[Tried, Tier, int | None]]) -> dict[str, Any]:
    ours = [(tier, key == one.person) for one, tier, key in judged if one.person is not None]
    theirs = [tier for one, tier, _ in judged if one.person is None]
    opened = sum(tier is Tier.OPEN for tier in theirs)
    asked = sum(tier is not Tier.UNKNOWN for tier in theirs)
    right = [tier for tier, same in ours if same]
    return {
        "tried": len(ours),
        "not_found": sum(one.vector is None for one, _, _ in judged),
        "tar_open": round(sum(tier is Tier.OPEN for tier in right) / len(ours), 4),
        "stranger_open": opened,
        "stranger_open_bound": _bound(opened, len(theirs)),
        "tar_second": round(sum(tier is not Tier.UNKNOWN for tier in right) / len(ours), 4),
        "stranger_second": round(asked / len(theirs), 4),
        "wrong_person_open": sum(tier is Tier.OPEN and not same for tier, same in ours),
    }


def _bound(count: int, of: int) -> float:
    """The share below which the truth lies at 95 % (Wilson's one-sided bound; 3/n for none)."""
    if count == 0:
        return round(3 / of, 4)
    z, share = 1.645, count / of
    spread = z * (share * (1 - share) / of + z * z / (4 * of * of)) ** 0.5
    return round((share + z * z / (2 * of) + spread) / (1 + z * z / of), 4)


def _clips(paths: list[Path], count: int) -> list[list[Frame]]:
    """Clips of different people, each some frames of an empty place and then somebody walking."""
    rng = np.random.default_rng(SEED)
    chosen = paths[:: max(1, len(paths) // count)][:count]
    return [clip(pictures.decode(path.read_bytes()), rng) for path in chosen]


def _speed(engine: FaceEngine, paths: list[Path]) -> dict[str, Any]:
    gallery = _invented(engine, TEMPLATES)
    limits = Thresholds(0.3, 0.33)
    walls: list[float] = []
    processor: list[float] = []
    clips = _clips(paths, CLIPS + 1)
    for number, frames in enumerate(clips):
        times = _watched(engine, frames, gallery, limits)
        if number:  # the first clip warms up
            walls += [wall for wall, _ in times]
            processor += [spent for _, spent in times]
    encoding = _encoding(engine)
    matching = {str(count): _matching(count, engine) for count in MATCHED}
    return {
        "encode_ms": encoding[0],
        "encode_cpu_ms": encoding[1],
        "identity_ms_p50": _share(walls, 50),
        "identity_ms_p95": _share(walls, 95),
        "identity_frames": len(walls),
        "identity_cpu_ms_p50": _share(processor, 50),
        "identity_cpu_ms_p95": _share(processor, 95),
        "match_ms": {count: both[0] for count, both in matching.items()},
        "match_cpu_ms": {count: both[1] for count, both in matching.items()},
    }


def _watched(
    engine: FaceEngine, frames: list[Frame], gallery: Gallery, limits: Thresholds
) -> list[tuple[float, float]]:
    """Milliseconds, by the clock and of the processor, of frames in which a face was encoded."""
    watch, times = FaceWatch(engine), []
    for number, frame in enumerate(frames):
        before = sum(len(one.track.sights) for one in watch.followed)
        wall, spent = time.perf_counter(), time.process_time()
        for one in watch.look(frame, number * 0.1):
            one.track.recognise(gallery, engine.version, limits)
        took = (time.perf_counter() - wall) * 1000, (time.process_time() - spent) * 1000
        if sum(len(one.track.sights) for one in watch.followed) > before:
            times.append(took)
    return times


def _timed(do: Callable[[], object], times: int) -> tuple[float, float]:
    """The median milliseconds of one call, by the clock and of the processor."""
    walls, processor = [], []
    for _ in range(times):
        wall, spent = time.perf_counter(), time.process_time()
        do()
        walls.append((time.perf_counter() - wall) * 1000)
        processor.append((time.process_time() - spent) * 1000)
    return _share(walls, 50), _share(processor, 50)


def _encoding(engine: FaceEngine) -> tuple[float, float]:
    chip = np.random.default_rng(SEED).integers(0, 256, (150, 150, 3), np.uint8)
    return _timed(lambda: engine.encode([chip]), ENCODED)


def _invented(engine: FaceEngine, count: int) -> Gallery:
    rng = np.random.default_rng(SEED)
    rows = rng.standard_normal((count, engine.size), np.float32)
    return Gallery(engine.version, range(count), unit(rows))


def _matching(count: int, engine: FaceEngine) -> tuple[float, float]:
    gallery = _invented(engine, count)
    vector = unit(np.random.default_rng(1).standard_normal(engine.size, np.float32))
    return _timed(lambda: gallery.nearest(engine.version, vector), 15)


def _share(times: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(times, percent)), 2)
