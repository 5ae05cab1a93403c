"""Pictures, folders and videos read one after another, each file's failure its own line."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from community.vision import pictures
from community.vision.arrays import Frame
from community.vision.plates import PlateEngine, PlateRead

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".heic", ".heif"})
VIDEOS = frozenset({".mp4", ".avi", ".mov", ".mkv", ".ts", ".flv", ".webm", ".m4v"})
EVERY_S = 0.5  # of a video, one frame in this time is read
WIDEST = 1280
ERRORS = {"missing": "there is no such file", "unreadable": "the file cannot be read"}
MESSAGES = {**ERRORS, "not_a_video": "the video cannot be opened", **pictures.MESSAGES}


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read."""

    path: Path

    @property
    def is_video(self) -> bool:
        """By its name's ending; everything else is tried as a picture."""
        return self.path.suffix.lower() in VIDEOS


def sources(paths: Iterable[Path]) -> list[Source]:
    """The files to read, in order: named files as they are, folders searched to the bottom."""
    found: list[Source] = []
    for path in paths:
        if path.is_dir():
            inside = (p for p in sorted(path.rglob("*")) if p.suffix.lower() in PICTURES | VIDEOS)
            found += [Source(p) for p in inside if p.is_file()]
        else:
            found.append(Source(path))
    return found


def read_source(engine: PlateEngine, source: Source) -> Iterator[dict[str, Any]]:
    """One record per picture: `file`, `plates`, `ms`; of a video one per sampled frame, with
    `frame` and `at_s`. What cannot be read gives one record with `error` and `message`."""
    try:
        if source.is_video:
            yield from _video(engine, source.path)
        else:
            yield _picture(engine, source.path)
    except pictures.PictureError as error:
        yield _failed(source.path, error.code)
    except FileNotFoundError:
        yield _failed(source.path, "missing")
    except OSError:
        yield _failed(source.path, "unreadable")


def _failed(path: Path, code: str) -> dict[str, Any]:
    return {"file": str(path), "error": code, "message": MESSAGES[code]}


def _bytes_of(path: Path) -> bytes:
    if not path.exists():
        raise FileNotFoundError(path)
    if path.stat().st_size > pictures.MAX_BYTES:
        raise pictures.PictureError("too_large")
    return path.read_bytes()


def _picture(engine: PlateEngine, path: Path) -> dict[str, Any]:
    frame = pictures.decode(_bytes_of(path))
    return {"file": str(path), **_read(engine, frame)}


def _read(engine: PlateEngine, frame: Frame) -> dict[str, Any]:
    started = time.perf_counter()
    small = pictures.shrink(frame, WIDEST)
    back = frame.shape[1] / small.shape[1]
    plates = [_plate(read, back) for read in engine.read(small)]
    return {"plates": plates, "ms": round((time.perf_counter() - started) * 1000, 1)}


def _plate(read: PlateRead, back: float) -> dict[str, Any]:
    return {
        "text": read.text,
        "kind": read.kind.value,
        "colour": read.colour,
        "confidence": read.confidence,
        "box": [round(side * back) for side in read.box],
    }


def _video(engine: PlateEngine, path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        raise FileNotFoundError(path)
    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened():
            yield _failed(path, "not_a_video")
            return
        rate = capture.get(cv2.CAP_PROP_FPS) or 25.0
        step = max(1, round(rate * EVERY_S))
        number = 0
        while capture.grab():
            if number % step == 0:
                taken, frame = capture.retrieve()
                if not taken:
                    break
                place = {"frame": number, "at_s": round(number / rate, 3)}
                yield {"file": str(path), **place, **_read(engine, frame)}
            number += 1
        if number == 0:
            yield _failed(path, "not_a_video")
    finally:
        capture.release()
