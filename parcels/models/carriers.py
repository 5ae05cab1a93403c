"""Carriers, the people who bring their parcels, and the codes they sign in with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet
from parcels.querysets import CourierPartQuerySet, DeskQuerySet


class Carrier(models.Model):
    """A parcel or mail company that delivers here."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=40)
    is_active = models.BooleanField(_("in use"), default=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("carrier")
        verbose_name_plural = _("carriers")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="carrier_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Courier(models.Model):
    """A courier's account with one carrier. What is stored of them serves deliveries alone."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    carrier = models.ForeignKey(
        Carrier, models.PROTECT, related_name="couriers", verbose_name=_("carrier")
    )
    user = models.ForeignKey(
        "community.User", models.PROTECT, related_name="courier_of", verbose_name=_("sign-in")
    )
    name = models.CharField(_("full name"), max_length=80)
    phone = EncryptedTextField(_("phone"))
    phone_index = models.CharField(max_length=80, editable=False)
    most_a_day = models.PositiveSmallIntegerField(_("parcels a day at most"), default=200)
    #: Recipients asked for and not found, since when; too many, and the account waits.
    misses = models.PositiveSmallIntegerField(default=0, editable=False)
    misses_since = models.DateTimeField(null=True, blank=True, editable=False)
    locked_until = models.DateTimeField(_("waits until"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = DeskQuerySet.as_manager()

    class Meta:
        verbose_name = _("courier")
        verbose_name_plural = _("couriers")
        ordering = ["compound", "carrier", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "phone_index"],
                condition=Q(ended_at=None),
                name="courier_phone_once",
            ),
            models.UniqueConstraint(
                fields=["compound", "user"], condition=Q(ended_at=None), name="courier_user_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.name}"


class CourierCode(models.Model):
    """A one-time code that signs a courier in: kept as a hash, for some minutes."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    courier = models.ForeignKey(
        Courier, models.CASCADE, related_name="codes", verbose_name=_("courier")
    )
    digest = models.CharField(max_length=80, editable=False)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    tries = models.PositiveSmallIntegerField(_("wrong guesses"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects: ClassVar[Any] = CourierPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("courier's code")
        verbose_name_plural = _("couriers' codes")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.courier)
