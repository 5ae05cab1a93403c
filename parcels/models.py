"""Locker banks and their compartments."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.querysets import PlacesQuerySet
from parcels.querysets import CompartmentQuerySet


class LockerBank(models.Model):
    compound = models.ForeignKey(
        "community.Compound",
        models.CASCADE,
        related_name="locker_banks",
        verbose_name=_("compound"),
    )
    name = models.CharField(_("name"), max_length=40)
    place = models.CharField(_("place"), max_length=80, blank=True)
    device = models.OneToOneField(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="locker_bank",
        verbose_name=_("device"),
    )

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("locker bank")
        verbose_name_plural = _("locker banks")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="locker_bank_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Compartment(models.Model):
    class Size(models.TextChoices):
        SMALL = "small", _("Small")
        MEDIUM = "medium", _("Medium")
        LARGE = "large", _("Large")

    bank = models.ForeignKey(
        LockerBank, models.CASCADE, related_name="compartments", verbose_name=_("locker bank")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    size = models.CharField(_("size"), max_length=6, choices=Size)
    is_faulty = models.BooleanField(_("out of order"), default=False)

    objects: ClassVar[Any] = CompartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("compartment")
        verbose_name_plural = _("compartments")
        ordering = ["bank", "number"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "number"], name="compartment_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.number:02d}"
