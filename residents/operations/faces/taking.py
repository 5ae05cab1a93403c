"""From uploaded files to an enrolled face: bounded, judged, enrolled. Phone and desk use it.

Nothing is looked at before consent and another way in stand; nothing is kept before the last step,
and pictures are kept only with a consent of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404
from django.utils.translation import gettext_lazy as _

from community.models import User
from community.vision.faces import quality
from residents import rules
from residents.face_words import PICTURE_FAULTS
from residents.models import ConsentText, Person, WayIn
from residents.operations.faces import judging, pictures
from residents.operations.faces.enrolment import MOST_PICTURES, check_may_enrol, enrol_face

#: Of one picture, so many sentences are said: the first is the one to act on.
MOST_SAID = 2


@dataclass(frozen=True)
class Given:
    """How the person (or who decides for them) says so; with ``keep_text`` pictures are kept."""

    way: str
    guardian: Person | None = None
    keep_text: ConsentText | None = None
    twin_known: bool = False


def text_shown(person: Person, key: str) -> ConsentText:
    """The text whose number a form carries. Raises Http404 for one of another compound."""
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        raise Http404
    row = ConsentText.objects.filter(compound=person.compound_id, pk=int(key)).first()
    if row is None:
        raise Http404
    found: ConsentText = row
    return found


def judged(person: Person, file: UploadedFile | None) -> dict[str, Any]:
    """One picture for ``person``: whether it will do, and what to do about it, in sentences."""
    try:
        check_may_enrol(person)
        found = judging.judge_picture(_read(file))
    except ValidationError as refused:
        codes = [one.code for errors in refused.error_dict.values() for one in errors]
        return {"good": False, "codes": codes, "said": refused.messages}
    said = [str(PICTURE_FAULTS[code]) for code in found.faults[:MOST_SAID]]
    return {"good": found.good, "codes": list(found.faults), "said": said}


def enrol(
    person: Person, files: Sequence[UploadedFile], given: Given, *, actor: User | None = None
) -> WayIn:
    """Judge all pictures, make the template, discard them unless they are to be kept.

    Raises ValidationError, and then nothing has changed.
    """
    check_may_enrol(person)
    if len(files) > MOST_PICTURES:
        raise rules.fault("pictures", "pictures_count", _("Take three to six pictures."))
    bodies = [_read(file) for file in files]
    found = [_good(body, number) for number, body in enumerate(bodies, 1)]
    version = judging.engine_version()
    more: dict[str, Any] = {"twin_known": given.twin_known, "actor": actor}
    if given.keep_text is None:
        return enrol_face(person, version, found, **more)
    kept = pictures.seal(person.compound_id, bodies)
    keep = pictures.Keeping(given.keep_text, given.way, kept, given.guardian)
    try:
        return enrol_face(person, version, found, keep=keep, **more)
    except BaseException:
        for one in kept:
            one.drop()
        raise


def _read(file: UploadedFile | None) -> bytes:
    """The file's bytes, bounded before they are read."""
    if file is None:
        raise rules.fault("pictures", "picture_missing", _("Choose or take a photograph."))
    if (file.size or 0) > quality.MAX_BYTES:
        raise rules.fault("pictures", "too_large", PICTURE_FAULTS["too_large"])
    body: bytes = file.read()
    return body


def _good(body: bytes, number: int) -> quality.Judgement:
    found = judging.judge_picture(body)
    if not found.good:
        code = found.faults[0]
        words = _("Picture %(number)s: %(what)s") % {"number": number, "what": PICTURE_FAULTS[code]}
        raise rules.fault("pictures", code, words)
    return found
