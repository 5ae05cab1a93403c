"""Photographs of documents: bounded, made small, sealed with a key of their own.

The file's key lies, itself sealed, in the row: rotating the data key re-seals rows and touches no
file, and a row that is gone leaves bytes that nobody can open.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events, looks
from community.models import User
from community.vision import pictures
from residents.models import Registration, RegistrationPhoto
from residents.operations import sealing
from residents.operations.transitions import locked, record

#: What is kept is wide enough to read a card, and no wider.
WIDTH, QUALITY = 1600, 80
MOST = 8
FAULTS = {
    "too_large": _("The photograph is over 12 MB. Take it with a lower resolution."),
    "too_many_pixels": _("The photograph has too many pixels. Take it with a lower resolution."),
    "not_a_picture": _("This is no photograph. Take one as JPEG, PNG or HEIC."),
    "truncated": _("The photograph is cut off. Take it again."),
}


def add_photo(
    registration: Registration, kind: str, data: bytes, *, actor: User | None = None
) -> RegistrationPhoto:
    """Keep a photograph of a document; another one of the same kind replaces it.

    Raises ValidationError for what is no picture or too large, or once the form is closed.
    """
    if kind not in RegistrationPhoto.Kind.values:
        raise ValidationError(_("Choose what the photograph shows."), "kind_unknown")
    jpeg, width, height = _small(data)
    name, key = sealing.seal("documents", registration.compound_id, jpeg)
    try:
        with events.writing():
            row = locked(registration)
            if row.state not in ("invited", "draft", "returned", "submitted"):
                raise ValidationError(_("This form is closed."), "form_closed")
            _discard(RegistrationPhoto.objects.filter(registration=row, kind=kind).first())
            photo: RegistrationPhoto = RegistrationPhoto.objects.create(
                compound_id=row.compound_id,
                registration=row,
                kind=kind,
                file=name,
                seal=key,
                width=width,
                height=height,
                taken_at=timezone.now(),
            )
            record("residents.photo_added", row, actor, photo=photo.pk)
    except BaseException:
        sealing.drop(name)
        raise
    return photo


def remove_photo(photo: RegistrationPhoto, *, actor: User | None = None) -> None:
    """Erase a photograph; a second time changes nothing."""
    with events.writing():
        row = locked(photo.registration)
        if RegistrationPhoto.objects.filter(pk=photo.pk).exists():
            record("residents.photo_removed", row, actor, photo=photo.pk)
            _discard(photo)


def read_photo(photo: RegistrationPhoto, user: User, reason: str) -> bytes | None:
    """The JPEG, after the look is on record; None where the file is missing.

    Raises ValidationError without a reason.
    """
    seal = looks.look(user, photo, "seal", reason)
    return open_photo(photo, seal)


def open_photo(photo: RegistrationPhoto, seal: str | None = None) -> bytes | None:
    """The JPEG without a look on record: only for whoever fills in this very form."""
    return sealing.unseal(photo.file, seal or photo.seal)


def _small(data: bytes) -> tuple[bytes, int, int]:
    """The picture as a small JPEG: without place and device, which phones write into theirs."""
    try:
        frame = pictures.shrink(pictures.decode(data), WIDTH)
    except pictures.PictureError as error:
        raise ValidationError(FAULTS[error.code], error.code) from error
    return pictures.encode_jpeg(frame, QUALITY), frame.shape[1], frame.shape[0]


def _discard(photo: RegistrationPhoto | None) -> None:
    """The row now, the file once the row is gone for good."""
    if photo is None:
        return
    name = photo.file
    RegistrationPhoto.objects.filter(pk=photo.pk).delete()
    transaction.on_commit(lambda: sealing.drop(name))
