"""Care watch: somebody asked to be looked after when no sign of life is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.querysets import OFFICE
from residents.querysets import OwnQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from community.models import User


class CareQuerySet(OwnQuerySet[Any]):
    """The office, the person, and the one relative they named. Guards are none of them."""

    roles = OFFICE
    own = "person__user"

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated or user.is_superuser:
            return super().visible_to(user)
        mine = super().visible_to(user).values("pk")
        return self.filter(Q(pk__in=mine) | Q(relative__user=user))

    def running(self) -> Self:
        return self.filter(ended_at=None)


class CareWatch(models.Model):
    """One person's wish, with the consent on file; ended at any moment."""

    class Consent(models.TextChoices):
        PERSON = "person", _("By the person")
        FAMILY = "family", _("By the family")

    class Step(models.TextChoices):
        QUIET = "quiet", _("All is well")
        PERSON = "person", _("The person was asked")
        FAMILY = "family", _("The family was asked")
        DESK = "desk", _("The desk has to look")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="care", verbose_name=_("person")
    )
    relative = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="cares_for",
        verbose_name=_("relative to ask"),
    )
    days = models.PositiveSmallIntegerField(_("days without a sign"), default=3)
    consent = models.CharField(_("consent"), max_length=6, choices=Consent)
    consent_note = models.CharField(
        _("where the consent is"), max_length=120, help_text=_("Such as the number of the form")
    )
    consent_at = models.DateTimeField(_("consent given"))
    consent_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken down by"),
    )
    last_sign_at = models.DateTimeField(_("last sign"))
    away_until = models.DateField(_("away until"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=6, choices=Step, default=Step.QUIET)
    stepped_at = models.DateTimeField(_("since"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects: ClassVar[Any] = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("care watch")
        verbose_name_plural = _("care watches")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at=None), name="care_once"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=30), name="care_days"),
            models.CheckConstraint(condition=~Q(consent_note=""), name="care_consent_on_file"),
            models.CheckConstraint(
                condition=Q(step="quiet") | Q(stepped_at__isnull=False), name="care_step_has_time"
            ),
            models.CheckConstraint(
                condition=Q(relative=None) | ~Q(relative=F("person")), name="care_relative_is_other"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)
