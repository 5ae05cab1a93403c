"""Pictures from outside: checked in bytes and pixels before any decoder sees them.

The size in pixels is read from the header alone, so a bomb of 60,000 x 60,000 costs nothing. JPEG,
PNG, WebP and BMP go through OpenCV, HEIC through pillow-heif where that is installed. The EXIF
orientation that phones write is applied.
"""

from __future__ import annotations

import io
import struct
import warnings

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError

from community.vision.arrays import Frame

MAX_BYTES = 12 * 1024 * 1024
MAX_PIXELS = 40_000_000
MISSING = 0.03  # part of a picture's height that may be lost at its end
CODES = ("too_large", "too_many_pixels", "not_a_picture", "truncated")
MESSAGES = {
    "too_large": "the file is larger than allowed",
    "too_many_pixels": "the picture has more pixels than allowed",
    "not_a_picture": "the file is no JPEG, PNG, WebP, HEIC or BMP picture",
    "truncated": "the picture is cut off or damaged",
}
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif")
# How each EXIF orientation is set upright: a turn, then whether to mirror.
_TURNS: dict[int, tuple[int | None, bool]] = {
    2: (None, True),
    3: (cv2.ROTATE_180, False),
    4: (cv2.ROTATE_180, True),
    5: (cv2.ROTATE_90_CLOCKWISE, True),
    6: (cv2.ROTATE_90_CLOCKWISE, False),
    7: (cv2.ROTATE_90_COUNTERCLOCKWISE, True),
    8: (cv2.ROTATE_90_COUNTERCLOCKWISE, False),
}
_EXIF_ORIENTATION = 0x0112


class PictureError(ValueError):
    """A picture that is not taken; `code` is one of CODES and does not change."""

    def __init__(self, code: str) -> None:
        super().__init__(MESSAGES[code])
        self.code = code


def format_of(data: bytes) -> str | None:
    """'jpeg', 'png', 'webp', 'bmp' or 'heic' by the first bytes; None for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[:2] == b"BM" and len(data) > 26:
        return "bmp"
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return "heic"
    return None


def decode(data: bytes, *, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS) -> Frame:
    """The picture as (height, width, 3) BGR, upright.

    Raises PictureError: `too_large` (bytes), `not_a_picture`, `too_many_pixels`, `truncated`.
    """
    if len(data) > max_bytes:
        raise PictureError("too_large")
    name = format_of(data)
    if name is None:
        raise PictureError("not_a_picture")
    (width, height), orientation = _header(data, name)
    if width < 1 or height < 1:
        raise PictureError("not_a_picture")
    if width * height > max_pixels:
        raise PictureError("too_many_pixels")
    if name == "heic":
        return _through_pillow(data)
    whole = _ends_well(data, name)
    if not whole and name != "jpeg":
        raise PictureError("truncated")
    ended = data if whole else data + b"\xff\xd9"
    frame = cv2.imdecode(
        np.frombuffer(ended, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    )
    if frame is None or not (whole or _reaches_down(frame)):
        raise PictureError("truncated")
    return _turned(frame, orientation)


def _header(data: bytes, name: str) -> tuple[tuple[int, int], int]:
    """Size in pixels and EXIF orientation, from the header; nothing is decoded."""
    if name == "bmp":
        width, height = struct.unpack("<ii", data[18:26])
        return (abs(width), abs(height)), 1
    if name == "heic":
        _register_heif()
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs and of odd EXIF blocks; the bound below is ours and stricter.
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data)) as picture:
                orientation = 1 if name == "heic" else _orientation(picture)
                return picture.size, orientation
    except Image.DecompressionBombError as error:
        raise PictureError("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, struct.error) as error:
        raise PictureError("truncated") from error


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(_EXIF_ORIENTATION, 1))
    except Exception:
        return 1


def _register_heif() -> None:
    try:
        from pillow_heif import register_heif_opener
    except ImportError as error:
        raise PictureError("not_a_picture") from error
    register_heif_opener()


def _through_pillow(data: bytes) -> Frame:
    if not _has_all_boxes(data):
        raise PictureError("truncated")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            pixels = np.asarray(picture.convert("RGB"))
    except (OSError, ValueError, RuntimeError, SyntaxError, EOFError) as error:
        raise PictureError("truncated") from error
    return np.ascontiguousarray(pixels[..., ::-1])


def _has_all_boxes(data: bytes) -> bool:
    """Whether no box of a HEIC file (ISO/IEC 14496-12, 4.2) reaches past the end of what came.

    Its decoder draws what it has of a file cut off, now and then without a word.
    """
    at = 0
    while at + 8 <= len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        if size == 1:
            size = int.from_bytes(data[at + 8 : at + 16], "big")
        if size < 8:  # to the end, or no box: some phones put notes of their own behind
            return True
        at += size
    return at <= len(data)


def _ends_well(data: bytes, name: str) -> bool:
    """Whether the file reaches its end mark; OpenCV fills what is missing with grey, silently."""
    if name == "jpeg":
        return b"\xff\xd9" in data[-65536:]
    if name == "png":
        return b"IEND" in data[-64:]
    if name == "webp":
        return len(data) >= int.from_bytes(data[4:8], "little")
    return True


def _reaches_down(frame: Frame) -> bool:
    """Whether a JPEG without its end mark still fills the frame: some cameras drop the last bytes.

    The decoder fills what is missing with flat grey, from the bottom up.
    """
    varied = np.flatnonzero(frame.reshape(frame.shape[0], -1).std(axis=1) > 1)
    return bool(len(varied)) and frame.shape[0] - int(varied[-1]) <= 1 + MISSING * frame.shape[0]


def _turned(frame: Frame, orientation: int) -> Frame:
    turn, mirror = _TURNS.get(orientation, (None, False))
    if turn is not None:
        frame = cv2.rotate(frame, turn)
    return cv2.flip(frame, 1) if mirror else frame


def encode_jpeg(frame: Frame, quality: int = 85) -> bytes:
    """The frame as JPEG; `quality` 1 to 100. Raises ValueError for what is no picture."""
    if frame.ndim not in (2, 3) or frame.size == 0:
        raise ValueError("not a frame")
    done, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("the frame cannot be encoded")
    return bytes(data.tobytes())


def shrink(frame: Frame, width: int) -> Frame:
    """The frame at most `width` pixels wide; never enlarged."""
    if frame.shape[1] <= width:
        return frame
    height = max(1, round(frame.shape[0] * width / frame.shape[1]))
    return cv2.resize(frame, (width, height), interpolation=cv2.INTER_AREA)


def three_channels(frame: Frame) -> Frame | None:
    """The frame as (height, width, 3) bytes, grey ones spread; None for what is no picture."""
    if frame.dtype != np.uint8 or frame.ndim not in (2, 3) or min(frame.shape[:2]) < 1:
        return None
    if frame.ndim == 2:
        return cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR)
    if frame.shape[2] == 1:
        return cv2.cvtColor(np.ascontiguousarray(frame[..., 0]), cv2.COLOR_GRAY2BGR)
    return np.ascontiguousarray(frame[..., :3]) if frame.shape[2] >= 3 else None
