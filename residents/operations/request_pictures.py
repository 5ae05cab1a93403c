"""Pictures of requests: bounded before they are decoded, made small, without place, sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from community.vision import pictures
from residents.models import RequestPicture, ServiceRequest
from residents.operations import sealing
from residents.operations.photos import FAULTS

MOST = 6
#: As the settings bound every picture.
MOST_BYTES = 12 * 1024 * 1024
WIDTH, QUALITY = 1280, 78


@dataclass(frozen=True)
class Kept:
    """A sealed file that no row points to yet."""

    file: str
    seal: str
    width: int
    height: int

    def drop(self) -> None:
        sealing.drop(self.file)


def keep(compound_id: int, given: Sequence[bytes], folder: str = "requests") -> list[Kept]:
    """Files of all pictures, or none, below ``folder``. Raises ValidationError (``pictures``)."""
    if len(given) > MOST:
        text = _("Six pictures at most. Choose those that show it best.")
        raise ValidationError({"pictures": ValidationError(text, "too_many")})
    kept: list[Kept] = []
    try:
        kept.extend(_keep(compound_id, data, folder) for data in given)
    except pictures.PictureError as error:
        for one in kept:
            one.drop()
        fault = ValidationError(FAULTS[error.code], error.code)
        raise ValidationError({"pictures": fault}) from error
    return kept


def _keep(compound_id: int, data: bytes, folder: str) -> Kept:
    frame = pictures.shrink(pictures.decode(data), WIDTH)
    jpeg = pictures.encode_jpeg(frame, QUALITY)
    name, key = sealing.seal(folder, compound_id, jpeg)
    return Kept(name, key, frame.shape[1], frame.shape[0])


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
    return sealing.unseal(picture.file, picture.seal)
