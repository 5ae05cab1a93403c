"""Single pictures as camera frames: a folder of photographs, and a phone that posts them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from community.vision.arrays import Frame as Image
from community.vision.pictures import PictureError, decode
from security.sources.base import Source, SourceFault
from security.sources.stream import _number, clip_path

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp"})
STALE_S = 5.0
POLL_S = 0.05


def picture_files(path: Path) -> list[Path]:
    """The pictures at `path` (one file, or a folder and those below it) in order of their names."""
    if path.is_file():
        return [path]
    found = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES)
    return sorted(file for file in found if file.is_file())


class FolderSource(Source):
    """`settings`: {path, seconds_per_picture, loop}. Each picture is a car of its own.

    A file that is no picture is counted in `unreadable` and passed over; the others still come.
    """

    keeps_all = True

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._path = clip_path(options.get("path", ""))
        self._seconds = _number(options.get("seconds_per_picture"), 2, 0, 3600)
        self._loop = bool(options.get("loop", False))
        self.silence_s = self._seconds + 10
        self.unreadable: list[Path] = []

    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        if not self._path.exists():
            raise SourceFault("not_found")
        scene = 0
        while True:
            before = scene
            for file in picture_files(self._path):
                if (image := self._picture(file)) is None:
                    continue
                yield image, scene, file.name
                scene += 1
                if not self._pause(self._seconds):
                    return
            if scene == before:
                raise SourceFault("not_a_picture" if self.unreadable else "no_frames")
            if not self._loop:
                return

    def _picture(self, file: Path) -> Image | None:
        try:
            return load_picture(file)
        except PictureError:
            if file not in self.unreadable:
                self.unreadable.append(file)
            return None


def load_picture(path: Path) -> Image:
    """The picture in a file, bounded in bytes and pixels. Raises PictureError."""
    try:
        if path.stat().st_size > settings.PICTURE_MAX_BYTES:
            raise PictureError("too_large")
        data = path.read_bytes()
    except OSError as error:
        raise PictureError("not_a_picture") from error
    return decode(
        data, max_bytes=settings.PICTURE_MAX_BYTES, max_pixels=settings.PICTURE_MAX_PIXELS
    )


def frame_path(device_id: int) -> Path:
    """Where the newest frame of a phone lies between the page that takes it and the worker."""
    return Path(settings.VAR_DIR) / "frames" / f"{int(device_id)}.jpg"


def replace_file(path: Path, content: bytes) -> None:
    """Put a file in place in one step: a reader sees the old one or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class BrowserSource(Source):
    """The newest frame that a phone or tablet posted; at fault while none came for STALE_S."""

    silence_s = STALE_S + 1
    retry_at_most_s = 2.0

    def __init__(self, device_id: int) -> None:
        super().__init__()
        self._path = frame_path(device_id)

    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        seen = -1
        while self._pause(POLL_S):
            try:
                state = self._path.stat()
            except FileNotFoundError as error:
                raise SourceFault("no_frames") from error
            if time.time() - state.st_mtime > STALE_S:
                raise SourceFault("no_frames")
            if state.st_mtime_ns == seen:
                continue
            seen = state.st_mtime_ns
            try:
                yield load_picture(self._path), None, ""
            except PictureError as error:
                raise SourceFault("not_a_picture") from error
