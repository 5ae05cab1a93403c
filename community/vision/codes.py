"""QR codes in a camera's frame. Pure: a picture in, its text out."""

from __future__ import annotations

from threading import local

import cv2

from community.vision.arrays import Frame, Grey

#: Frames longer than this are looked at smaller first: a code that is held up is large in them.
LARGE = 800
LEAST = 24
MOST_TEXT = 400
_own = local()


def read_code(frame: Frame) -> str | None:
    """The text of the QR code in a frame, None without one. Never raises on a frame's content."""
    if min(frame.shape[:2]) < LEAST:
        return None
    grey: Grey = frame if frame.ndim == 2 else cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    if max(grey.shape) > LARGE:
        small = cv2.resize(grey, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
        if text := _read(small):
            return text
    return _read(grey)


def _read(grey: Grey) -> str | None:
    try:
        text, _, _ = _detector().detectAndDecode(grey)
    except cv2.error:
        return None
    return text if 0 < len(text) <= MOST_TEXT else None


def _detector() -> cv2.QRCodeDetectorAruco:
    """One for each thread: it keeps what it works on."""
    if not hasattr(_own, "detector"):
        _own.detector = cv2.QRCodeDetectorAruco()
    found: cv2.QRCodeDetectorAruco = _own.detector
    return found
