"""Vehicles registered to homes, and the kinds of plates."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from parking.querysets import VehicleQuerySet


class PlateKind(models.TextChoices):
    BLUE = "blue", _("Blue plate")
    YELLOW = "yellow", _("Yellow plate")
    GREEN = "green", _("Green plate")
    GREEN_LARGE = "green_large", _("Green and yellow plate")
    WHITE = "white", _("White plate")
    BLACK = "black", _("Black plate")
    UNKNOWN = "unknown", _("Kind not known")


class Vehicle(models.Model):
    """A car registered to a home. Ended, never deleted: old passages still point to it."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="vehicles", verbose_name=_("compound")
    )
    plate = models.CharField(_("plate"), max_length=10)
    kind = models.CharField(
        _("plate kind"), max_length=12, choices=PlateKind, default=PlateKind.UNKNOWN
    )
    colour = models.CharField(_("car colour"), max_length=20, blank=True)
    unit = models.ForeignKey(
        "community.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("home"),
    )
    owner = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="vehicles",
        verbose_name=_("owner"),
    )
    pool = models.ForeignKey(
        "parking.Pool", models.SET_NULL, null=True, blank=True, related_name="cars",
        verbose_name=_("home's places"),
    )  # fmt: skip
    valid_from = models.DateField(_("first day"))
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    barred_reason = models.CharField(_("barred because"), max_length=120, blank=True)
    barred_until = models.DateField(_("barred until"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    #: What a registration may be on a day.
    STATES: ClassVar[dict[str, Any]] = {
        "valid": _("Valid"),
        "early": _("Not valid yet"),
        "expired": _("Expired"),
        "barred": _("Kept out"),
        "ended": _("Ended"),
    }
    objects: ClassVar[Any] = VehicleQuerySet.as_manager()

    class Meta:
        verbose_name = _("vehicle")
        verbose_name_plural = _("vehicles")
        ordering = ["compound", "plate"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "plate"],
                condition=Q(ended_at=None),
                name="vehicle_plate_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="vehicle_valid_range",
            ),
            models.CheckConstraint(condition=~Q(plate=""), name="vehicle_has_plate"),
        ]

    def __str__(self) -> str:
        return self.plate

    def state_on(self, day: date) -> str:
        """A key of ``STATES``: how the registration stands on a day."""
        if self.ended_at is not None:
            return "ended"
        if self.is_barred_on(day):
            return "barred"
        if self.valid_from > day:
            return "early"
        return "expired" if self.valid_until is not None and self.valid_until < day else "valid"

    def is_barred_on(self, day: date) -> bool:
        """Whether the car is barred on a day of the compound's calendar."""
        return bool(self.barred_reason) and (self.barred_until is None or self.barred_until >= day)
