"""Around faces: pictures kept on wish, impact assessments, signs at cameras, calibrations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet, ManagerOnlyQuerySet
from residents.querysets import OwnQuerySet


class FacePictureQuerySet(OwnQuerySet[Any]):
    """Whose face it is, and nobody else: the office knows only that there are some."""

    roles = frozenset()
    own = "way__person__user"


class SignsQuerySet(CompoundQuerySet[Any]):
    """The signs hang in the open: office and installers keep the register."""

    roles = frozenset({"manager", "installer"})


class FacePicture(models.Model):
    """A picture the face was made of, kept because the person asked for it: a sealed file."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    way = models.ForeignKey(
        "residents.WayIn", models.CASCADE, related_name="pictures", verbose_name=_("way in")
    )
    file = models.CharField(max_length=120, unique=True, editable=False)
    seal = EncryptedTextField(editable=False)
    taken_at = models.DateTimeField(_("taken"))

    objects: ClassVar[Any] = FacePictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of an enrolment")
        verbose_name_plural = _("pictures of enrolments")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.pk)


class FaceAssessment(models.Model):
    """An impact assessment of face recognition: its document, its day, when to look again.

    Kept for three years at least (Personal Information Protection Law, article 56): none is erased
    here.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    title = models.CharField(_("what was assessed"), max_length=120)
    made_on = models.DateField(_("assessed on"))
    review_on = models.DateField(_("to be looked at again by"))
    made_by = models.CharField(_("assessed by"), max_length=80)
    file = models.CharField(max_length=120, editable=False)
    seal = EncryptedTextField(editable=False)
    size = models.PositiveIntegerField(_("bytes"), editable=False)
    entered_at = models.DateTimeField(_("entered"))
    entered_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("impact assessment")
        verbose_name_plural = _("impact assessments")
        ordering = ["-made_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review_on__gt=F("made_on")), name="assessment_looked_at_later"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.made_on} {self.title}"


class CameraSign(models.Model):
    """The sign beside a camera that says that it records, and whether it knows faces.

    One row for each sign that was put up; its picture is the proof that it hangs.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    camera = models.ForeignKey(
        "community.Device", models.CASCADE, related_name="+", verbose_name=_("camera")
    )
    placed_on = models.DateField(_("put up on"))
    says_faces = models.BooleanField(_("says that faces are recognised"), default=False)
    note = models.CharField(_("where it hangs"), max_length=120, blank=True)
    file = models.CharField(max_length=120, blank=True, editable=False)
    seal = EncryptedTextField(blank=True, editable=False)
    removed_on = models.DateField(_("taken down on"), null=True, blank=True)
    entered_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )

    objects: ClassVar[Any] = SignsQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign at a camera")
        verbose_name_plural = _("signs at cameras")
        ordering = ["-placed_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["camera"], condition=Q(removed_on=None), name="camera_sign_once"
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None) | Q(removed_on__gte=F("placed_on")),
                name="sign_taken_down_after",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.camera} {self.placed_on}"


class FaceCalibration(models.Model):
    """What one calibration found: distances without a unit, shares 0 to 1. The last one counts."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    at = models.DateTimeField(_("calibrated"))
    engine = models.CharField(_("engine version"), max_length=64)
    people = models.PositiveIntegerField(_("people"))
    pairs = models.PositiveIntegerField(_("pairs of different people"))
    nearest = models.FloatField(_("nearest pair"), null=True)
    own = models.FloatField(_("own pictures that would open"), null=True)
    open_below = models.FloatField(_("opens below"))
    second_below = models.FloatField(_("asks for a second way below"))
    #: False: too few people, and the engine's usual values go on counting.
    measured = models.BooleanField(_("measured"))
    by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("started by"),
    )

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("calibration of faces")
        verbose_name_plural = _("calibrations of faces")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
