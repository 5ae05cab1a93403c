"""What the manager has to know of faces in a compound: counted, compared with what law asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, Subquery
from django.utils import timezone

from community import retention
from community.models import Compound, Device, RetentionRule, User
from residents.models import (
    CameraSign,
    Consent,
    ConsentText,
    FaceAssessment,
    FaceCalibration,
    FaceErasure,
    FaceGallery,
    FaceTemplate,
    GalleryHolder,
)
from residents.operations.faces.matching import thresholds_of

#: From so many people on the storing is filed with the internet authority of the province within 30
#: working days (Measures for the Security Management of the Application of Face Recognition
#: Technology, in force since 2025-06-01, article 15). All compounds of one company count together.
FILING_FROM, FILING_WITHIN = 100_000, 30
#: A share of it from which the page speaks up, so that nobody is surprised.
NEAR = 0.8
#: An assessment that is due so soon is shown.
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Overview:
    """One compound's faces; ``company`` are those of all compounds that the reader manages."""

    here: int
    company: int
    consents: int
    texts: int
    shots_kept: int | None
    waiting: list[FaceErasure]
    holders: list[GalleryHolder]
    assessment: FaceAssessment | None
    bare: list[Device]
    calibration: FaceCalibration | None
    thresholds: Any
    review: str

    @property
    def share(self) -> float:
        """Of the number from which there is a filing, 0 to 1."""
        return min(1.0, self.company / FILING_FROM)

    @property
    def must_file(self) -> bool:
        return self.company >= FILING_FROM

    @property
    def is_near(self) -> bool:
        return not self.must_file and self.share >= NEAR


def stored(here: int, compounds: Any) -> tuple[int, int]:
    """People of whom a template is stored: in one compound, and in all of these."""
    rows = FaceTemplate.objects.filter(compound__in=compounds)
    found = rows.aggregate(here=Count("pk", filter=Q(compound=here)), company=Count("pk"))
    return found["here"], found["company"]


def without_sign(compound: Compound) -> Any:
    """Cameras in use at which no sign hangs."""
    standing = CameraSign.objects.filter(compound=compound, removed_on=None)
    cameras = Device.objects.filter(compound=compound, kind=Device.Kind.CAMERA, is_active=True)
    return cameras.exclude(pk__in=standing.values("camera")).order_by("name", "pk")


def due_assessments(compound: Compound) -> Any:
    """The last assessment, once the day of its next look has passed."""
    rows = FaceAssessment.objects.filter(compound=compound).order_by("-made_on", "-pk")
    return rows.filter(pk=Subquery(rows.values("pk")[:1]), review_on__lt=timezone.localdate())


def review_state(last: FaceAssessment | None, today: date) -> str:
    """``missing``, ``due``, ``soon`` or nothing."""
    if last is None:
        return "missing"
    if last.review_on < today:
        return "due"
    return "soon" if last.review_on <= today + SOON else ""


def overview(compound: Compound, user: User) -> Overview:
    """For the office's page of faces; a fixed number of questions."""
    own: Any = {compound.pk, *user.compounds_as(frozenset({"manager"}))}
    own = Compound.objects.values("pk") if user.is_superuser else own
    here, company = stored(compound.pk, own)
    last = FaceAssessment.objects.filter(compound=compound).first()
    calibration = FaceCalibration.objects.filter(compound=compound).first()
    return Overview(
        here=here,
        company=company,
        consents=Consent.objects.standing().filter(compound=compound, purpose="face_entry").count(),
        texts=ConsentText.objects.filter(compound=compound).count(),
        shots_kept=retention.days_kept(compound.pk, RetentionRule.Subject.FACE_SHOTS),
        waiting=list(
            FaceErasure.objects.filter(compound=compound, proven_at=None).select_related("person")
        ),
        holders=list(GalleryHolder.objects.filter(compound=compound, retired_at=None)),
        assessment=last,
        bare=list(without_sign(compound)[:50]),
        calibration=calibration,
        thresholds=_thresholds(compound, calibration),
        review=review_state(last, timezone.localdate()),
    )


def _thresholds(compound: Compound, last: FaceCalibration | None) -> Any:
    """Those that count now: of the last calibration, or the engine's usual ones."""
    row = FaceGallery.objects.filter(compound=compound).first()
    engine = (row.engine if row else "") or (last.engine if last else "") or "dlib-resnet-v1"
    return thresholds_of(row, engine)
