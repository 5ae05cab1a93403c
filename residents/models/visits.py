"""Visits that a home expects, and who of them is inside."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from residents.way_querysets import VisitPartQuerySet, VisitQuerySet, VisitStayQuerySet


class Visit(models.Model):
    """A pass that a home gives: for whom, when, how often. Its secret opens a page and the gate.

    A courier's pass of the day is no home's: it belongs to its ``bearer``, and their duty here
    stands behind it.

    The secret is found by ``digest``; kept encrypted so that host and desk can show it again.
    """

    class Kind(models.TextChoices):
        GUEST = "guest", _("Guest")
        COURIER = "courier", _("Courier")
        TRADE = "trade", _("Tradesperson")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.ForeignKey(
        "community.Unit", models.CASCADE, null=True, blank=True, related_name="visits",
        verbose_name=_("home"),
    )  # fmt: skip
    bearer = models.ForeignKey(
        "community.User", models.CASCADE, null=True, blank=True, related_name="duty_passes",
        verbose_name=_("bearer, with a duty here"),
    )  # fmt: skip
    host = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        related_name="visits",
        verbose_name=_("host"),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.GUEST)
    name = models.CharField(_("visitor"), max_length=80)
    phone = EncryptedTextField(_("phone"), blank=True)
    people = models.PositiveSmallIntegerField(_("how many people"), default=1)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    #: How many times somebody may enter; empty: as often as they like until the end.
    most_entries = models.PositiveSmallIntegerField(_("times"), null=True, blank=True, default=1)
    entries = models.PositiveSmallIntegerField(_("times used"), default=0, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    secret = EncryptedTextField(editable=False)
    #: Six digits to type with the home's number, or to tell the guard. They open no page.
    spoken = EncryptedTextField(blank=True, editable=False)
    spoken_index = models.CharField(max_length=80, blank=True, editable=False)
    #: Let in by a guard after the home said yes, without an invitation before.
    is_walk_in = models.BooleanField(_("came unannounced"), default=False)
    on_behalf = models.BooleanField(_("at the desk, on behalf"), default=False)
    created_at = models.DateTimeField(_("invited"), auto_now_add=True)
    created_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revoked_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )

    objects: ClassVar[Any] = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_start"
            ),
            # The last guard against a pass used more often than it may be.
            models.CheckConstraint(
                condition=Q(most_entries=None) | Q(entries__lte=F("most_entries")),
                name="visit_entries_within_most",
            ),
            models.CheckConstraint(condition=Q(people__gte=1), name="visit_of_somebody"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, bearer=None)
                | Q(unit=None, bearer__isnull=False, kind="courier", host=None, people=1),
                name="visit_of_home_or_bearer",
            ),
            models.UniqueConstraint(
                fields=["unit", "spoken_index"],
                condition=~Q(spoken_index="") & Q(revoked_at=None),
                name="visit_spoken_once_in_a_home",
            ),
        ]
        indexes = [
            models.Index(
                fields=["compound", "ends_at"],
                condition=Q(revoked_at=None),
                name="visit_by_end",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} → {self.unit}" if self.unit else self.name

    @property
    def home(self) -> str:
        """The number of the home that it is for; empty for a courier's pass of the day."""
        return self.unit.code if self.unit else ""

    @property
    def plates(self) -> list[str]:
        """The plates of the cars that may come, in order."""
        return sorted(car.plate for car in self.cars.all())


class VisitPlate(models.Model):
    """A car that a visit may come by; its plate is written as registered ones are."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="cars", verbose_name=_("visit"))
    plate = models.CharField(_("plate"), max_length=10)

    objects: ClassVar[Any] = VisitPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("plate of a visit")
        verbose_name_plural = _("plates of visits")
        ordering = ["plate"]
        constraints = [
            models.UniqueConstraint(fields=["visit", "plate"], name="visit_plate_once"),
            models.CheckConstraint(condition=~Q(plate=""), name="visit_plate_given"),
        ]
        indexes = [models.Index(fields=["compound", "plate"], name="visit_by_plate")]

    def __str__(self) -> str:
        return self.plate


class VisitStay(models.Model):
    """One coming and going of a visit."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    visit = models.ForeignKey(Visit, models.CASCADE, related_name="stays", verbose_name=_("visit"))
    #: The passage of the gate that let them in; its table is further up.
    passage_id = models.BigIntegerField(null=True, blank=True, editable=False)
    #: The car that they came by; empty for those who came on foot.
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    entered_at = models.DateTimeField(_("came"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_by = models.CharField(_("leaving known by"), max_length=12, blank=True)
    overstay_told_at = models.DateTimeField(_("overstay told"), null=True, blank=True)

    objects: ClassVar[Any] = VisitStayQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit's stay")
        verbose_name_plural = _("visits' stays")
        ordering = ["-entered_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")),
                name="visit_left_after_entering",
            ),
            models.UniqueConstraint(
                fields=["passage_id"],
                condition=Q(passage_id__isnull=False),
                name="visit_stay_of_passage_once",
            ),
        ]
        indexes = [
            models.Index(fields=["visit"], condition=Q(left_at=None), name="visit_inside"),
            models.Index(
                fields=["compound", "plate"], condition=Q(left_at=None), name="visit_car_inside"
            ),
        ]

    def __str__(self) -> str:
        return str(self.visit)
