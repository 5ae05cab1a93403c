"""Compounds and what stands in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets import CompoundSelfQuerySet, PlacesQuerySet


class Compound(models.Model):
    """A residential compound (小区): the wall that no row crosses."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=200, blank=True)
    timezone = models.CharField(_("time zone"), max_length=40, default="Asia/Shanghai")
    jurisdiction = models.CharField(_("jurisdiction"), max_length=40, default="national")
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        default="zh-hans",
        help_text=_("What new sign-ins here begin with"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = CompoundSelfQuerySet.as_manager()

    class Meta:
        verbose_name = _("compound")
        verbose_name_plural = _("compounds")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Building(models.Model):
    compound = models.ForeignKey(
        Compound, models.CASCADE, related_name="buildings", verbose_name=_("compound")
    )
    code = models.CharField(_("number"), max_length=10)
    name = models.CharField(_("name"), max_length=40, blank=True)
    floors = models.PositiveSmallIntegerField(_("floors"), default=1)

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("building")
        verbose_name_plural = _("buildings")
        ordering = ["compound", "code"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "code"], name="building_code_once"),
        ]

    def __str__(self) -> str:
        return self.name or self.code


class Unit(models.Model):
    """A home, known by its code: building-entrance-room, such as 3-2-1202."""

    compound = models.ForeignKey(
        Compound, models.CASCADE, related_name="units", verbose_name=_("compound")
    )
    building = models.ForeignKey(
        Building, models.PROTECT, related_name="units", verbose_name=_("building")
    )
    entrance = models.CharField(_("entrance"), max_length=10, blank=True)
    floor = models.SmallIntegerField(_("floor"))
    room = models.CharField(_("room"), max_length=10)
    code = models.CharField(_("home"), max_length=32)

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("home")
        verbose_name_plural = _("homes")
        ordering = ["compound", "code"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "code"], name="unit_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Gate(models.Model):
    class Kind(models.TextChoices):
        VEHICLE = "vehicle", _("Vehicle gate")
        PEDESTRIAN = "pedestrian", _("Pedestrian gate")

    compound = models.ForeignKey(
        Compound, models.CASCADE, related_name="gates", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate")
        verbose_name_plural = _("gates")
        ordering = ["compound", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="gate_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


def whole_picture() -> list[float]:
    return [0.0, 0.0, 1.0, 1.0]


class Lane(models.Model):
    """One way through a gate: a camera looks at it, a barrier or door closes it."""

    class Direction(models.TextChoices):
        ENTRY = "entry", _("In")
        EXIT = "exit", _("Out")

    class Crossing(models.TextChoices):
        LOOP = "loop", _("Known by the loop behind the barrier")
        CONTACT = "contact", _("Known by the door's contact")
        NEXT_CAMERA = "next_camera", _("Known by the next camera")
        ASSUMED = "assumed", _("Assumed after some seconds, and marked so")

    compound = models.ForeignKey(
        Compound, models.CASCADE, related_name="lanes", verbose_name=_("compound")
    )
    gate = models.ForeignKey(Gate, models.CASCADE, related_name="lanes", verbose_name=_("gate"))
    name = models.CharField(_("name"), max_length=40)
    direction = models.CharField(_("direction"), max_length=5, choices=Direction)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    camera = models.ForeignKey(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="watched_lanes",
        verbose_name=_("camera"),
    )
    barrier = models.ForeignKey(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="closed_lanes",
        verbose_name=_("barrier or door"),
    )
    crossing = models.CharField(
        _("how a crossing is known"), max_length=12, choices=Crossing, default=Crossing.ASSUMED
    )
    crossing_after_s = models.PositiveSmallIntegerField(
        _("seconds until a crossing is assumed"), default=12
    )
    roi = models.JSONField(
        _("region of interest"),
        default=whole_picture,
        help_text=_("x, y, width and height as shares of the picture"),
    )
    sure_from = models.FloatField(
        _("confidence from which a reading may open"),
        default=0.85,
        validators=[MinValueValidator(0.5), MaxValueValidator(1.0)],
    )
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("lane")
        verbose_name_plural = _("lanes")
        ordering = ["compound", "gate__order", "order", "name"]
        constraints = [
            models.UniqueConstraint(fields=["gate", "name"], name="lane_name_once"),
            models.CheckConstraint(
                condition=Q(sure_from__gte=0.5, sure_from__lte=1.0), name="lane_sure_from_range"
            ),
        ]

    def __str__(self) -> str:
        return self.name
