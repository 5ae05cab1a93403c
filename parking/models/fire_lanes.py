"""Fire lanes that a camera watches with a clock, and the cars that stood in them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.fields import EncryptedTextField
from community.models.places import whole_picture
from parking.models.vehicles import Vehicle
from parking.wish_querysets import FireCaseQuerySet, FireLaneQuerySet, SightingQuerySet


class FireLane(models.Model):
    """A region of a camera's picture in which no car may stand (消防车通道)."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="fire_lanes", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=40)
    camera = models.ForeignKey(
        "community.Device", models.PROTECT, related_name="fire_lanes", verbose_name=_("camera")
    )
    roi = models.JSONField(
        _("region of interest"),
        default=whole_picture,
        help_text=_("x, y, width and height as shares of the picture"),
    )
    #: Corners of the lane as (x, y) shares of the picture; without them it is the whole rectangle.
    corners = models.JSONField(_("corners"), default=list, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes until the owner is told"), default=3,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )  # fmt: skip
    grace_minutes = models.PositiveSmallIntegerField(
        _("minutes to drive away after that"), default=10,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = FireLaneQuerySet.as_manager()

    class Meta:
        verbose_name = _("fire lane")
        verbose_name_plural = _("fire lanes")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="fire_lane_name_once"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, grace_minutes__gte=1), name="fire_lane_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class FireCase(models.Model):
    """One car in one fire lane, from its first sighting to its last."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        FireLane, models.PROTECT, related_name="cases", verbose_name=_("fire lane")
    )
    plate = models.CharField(_("plate"), max_length=10)
    vehicle = models.ForeignKey(
        Vehicle, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("vehicle"),
    )  # fmt: skip
    first_at = models.DateTimeField(_("first seen"))
    last_at = models.DateTimeField(pgettext_lazy("parking", "last seen"))
    told_at = models.DateTimeField(_("owner told"), null=True, blank=True)
    guard_at = models.DateTimeField(_("given to the guard"), null=True, blank=True)
    pack_at = models.DateTimeField(_("evidence kept since"), null=True, blank=True)
    left_at = models.DateTimeField(_("gone"), null=True, blank=True)

    objects: ClassVar[Any] = FireCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("car in a fire lane")
        verbose_name_plural = _("cars in fire lanes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane", "plate"], condition=Q(left_at=None), name="fire_case_open_once"
            ),
            models.CheckConstraint(
                condition=Q(last_at__gte=F("first_at")), name="fire_case_in_order"
            ),
            models.CheckConstraint(
                condition=Q(pack_at=None) | Q(told_at__isnull=False) | Q(guard_at__isnull=False),
                name="fire_owner_told_first",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "-first_at"], name="fire_case_by_time"),
        ]

    def __str__(self) -> str:
        return self.plate

    @property
    def minutes(self) -> int:
        """Whole minutes from the first sighting to the last."""
        return int((self.last_at - self.first_at).total_seconds() // 60)


class FireSighting(models.Model):
    """The car was seen there at a moment, with the picture if there is one."""

    case = models.ForeignKey(
        FireCase, models.CASCADE, related_name="sightings", verbose_name=_("car in a fire lane")
    )
    at = models.DateTimeField(_("when"))
    file = models.CharField(max_length=120, blank=True, editable=False)
    seal = EncryptedTextField(blank=True, editable=False)

    objects: ClassVar[Any] = SightingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sighting in a fire lane")
        verbose_name_plural = _("sightings in fire lanes")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "at"], name="fire_sighting_once"),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.at}"
