"""What cameras saw, and the pictures that show it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from security.models.scope import GuardedQuerySet


class Picture(models.Model):
    """A picture kept as a file; the row outlives an erased file and says so."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.SET_NULL, null=True, related_name="+", verbose_name=_("lane")
    )
    file = models.CharField(max_length=200, help_text=_("Path below the media folder"))
    digest = models.CharField(max_length=64)
    width = models.PositiveIntegerField(verbose_name=_("width"))
    height = models.PositiveIntegerField(verbose_name=_("height"))
    taken_at = models.DateTimeField(_("taken"))
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        indexes = [
            models.Index(fields=["taken_at"], condition=Q(erased_at=None), name="picture_kept")
        ]

    def __str__(self) -> str:
        return self.file


class Presentation(models.Model):
    """What was shown at a door once, under the key that makes a repeat harmless; no secret."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.CASCADE, related_name="presentations", verbose_name=_("lane")
    )
    device = models.ForeignKey(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("device"),
    )
    key = models.CharField(_("idempotency key"), max_length=120)
    way = models.CharField(_("way in"), max_length=8)
    received_at = models.DateTimeField(_("received"))
    passage = models.ForeignKey(
        "security.Passage", models.CASCADE, related_name="presentations", verbose_name=_("passage")
    )

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("way in shown")
        verbose_name_plural = _("ways in shown")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["lane", "key"], name="presentation_once"),
        ]

    def __str__(self) -> str:
        return self.way


class Reading(models.Model):
    """What one device saw of one car: stored once, whatever the device repeats."""

    class Source(models.TextChoices):
        CAMERA = "camera", _("Camera read here")
        PUSH = "push", _("Pushed by a camera")
        API = "api", _("Through the API")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.PROTECT, related_name="readings", verbose_name=_("lane")
    )
    device = models.ForeignKey(
        "community.Device", models.PROTECT, related_name="readings", verbose_name=_("device")
    )
    key = models.CharField(_("idempotency key"), max_length=120)
    source = models.CharField(_("source"), max_length=8, choices=Source)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    plate_raw = models.CharField(_("as read"), max_length=40, blank=True)
    kind = models.CharField(_("plate kind"), max_length=12, default="unknown")
    colour = models.CharField(_("colour"), max_length=20, blank=True)
    confidence = models.FloatField(_("confidence"), default=0.0)
    characters = models.JSONField(default=list, blank=True)
    frames = models.PositiveSmallIntegerField(_("frames that voted"), default=1)
    box = models.JSONField(null=True, blank=True)
    picture = models.ForeignKey(
        "security.Picture", models.SET_NULL, null=True, blank=True, related_name="readings"
    )
    captured_at = models.DateTimeField(_("captured"))
    received_at = models.DateTimeField(_("received"))
    time_source = models.CharField(_("time from"), max_length=12, default="device")
    is_realtime = models.BooleanField(_("real time"), default=True)
    passage = models.ForeignKey(
        "security.Passage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="readings",
        verbose_name=_("passage"),
    )

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["device", "key"], name="reading_once"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0.0, confidence__lte=1.0),
                name="reading_confidence_range",
            ),
        ]
        indexes = [models.Index(fields=["lane", "-received_at"], name="reading_by_lane")]

    def __str__(self) -> str:
        return self.plate or str(_("not read"))
