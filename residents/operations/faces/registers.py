"""What the law has a manager keep beside faces: impact assessments, and the signs at cameras."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community import events
from community.models import Compound, Device, User
from residents import rules
from residents.models import CameraSign, FaceAssessment
from residents.operations import request_pictures, sealing

#: A document of some hundred pages with pictures.
MOST_BYTES = 20 * 1024 * 1024
TITLE, NOTE = 120, 120


def add_assessment(
    compound: Compound,
    *,
    title: str,
    made_on: date,
    review_on: date,
    made_by: str,
    document: bytes,
    actor: User | None = None,
) -> FaceAssessment:
    """Put an impact assessment with its PDF on file. Raises ValidationError, nothing is kept then.

    There is one before faces are used, and a record of it for three years (Personal Information
    Protection Law, articles 55 and 56).
    """
    told = {"title": _line("title", title, TITLE), "made_by": _line("made_by", made_by, 80)}
    if made_on > timezone.localdate():
        raise rules.fault("made_on", "day_ahead", _("This day is still to come."))
    if review_on <= made_on:
        words = _("It has to be looked at again after the day of the assessment.")
        raise rules.fault("review_on", "review_before", words)
    _check_pdf(document)
    name, key = sealing.seal("assessments", compound.pk, document)
    try:
        with events.writing():
            row: FaceAssessment = FaceAssessment.objects.create(
                compound=compound, made_on=made_on, review_on=review_on, file=name, seal=key,
                size=len(document), entered_at=timezone.now(), entered_by=actor, **told,
            )  # fmt: skip
            _record("residents.face_assessed", compound.pk, actor, assessment=row.pk)
    except BaseException:
        sealing.drop(name)
        raise
    return row


def place_sign(
    compound: Compound,
    *,
    camera: Device,
    placed_on: date,
    says_faces: bool = False,
    note: str = "",
    picture: bytes | None = None,
    actor: User | None = None,
) -> CameraSign:
    """A sign hangs at this camera; another one that hung there is taken down with it.

    Raises ValidationError.
    """
    if camera.compound_id != compound.pk or camera.kind != Device.Kind.CAMERA:
        raise rules.fault("camera", "no_camera", _("Choose a camera of this compound."))
    if placed_on > timezone.localdate():
        raise rules.fault("placed_on", "day_ahead", _("This day is still to come."))
    kept = request_pictures.keep(compound.pk, [picture] if picture else [], "signs")
    try:
        with events.writing():
            Device.objects.select_for_update(of=("self",)).get(pk=camera.pk)
            for old in CameraSign.objects.filter(camera=camera, removed_on=None):
                _take_down(old, max(placed_on, old.placed_on), actor)
            row: CameraSign = CameraSign.objects.create(
                compound=compound, camera=camera, placed_on=placed_on, says_faces=says_faces,
                note=" ".join(note.split())[:NOTE], file=kept[0].file if kept else "",
                seal=kept[0].seal if kept else "", entered_by=actor,
            )  # fmt: skip
            told = {"sign": row.pk, "device": camera.pk, "faces": says_faces}
            _record("residents.camera_sign_placed", compound.pk, actor, **told)
    except BaseException:
        for one in kept:
            one.drop()
        raise
    return row


def take_sign_down(sign: CameraSign, *, actor: User | None = None) -> CameraSign:
    """The sign hangs no more; a second time changes nothing."""
    with events.writing():
        held: CameraSign = CameraSign.objects.select_for_update(of=("self",)).get(pk=sign.pk)
        if held.removed_on is None:
            _take_down(held, max(timezone.localdate(), held.placed_on), actor)
    return held


def open_file(row: FaceAssessment | CameraSign) -> bytes | None:
    """The PDF, or the picture of the sign; None where there is none."""
    return sealing.unseal(row.file, row.seal) if row.file else None


def _take_down(sign: CameraSign, on: date, actor: User | None) -> None:
    sign.removed_on = on
    sign.save(update_fields=["removed_on"])
    told = {"sign": sign.pk, "device": sign.camera_id}
    _record("residents.camera_sign_removed", sign.compound_id, actor, **told)


def _check_pdf(document: bytes) -> None:
    """Bytes, then the mark at the head, then the one at the end. Nothing of it is opened here."""
    if len(document) > MOST_BYTES:
        raise rules.fault("document", "too_large", _("The document has more than 20 MB."))
    if not document.startswith(b"%PDF-") or b"%%EOF" not in document[-2048:]:
        words = _("This is no whole PDF. Save the document as PDF and choose it again.")
        raise rules.fault("document", "no_pdf", words)


def _line(column: str, value: str, most: int) -> str:
    line = " ".join(str(value).split())
    if not line or len(line) > most:
        words = _("Write between one and %(most)s characters.") % {"most": most}
        raise rules.fault(column, "line_length", words)
    return line


def _record(kind: str, compound_id: int, actor: User | None, **told: Any) -> None:
    events.record(kind, compound=compound_id, actor=actor, **told)
