"""Faces of the demo compound: consents given and withdrawn, registers; nobody's face.

No invented person has a face, and no real one may be shipped: so nobody is enrolled. Whoever signs
in as ``resident`` can enrol their own, and withdraw it again.
"""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from community.models import Compound, Device
from residents.models import Consent, ConsentText, FaceAssessment, Person, WayIn
from residents.operations.faces import registers
from residents.operations.faces.consents import (
    give_consent,
    publish_proposed_texts,
    withdraw_consent,
)

MAIN = "wutong"
AGREED, WITHDRAWN = 6, 2
#: Cameras at which a sign still has to be put up.
BARE = 2


def load(compound: Compound) -> None:
    if ConsentText.objects.of(compound).exists():
        return
    texts = publish_proposed_texts(compound)
    if compound.code == MAIN:
        _consents(compound, texts[0])
        _assessment(compound)
        _signs(compound)


def _consents(compound: Compound, text: ConsentText) -> None:
    """Some agreed and have not come for their pictures yet; some took it back."""
    grown = timezone.localdate() - timedelta(days=30 * 365)
    living = Person.objects.of(compound).filter(
        ways_in__kind=WayIn.Kind.CARD, ways_in__ended_at=None, birth_date__lt=grown, user=None
    )
    for number, person in enumerate(living.order_by("pk")[: AGREED + WITHDRAWN]):
        way = Consent.Way.DESK if number % 3 == 0 else Consent.Way.PHONE
        row = give_consent(person, text, way=way)
        if number >= AGREED:
            withdraw_consent(row)


def _assessment(compound: Compound) -> None:
    if FaceAssessment.objects.of(compound).exists():
        return
    today = timezone.localdate()
    registers.add_assessment(
        compound,
        title="人脸识别影响评估（演示）",
        made_on=today - timedelta(days=345),
        review_on=today + timedelta(days=20),
        made_by="梧桐苑物业",
        document=_pdf("Impact assessment (demo)"),
    )


def _signs(compound: Compound) -> None:
    cameras = Device.objects.of(compound).filter(kind=Device.Kind.CAMERA, is_active=True)
    day = timezone.localdate() - timedelta(days=200)
    for camera in list(cameras.order_by("pk"))[BARE:]:
        registers.place_sign(compound, camera=camera, placed_on=day, note="立柱，高 1.6 米")


def _pdf(words: str) -> bytes:
    """A whole PDF of one page with one line of Latin letters."""
    line = f"BT /F1 24 Tf 72 720 Td ({words}) Tj ET".encode()
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        (
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F1 5 0 R>>>>>>"
        ),
        b"<</Length %d>>stream\n%s\nendstream" % (len(line), line),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(parts) + 1)
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return body + head + table + tail % (len(parts) + 1, len(body))
