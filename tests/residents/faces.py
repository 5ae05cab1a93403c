"""People with a face enrolled, for tests. Nobody's face: the numbers are drawn by lot."""

from __future__ import annotations

from typing import Any

from community.models import Compound
from community.vision.faces.quality import Judgement
from residents.models import Consent, ConsentText, Person, WayIn
from residents.operations.faces.consents import give_consent, publish_consent_text
from residents.operations.faces.enrolment import enrol_face
from tests.community.vision.faces.heads import person as vector_of
from tests.community.vision.faces.heads import picture_of

ENGINE = "dlib-resnet-v1"


def text(compound: Compound, purpose: str = "face_entry") -> ConsentText:
    return publish_consent_text(compound, purpose, chinese="同意用人脸开门。", english="I agree.")


def consent(who: Person, purpose: str = "face_entry", **fields: Any) -> Consent:
    return give_consent(who, text(who.compound, purpose), **({"way": "desk"} | fields))


def pictures(number: int, count: int = 3, far: float = 0.2) -> list[Judgement]:
    """Good pictures of the person with this number."""
    one = vector_of(number)
    return [Judgement((), None, picture_of(one, far, 50 * number + k)) for k in range(count)]


def enrolled(who: Person, number: int = 1) -> WayIn:
    """With consent; the other way in is the test's to give."""
    consent(who)
    return enrol_face(who, ENGINE, pictures(number))
