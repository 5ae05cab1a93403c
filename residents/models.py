"""People and the homes they live in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from residents.querysets import PersonQuerySet, ResidencyQuerySet


class Person(models.Model):
    """One person's file in one compound. Phone and document are encrypted, found by index."""

    class Document(models.TextChoices):
        RESIDENT_ID = "resident_id", _("Resident ID card")
        PASSPORT = "passport", _("Passport")
        HONG_KONG = "hong_kong", _("Permit for Hong Kong and Macau residents")
        TAIWAN = "taiwan", _("Permit for Taiwan residents")
        FOREIGNER = "foreigner", _("Foreigner's permanent residence card")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="people", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("sign-in"),
    )
    name = models.CharField(_("full name"), max_length=80)
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=80, blank=True, editable=False)
    document_kind = models.CharField(_("document"), max_length=12, choices=Document, blank=True)
    document = EncryptedTextField(_("document number"), blank=True)
    document_index = models.CharField(max_length=80, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["compound", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "document_index"],
                condition=~Q(document_index=""),
                name="person_document_once",
            ),
            models.UniqueConstraint(
                fields=["compound", "user"],
                condition=Q(user__isnull=False),
                name="person_user_once",
            ),
        ]
        indexes = [models.Index(fields=["compound", "phone_index"], name="person_by_phone")]

    def __str__(self) -> str:
        return self.name


class Residency(models.Model):
    """A person lives in a home, or has a right there, from one day to another."""

    class Kind(models.TextChoices):
        OWNER = "owner", _("Owner")
        TENANT = "tenant", _("Tenant")
        FAMILY = "family", _("Family")
        LIVE_IN_HELP = "live_in_help", _("Live-in help")
        EMPLOYEE = "employee", _("Employee")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="residencies", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="residencies", verbose_name=_("home")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects: ClassVar[Any] = ResidencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("residency")
        verbose_name_plural = _("residencies")
        ordering = ["compound", "unit__code", "started_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "unit", "kind"],
                condition=Q(ended_on=None),
                name="residency_current_once",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="residency_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"
