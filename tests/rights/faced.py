"""One row of everything about faces that the office keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from community.models import Compound
from residents.models import FaceCalibration
from residents.operations.faces import registers
from tests.community import factories

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\n%%EOF\n"


def faced(at: Compound, keys: dict[str, Any]) -> dict[str, int]:
    """The keys of the rows; consents and erasures are those of the API's rows."""
    today = timezone.localdate()
    assessed = registers.add_assessment(
        at, title="刷脸", made_on=today, review_on=today + timedelta(days=365), made_by="物业",
        document=PDF,
    )  # fmt: skip
    camera = factories.device(at, "camera", "simulated")
    sign = registers.place_sign(at, camera=camera, placed_on=today, picture=_photo())
    measured = FaceCalibration.objects.create(
        compound=at, at=timezone.now(), engine="x", people=1, pairs=0, open_below=0.2,
        second_below=0.3, measured=False,
    )  # fmt: skip
    return {
        "consents": keys["face-consents"],
        "erasures": keys["face-erasures"],
        "assessments": assessed.pk,
        "signs": sign.pk,
        "calibrations": measured.pk,
    }


def _photo() -> bytes:
    from tests.residents.test_requests import photo

    return photo((40, 30))
