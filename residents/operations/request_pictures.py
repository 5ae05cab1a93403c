"""Pictures of requests: bounded before they are decoded, made small, without place, sealed."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.vision import pictures
from residents.models import RequestPicture, ServiceRequest
from residents.operations.photos import FAULTS

MOST = 6
#: As the settings bound every picture.
MOST_BYTES = 12 * 1024 * 1024
WIDTH, QUALITY, NONCE = 1280, 78, 12


@dataclass(frozen=True)
class Kept:
    """A sealed file that no row points to yet."""

    file: str
    seal: str
    width: int
    height: int

    def drop(self) -> None:
        (Path(settings.MEDIA_ROOT) / self.file).unlink(missing_ok=True)


def keep(compound_id: int, given: Sequence[bytes]) -> list[Kept]:
    """Files of all pictures, or none. Raises ValidationError under ``pictures``."""
    if len(given) > MOST:
        text = _("Six pictures at most. Choose those that show it best.")
        raise ValidationError({"pictures": ValidationError(text, "too_many")})
    kept: list[Kept] = []
    try:
        kept.extend(_keep(compound_id, data) for data in given)
    except pictures.PictureError as error:
        for one in kept:
            one.drop()
        fault = ValidationError(FAULTS[error.code], error.code)
        raise ValidationError({"pictures": fault}) from error
    return kept


def _keep(compound_id: int, data: bytes) -> Kept:
    frame = pictures.shrink(pictures.decode(data), WIDTH)
    jpeg = pictures.encode_jpeg(frame, QUALITY)
    key, nonce = AESGCM.generate_key(256), secrets.token_bytes(NONCE)
    name = f"requests/{compound_id}/{secrets.token_hex(16)}.sealed"
    target = Path(settings.MEDIA_ROOT) / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = target.with_suffix(".part")
    draft.write_bytes(nonce + AESGCM(key).encrypt(nonce, jpeg, name.encode()))
    draft.replace(target)
    return Kept(name, base64.b64encode(key).decode(), frame.shape[1], frame.shape[0])


def attach(request: ServiceRequest, kept: Sequence[Kept]) -> None:
    """Rows for the files, in the transaction of the request."""
    RequestPicture.objects.bulk_create(
        RequestPicture(
            compound_id=request.compound_id,
            request=request,
            file=one.file,
            seal=one.seal,
            width=one.width,
            height=one.height,
        )
        for one in kept
    )


def open_picture(picture: RequestPicture) -> bytes | None:
    """The JPEG; None where the file is missing."""
    try:
        body = (Path(settings.MEDIA_ROOT) / picture.file).read_bytes()
    except FileNotFoundError:
        return None
    key = base64.b64decode(picture.seal)
    return AESGCM(key).decrypt(body[:NONCE], body[NONCE:], picture.file.encode())
