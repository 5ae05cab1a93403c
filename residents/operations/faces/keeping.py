"""What happens to a face when other things happen to its person. Called inside ``events.writing``.

A face is awake only beside another way in; the database refuses anything else (way_guard). So it
falls asleep before the last other way ends, and wakes when there is one again.
"""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from community import events
from community.models import User
from residents.models import Consent, ConsentText, FaceErasure, FaceGallery, FaceTemplate, WayIn
from residents.operations.faces import pictures, standing

FACE, PICTURES = WayIn.Kind.FACE, ConsentText.Purpose.FACE_PICTURES


def next_version(compound_id: int) -> int:
    """The gallery has changed; the number of the version that says so."""
    now = timezone.now()
    FaceGallery.objects.get_or_create(compound_id=compound_id, defaults={"changed_at": now})
    row: FaceGallery = FaceGallery.objects.select_for_update().get(compound_id=compound_id)
    row.version, row.changed_at = row.version + 1, now
    row.save(update_fields=["version", "changed_at"])
    return row.version


def sleep_if_alone(row: WayIn, actor: User | None) -> None:
    """Before another way in ends: if it is the last one, the face of this person sleeps."""
    others = WayIn.objects.active().filter(person_id=row.person_id).exclude(kind=FACE)
    if others.exclude(pk=row.pk).exists():
        return
    for face in WayIn.objects.awake().filter(person_id=row.person_id, kind=FACE):
        face.paused_at = timezone.now()
        _changed(face, "residents.face_paused", actor)


def wake(row: WayIn, actor: User | None) -> None:
    """After another way in was given: the face counts again."""
    faces = WayIn.objects.active().filter(person_id=row.person_id, kind=FACE)
    for face in faces.exclude(paused_at=None):
        face.paused_at = None
        _changed(face, "residents.face_resumed", actor)


def erase_template(row: WayIn, actor: User | None) -> None:
    """A face has ended: its numbers go now, and everybody who has a copy has to say so.

    Pictures that were kept go with them, and so does the consent to keeping them: whoever is
    enrolled anew is asked anew.
    """
    FaceTemplate.objects.filter(way=row).delete()
    pictures.erase_of(row.person_id, actor)
    kept = Consent.objects.standing().filter(person=row.person_id, purpose=PICTURES)
    for consent in kept.select_for_update(of=("self",)):
        standing.end(consent, "residents.consent_lapsed", actor)
    version = next_version(row.compound_id)
    FaceErasure.objects.create(
        compound_id=row.compound_id,
        person_id=row.person_id,
        way=row,
        version=version,
        erased_at=timezone.now(),
    )
    record("residents.face_erased", row, actor, version=version)


def _changed(face: WayIn, kind: str, actor: User | None) -> None:
    face.save(update_fields=["paused_at"])
    record(kind, face, actor, version=next_version(face.compound_id))


def record(kind: str, row: WayIn, actor: User | None, **told: Any) -> None:
    events.record(
        kind, compound=row.compound_id, actor=actor, way_in=row.pk, person=row.person_id, **told
    )
