"""The ledger of consents: to which text, for which purpose, by whom, from when to when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.querysets import OFFICE, PlacesQuerySet
from residents.querysets import OwnQuerySet


class ConsentTextQuerySet(PlacesQuerySet[Any]):
    """What people are asked to agree to is no secret to any of them."""

    def current(self, compound: int, purpose: str) -> Any:
        return self.filter(compound_id=compound, purpose=purpose).order_by("-version").first()


class ConsentQuerySet(OwnQuerySet[Any]):
    """The office, and each person their own."""

    roles = OFFICE
    own = "person__user"

    def standing(self) -> Any:
        return self.filter(withdrawn_at=None)


class ConsentText(models.Model):
    """One wording for one purpose. A change is a new version; none is ever altered."""

    class Purpose(models.TextChoices):
        FACE_ENTRY = "face_entry", _("Opening doors by face")
        FACE_PICTURES = "face_pictures", _("Keeping the pictures the face was taken from")
        FACE_SIGNS = "face_signs", _("Counting a passage by face as a sign of life")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=Purpose)
    version = models.PositiveSmallIntegerField(_("version"))
    chinese = models.TextField(_("Chinese text"))
    english = models.TextField(_("English text"), blank=True)
    published_at = models.DateTimeField(_("published"))
    published_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )

    objects: ClassVar[Any] = ConsentTextQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent text")
        verbose_name_plural = _("consent texts")
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "purpose", "version"], name="consent_text_version_once"
            ),
            models.CheckConstraint(condition=~Q(chinese=""), name="consent_text_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.version}"

    @property
    def words(self) -> str:
        """The text in the reader's language; what has no English is shown in Chinese."""
        chinese = (get_language() or "zh").startswith("zh")
        return self.chinese if chinese or not self.english else self.english


class Consent(models.Model):
    """One person's consent to one text; for a child under 14 given by the guardian."""

    class Way(models.TextChoices):
        PHONE = "phone", _("On the phone")
        DESK = "desk", _("At the desk, on paper")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="consents", verbose_name=_("person")
    )
    text = models.ForeignKey(
        ConsentText, models.PROTECT, related_name="consents", verbose_name=_("consent text")
    )
    #: As in the text; here so that the database can keep one standing consent for each purpose.
    purpose = models.CharField(_("purpose"), max_length=16, choices=ConsentText.Purpose)
    way = models.CharField(_("given"), max_length=8, choices=Way)
    child = models.BooleanField(_("under 14 when it was given"), default=False)
    guardian = models.ForeignKey(
        "residents.Person",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("guardian"),
    )
    #: A guardian's consent, once the child is 14: since when they are asked to decide themselves.
    asked_anew_at = models.DateTimeField(_("asked anew"), null=True, blank=True, editable=False)
    given_at = models.DateTimeField(_("given on"))
    given_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("entered by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawal entered by"),
    )

    objects: ClassVar[Any] = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_at=None),
                name="consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(child=False) | Q(guardian__isnull=False), name="child_has_guardian"
            ),
            models.CheckConstraint(
                condition=Q(guardian=None) | ~Q(guardian=F("person")), name="guardian_is_other"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.given_at:%Y-%m-%d}"
