"""Faces: the template, who holds a copy of it, and the proof that it is gone."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import OFFICE, CompoundQuerySet, ManagerOnlyQuerySet
from residents.querysets import OwnQuerySet


class FaceQuerySet(OwnQuerySet[Any]):
    """That there is a template: the office, and the person. What is in it: nobody."""

    roles = OFFICE
    own = "way__person__user"


class ErasureQuerySet(OwnQuerySet[Any]):
    roles = OFFICE
    own = "person__user"


class HolderQuerySet(CompoundQuerySet[Any]):
    roles = OFFICE | {"installer"}


class FaceTemplate(models.Model):
    """One person's face as numbers, sealed; it lives as long as its way in."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    way = models.OneToOneField(
        "residents.WayIn", models.CASCADE, related_name="face", verbose_name=_("way in")
    )
    #: The engine version whose vectors these are; others are never compared with them.
    engine = models.CharField(_("engine version"), max_length=64)
    sealed = EncryptedTextField(editable=False)
    pictures = models.PositiveSmallIntegerField(_("pictures"))
    made_at = models.DateTimeField(_("made"))
    #: By how much this person's distances must be smaller than everybody's: somebody else was once
    #: taken for them.
    tighter = models.FloatField(_("stricter by"), default=0.0)
    #: The latest passages at which that was said, so that each counts once.
    mistakes = models.JSONField(default=list, blank=True, editable=False)

    objects: ClassVar[Any] = FaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("face template")
        verbose_name_plural = _("face templates")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(pictures__gte=1), name="face_template_of_pictures"),
            models.CheckConstraint(
                condition=Q(tighter__gte=0, tighter__lte=0.2), name="face_stricter_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.way_id} {self.made_at:%Y-%m-%d}"


class FaceGallery(models.Model):
    """A compound's gallery: its version grows with each template that comes, goes or changes.

    The thresholds are those of the last calibration; empty, the engine's usual ones count.
    """

    compound = models.OneToOneField(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    version = models.PositiveBigIntegerField(_("version"), default=0)
    changed_at = models.DateTimeField(_("changed"))
    engine = models.CharField(_("engine version"), max_length=64, blank=True)
    open_below = models.FloatField(_("opens below"), null=True, blank=True)
    second_below = models.FloatField(_("asks for a second way below"), null=True, blank=True)
    calibrated_at = models.DateTimeField(_("calibrated"), null=True, blank=True)
    calibrated_on = models.PositiveIntegerField(_("people it was calibrated on"), default=0)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("face gallery")
        verbose_name_plural = _("face galleries")
        constraints = [
            models.CheckConstraint(
                condition=Q(open_below=None, second_below=None)
                | Q(open_below__gte=0, second_below__gte=F("open_below"), engine__gt=""),
                name="face_thresholds_in_order",
            ),
        ]

    def __str__(self) -> str:
        return str(self.version)


class GalleryHolder(models.Model):
    """A worker or device that has a copy of the gallery, and the version it last confirmed."""

    class Kind(models.TextChoices):
        WORKER = "worker", _("Recognition worker")
        DEVICE = "device", _("Device")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    name = models.CharField(_("name"), max_length=80)
    version = models.PositiveBigIntegerField(_("confirmed version"), default=0)
    confirmed_at = models.DateTimeField(_("confirmed"))
    #: Which process it is (community.living): once it is certainly gone, so is its copy.
    process = models.CharField(max_length=160, blank=True, editable=False)
    retired_at = models.DateTimeField(_("holds nothing any more"), null=True, blank=True)

    objects: ClassVar[Any] = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of faces")
        verbose_name_plural = _("holders of faces")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="gallery_holder_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FaceErasure(models.Model):
    """A template that was erased, and when the last holder had confirmed a gallery without it."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="+", verbose_name=_("person")
    )
    #: Empty once the person's ways in are erased as well: the proof stays.
    way = models.OneToOneField(
        "residents.WayIn",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="erasure",
        verbose_name=_("way in"),
    )
    version = models.PositiveBigIntegerField(_("first version without it"))
    erased_at = models.DateTimeField(_("erased"))
    proven_at = models.DateTimeField(_("confirmed everywhere"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("reported as a fault"), null=True, blank=True)

    objects: ClassVar[Any] = ErasureQuerySet.as_manager()

    class Meta:
        verbose_name = _("erasure of a face")
        verbose_name_plural = _("erasures of faces")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(proven_at=None) | Q(proven_at__gte=F("erased_at")),
                name="face_proof_follows_erasure",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.erased_at:%Y-%m-%d %H:%M}"
