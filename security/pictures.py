"""Pictures of passages: files below the media folder. Their rows: ``operations.pictures``."""

from __future__ import annotations

import io
import secrets
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from PIL import Image

from community.models import Lane
from security.models import Picture


class PictureRefused(ValueError):
    """Not a JPEG, or larger than a picture of a passage may be."""


def measured(data: bytes) -> tuple[int, int]:
    """Width and height from the header alone: nothing is decoded. Raises PictureRefused."""
    if not data.startswith(b"\xff\xd8\xff") or len(data) > settings.PICTURE_MAX_BYTES:
        raise PictureRefused("no JPEG of a size that is kept")
    try:
        with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
            width, height = image.size
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise PictureRefused(str(error)) from error
    if width * height > settings.PICTURE_MAX_PIXELS:
        raise PictureRefused(f"{width} x {height} pixels")
    return width, height


def write(data: bytes, *, compound_id: int, lane_id: int | None, taken_at: datetime) -> Picture:
    """Put the file in place and give its row, unsaved. Raises PictureRefused, OSError.

    The rename is atomic; nothing waits for the disk, since a picture lost with the power takes no
    decision with it.
    """
    width, height = measured(data)
    day = timezone.localtime(taken_at).date().isoformat()
    name = f"{compound_id}/{day}/{secrets.token_hex(12)}.jpg"
    _place(path_of(name), data)
    return Picture(
        compound_id=compound_id,
        lane_id=lane_id,
        file=name,
        digest=sha256(data).hexdigest(),
        width=width,
        height=height,
        taken_at=taken_at,
    )


def _place(target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".part")
    try:
        draft.write_bytes(data)
        draft.replace(target)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def store(data: bytes, lane: Lane, taken_at: datetime) -> Picture | None:
    """Keep a picture of a lane; None where it is none, or where the disk has no room (alerted)."""
    from security.operations.pictures import keep_picture

    return keep_picture(data, lane, taken_at)


def path_of(name: str) -> Path:
    """The file below the media folder. Raises ValueError for a name that leads out of it."""
    root = Path(settings.MEDIA_ROOT).resolve()
    found = (root / name).resolve()
    if not found.is_relative_to(root):
        raise ValueError(name)
    return found


def read(picture: Picture) -> bytes | None:
    """The JPEG, or None once it was erased or where the file is missing."""
    if picture.erased_at:
        return None
    try:
        return path_of(picture.file).read_bytes()
    except FileNotFoundError:
        return None


def discard(picture: Picture | None) -> None:
    """Take back the file of a picture that no row will name."""
    if picture is not None:
        path_of(picture.file).unlink(missing_ok=True)
