"""Moving pictures: cameras over RTSP, and video files played as if they were cameras."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
from django.conf import settings

from community.vision.arrays import Frame as Image
from security.sources.addresses import DEMO_CLIPS, stream_address
from security.sources.base import Source, SourceFault

# TCP: a lost UDP packet smears the plate. The library's own messages would name the address.
os.environ.setdefault("OPENCV_FFMPEG_CAPTURE_OPTIONS", "rtsp_transport;tcp")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
OPEN_MS, READ_MS = 8_000, 5_000


def clip_path(path: object) -> Path:
    """Where a video or folder lies: `demo/…` with the program, else absolute or below VAR_DIR."""
    given = Path(str(path))
    if given.parts[:1] == ("demo",) and ".." not in given.parts:
        return DEMO_CLIPS.joinpath(*given.parts[1:])
    return given if given.is_absolute() else Path(settings.VAR_DIR) / given


def _number(value: object, default: float, low: float, high: float) -> float:
    """A setting as a number inside its bounds; what is no number counts as not given."""
    try:
        return min(high, max(low, float(value)))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return default


def _open(address: str) -> cv2.VideoCapture:
    """Open with time-outs, on one thread: several cameras share few processors."""
    return cv2.VideoCapture(
        address,
        cv2.CAP_FFMPEG,
        [
            *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_MS),
            *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, READ_MS),
            *(cv2.CAP_PROP_N_THREADS, 1),
        ],
    )


def _check_size(capture: cv2.VideoCapture) -> None:
    width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
    if width * height > settings.PICTURE_MAX_PIXELS:
        raise SourceFault("not_a_picture")


class RtspSource(Source):
    """`settings`: {url, fps}; `credentials`: {username, password}."""

    def __init__(self, options: dict[str, Any], credentials: dict[str, Any]) -> None:
        super().__init__()
        self._options, self._credentials = options, credentials
        self._interval = 1 / _number(options.get("fps"), 8, 0.2, 25)
        self.silence_s = (OPEN_MS + READ_MS) / 1000 + 2

    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        capture = _open(stream_address(self._options.get("url"), self._credentials))
        try:
            if not capture.isOpened():
                raise SourceFault("unreachable")
            _check_size(capture)
            yield from self._frames(capture)
        finally:
            capture.release()

    def _frames(self, capture: cv2.VideoCapture) -> Iterator[tuple[Image, int | None, str]]:
        due = 0.0
        while capture.grab():  # every frame is taken off the wire, few are turned into pictures
            now = time.monotonic()
            if now < due:
                continue
            good, image = capture.retrieve()
            if good:
                due = now + self._interval * 0.9
                yield image, None, ""
        raise SourceFault("no_frames")


class VideoSource(Source):
    """`settings`: {path, fps, loop}. Keeps to the clock: what nobody had time for is skipped."""

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._path = clip_path(options.get("path", ""))
        self._fps, self._loop = options.get("fps"), bool(options.get("loop", True))

    def _read(self) -> Iterator[tuple[Image, int | None, str]]:
        if not self._path.is_file():
            raise SourceFault("not_found")
        started, shown = time.monotonic(), 0
        while True:
            before = shown
            for image in self._once():
                if not self._pause(started + shown / self._rate - time.monotonic()):
                    return
                shown += 1
                yield image, None, self._path.name
            if shown == before:
                raise SourceFault("not_a_picture")
            if not self._loop:
                return

    def _once(self) -> Iterator[Image]:
        capture = _open(str(self._path))
        try:
            if not capture.isOpened():
                raise SourceFault("not_a_picture")
            _check_size(capture)
            own = _number(capture.get(cv2.CAP_PROP_FPS), 5, 1, 60)
            self._rate = _number(self._fps, own, 0.2, 60)
            while not self._stop.is_set():
                good, image = capture.read()
                if not good:
                    return
                yield image
        finally:
            capture.release()
