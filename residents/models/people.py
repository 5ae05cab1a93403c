"""People, their households, and what they hold in which home."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import BlindTailField, EncryptedTextField
from residents import codes
from residents.querysets import HouseholdQuerySet, PersonQuerySet, PhoneQuerySet, ResidencyQuerySet


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
    name_latin = models.CharField(_("name in Latin letters"), max_length=80, blank=True)
    sex = models.CharField(_("sex"), max_length=1, choices=codes.Sex, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    ethnicity = models.CharField(
        _("ethnicity"), max_length=2, choices=list(codes.ETHNICITIES.items()), blank=True
    )
    nationality = models.CharField(
        _("nationality"), max_length=3, blank=True, help_text=_("Three letters, such as CHN")
    )
    phone = EncryptedTextField(_("phone"), blank=True)
    phone_index = models.CharField(max_length=80, blank=True, editable=False)
    phone_tail_index = BlindTailField(of="phone", length=4)
    #: Since when this person is known to answer this number; empty: it opens no account.
    phone_confirmed_at = models.DateTimeField(_("phone confirmed"), null=True, blank=True)
    document_kind = models.CharField(_("document"), max_length=12, choices=Document, blank=True)
    document = EncryptedTextField(_("document number"), blank=True)
    document_index = models.CharField(max_length=80, blank=True, editable=False)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    needs = models.JSONField(_("needs"), default=list, blank=True)
    #: The file that this one was merged into; it is then empty and shown to nobody.
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
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
            # A number opens one account: who got it from the network later does not inherit it.
            models.UniqueConstraint(
                fields=["compound", "phone_index"],
                condition=Q(phone_confirmed_at__isnull=False) & ~Q(phone_index=""),
                name="person_phone_confirmed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "name", "id"], name="person_by_name"),
            models.Index(fields=["compound", "phone_index"], name="person_by_phone"),
            models.Index(fields=["compound", "phone_tail_index"], name="person_by_phone_tail"),
        ]

    def __str__(self) -> str:
        return self.name


class OtherPhone(models.Model):
    """A further number of a person: work, family, whom to call in need."""

    class Kind(models.TextChoices):
        HOME = "home", _("At home")
        WORK = "work", _("At work")
        EMERGENCY = "emergency", _("In an emergency")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="other_phones", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.EMERGENCY)
    name = models.CharField(_("who answers"), max_length=80, blank=True)
    phone = EncryptedTextField(_("phone"))
    phone_index = models.CharField(max_length=80, editable=False)

    objects: ClassVar[Any] = PhoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("further phone")
        verbose_name_plural = _("further phones")
        constraints = [
            models.UniqueConstraint(fields=["person", "phone_index"], name="other_phone_once"),
        ]
        indexes = [models.Index(fields=["compound", "phone_index"], name="other_by_phone")]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class Household(models.Model):
    """Those who live together in a home; two of them may share one."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, related_name="households", verbose_name=_("home")
    )
    started_on = models.DateField(_("first day"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    objects: ClassVar[Any] = HouseholdQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="household_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit)


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
    household = models.ForeignKey(
        Household,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("household"),
    )
    is_head = models.BooleanField(_("head of the household"), default=False)
    relation = models.CharField(
        _("relation to the head"), max_length=2, choices=codes.Relation, blank=True
    )

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
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, ended_on=None),
                name="household_one_head",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.unit}"
