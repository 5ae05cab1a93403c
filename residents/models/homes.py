"""What is known of a home beyond its place: address, code to scan, letting, leases."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import PlacesQuerySet
from residents.querysets import LeaseQuerySet, LettingQuerySet, OfficeQuerySet


class StandardAddress(models.Model):
    """The one address of a home (一标三实): district to room, and the police's code for it."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.OneToOneField(
        "community.Unit", models.CASCADE, related_name="address", verbose_name=_("home")
    )
    code = models.CharField(_("address code"), max_length=40, blank=True)
    province = models.CharField(_("province"), max_length=40)
    city = models.CharField(_("city"), max_length=40)
    district = models.CharField(_("district"), max_length=40)
    street = models.CharField(_("street"), max_length=60)
    number = models.CharField(_("street number"), max_length=20, blank=True)
    place = models.CharField(_("compound name"), max_length=60, blank=True)
    building = models.CharField(_("building"), max_length=20)
    entrance = models.CharField(_("entrance"), max_length=20, blank=True)
    floor = models.CharField(_("floor"), max_length=10, blank=True)
    room = models.CharField(_("room"), max_length=20)
    checked_on = models.DateField(_("checked on the spot"), null=True, blank=True)

    objects: ClassVar[Any] = PlacesQuerySet.as_manager()

    class Meta:
        verbose_name = _("standard address")
        verbose_name_plural = _("standard addresses")
        ordering = ["compound", "unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "code"], condition=~Q(code=""), name="address_code_once"
            ),
        ]

    def __str__(self) -> str:
        parts = (self.province, self.city, self.district, self.street, self.number, self.place)
        return "".join([*parts, self.building, self.entrance, self.floor, self.room])


class HomeCode(models.Model):
    """The nonce behind a home's QR code: a fresh one makes older prints useless."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.OneToOneField(
        "community.Unit", models.CASCADE, related_name="home_code", verbose_name=_("home")
    )
    nonce = models.CharField(max_length=32, editable=False)
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("issued by"),
    )

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("home code")
        verbose_name_plural = _("home codes")

    def __str__(self) -> str:
        return str(self.unit)


class Letting(models.Model):
    """A home, or rooms of it, that somebody lets: landlord, agent, who lets on, vacancy."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="lettings", verbose_name=_("home")
    )
    landlord = models.ForeignKey(
        "residents.Person", models.PROTECT, related_name="lettings", verbose_name=_("landlord")
    )
    agent_name = models.CharField(_("agent"), max_length=80, blank=True)
    agent_phone = EncryptedTextField(_("agent's phone"), blank=True)
    #: The tenant who lets on to others, with the landlord's knowledge.
    sublet_by = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="sublettings",
        verbose_name=_("let on by"),
    )
    started_on = models.DateField(_("let since"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    vacant_since = models.DateField(_("empty since"), null=True, blank=True)
    start_reported_on = models.DateField(_("start reported"), null=True, blank=True)
    end_reported_on = models.DateField(_("end reported"), null=True, blank=True)

    objects: ClassVar[Any] = LettingQuerySet.as_manager()

    class Meta:
        verbose_name = _("let home")
        verbose_name_plural = _("let homes")
        ordering = ["compound", "unit__code", "-started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "landlord"],
                condition=Q(ended_on=None),
                name="letting_current_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="letting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.landlord}"


class Lease(models.Model):
    """One lease of a let home, with its filing."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    letting = models.ForeignKey(
        Letting, models.CASCADE, related_name="leases", verbose_name=_("let home")
    )
    tenant = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leases",
        verbose_name=_("tenant"),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    #: The day on which it was over in fact; empty while it runs.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    filing_number = models.CharField(_("filing number"), max_length=40, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)

    objects: ClassVar[Any] = LeaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="lease_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.letting.unit} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"
