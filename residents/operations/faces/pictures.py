"""Pictures of an enrolment: discarded, unless the person consents to have them kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from community import events
from community.models import User
from residents.models import ConsentText, FacePicture, Person, WayIn
from residents.operations import request_pictures, sealing
from residents.operations.request_pictures import Kept

FOLDER = "faces"


@dataclass(frozen=True)
class Keeping:
    """The wish to keep the pictures: which text was shown, who said so and how, the files."""

    text: ConsentText
    way: str
    files: Sequence[Kept]
    guardian: Person | None = None


def seal(compound_id: int, given: Sequence[bytes]) -> list[Kept]:
    """The pictures as small sealed files that no row points to yet. Raises ValidationError."""
    return request_pictures.keep(compound_id, given, FOLDER)


def attach(way: WayIn, files: Sequence[Kept], actor: User | None) -> None:
    """Rows for the files. In ``events.writing``."""
    now = timezone.now()
    FacePicture.objects.bulk_create(
        FacePicture(
            compound_id=way.compound_id, way=way, file=one.file, seal=one.seal, taken_at=now
        )
        for one in files
    )
    _record("residents.face_pictures_kept", way, actor, count=len(files))


def erase_of(person_id: int, actor: User | None) -> int:
    """Every kept picture of somebody goes, its file once the row is gone for good; how many.

    In ``events.writing``.
    """
    rows = list(FacePicture.objects.filter(way__person=person_id).select_related("way"))
    if not rows:
        return 0
    names = [row.file for row in rows]
    FacePicture.objects.filter(pk__in=[row.pk for row in rows]).delete()
    transaction.on_commit(lambda: sealing.drop_all(names))
    _record("residents.face_pictures_erased", rows[0].way, actor, count=len(rows))
    return len(rows)


def open_picture(picture: FacePicture) -> bytes | None:
    """The JPEG, for whose face it is; None where the file is missing."""
    return sealing.unseal(picture.file, picture.seal)


def _record(kind: str, way: WayIn, actor: User | None, **told: Any) -> None:
    where: dict[str, Any] = {"way_in": way.pk, "person": way.person_id}
    events.record(kind, compound=way.compound_id, actor=actor, **where, **told)
