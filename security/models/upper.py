"""Platforms above us that are told of vehicle passages by GA/T 1400, and what they refused."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import CompoundQuerySet, ManagerOnlyQuerySet


class UpperQuerySet(CompoundQuerySet[Any]):
    roles = frozenset({"manager", "installer"})


class UpperGateQuerySet(UpperQuerySet):
    path = "platform__compound_id"


class UpperPlatform(models.Model):
    """One platform of one compound. ``cursor``: the ledger is told up to this number (ADR 108)."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(
        _("address"), max_length=400, help_text=_("As the platform gave it: http://10.8.0.5:8080")
    )
    number = models.CharField(
        _("our number"), max_length=20, help_text=_("The 20 digits that the platform gave us")
    )
    username = models.CharField(_("User name at the platform"), max_length=60)
    password = EncryptedTextField(editable=False)
    is_active = models.BooleanField(
        _("passages are sent"),
        default=False,
        help_text=_("Only what passes from then on. Who switched it on stands in the ledger."),
    )
    sends_pictures = models.BooleanField(
        _("with the picture of the passage"),
        default=False,
        help_text=_("The scene with the car, made smaller. Nobody's face is cut out of it."),
    )
    alert_after_h = models.PositiveSmallIntegerField(
        _("alert after hours without connection"),
        default=4,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
    )
    switched_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("switched by"),
    )
    switched_at = models.DateTimeField(_("switched"), null=True, blank=True, editable=False)
    cursor = models.PositiveBigIntegerField(default=0, editable=False)
    registered_at = models.DateTimeField(
        _("connected since"), null=True, blank=True, editable=False
    )
    heard_at = models.DateTimeField(_("last answer"), null=True, blank=True, editable=False)
    accepted_at = models.DateTimeField(_("last accepted"), null=True, blank=True, editable=False)
    #: On, and not heard since; None while it is heard.
    silent_since = models.DateTimeField(null=True, blank=True, editable=False)
    alerted_at = models.DateTimeField(null=True, blank=True, editable=False)
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    #: Requests in a row that nobody answered, and that were answered and not taken.
    missed = models.PositiveIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(default=0, editable=False)
    code = models.CharField(max_length=64, blank=True, editable=False)
    said = models.CharField(max_length=120, blank=True, editable=False)
    #: The passage at the head that was not taken, by its number in the ledger, and how often.
    stuck = models.PositiveBigIntegerField(default=0, editable=False)
    tries = models.PositiveIntegerField(default=0, editable=False)
    dropped = models.PositiveIntegerField(_("too old and never sent"), default=0, editable=False)

    objects: ClassVar[Any] = UpperQuerySet.as_manager()

    class Meta:
        verbose_name = _("upper platform")
        verbose_name_plural = _("upper platforms")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="upper_name_once"),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(switched_at__isnull=False),
                name="upper_on_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(alert_after_h__gte=1, alert_after_h__lte=168),
                name="upper_alert_within_week",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class UpperGate(models.Model):
    """A gate whose passages a platform is told of, under the number it gave to the gate.

    ``since``: what the ledger held up to this number was not meant for the platform.
    """

    class Inward(models.TextChoices):
        """Which way cars drive in, as GA/T 1400.3 counts; out is the opposite."""

        UNSAID = "9", _("not said")
        WEST_EAST = "1", _("from west to east")
        EAST_WEST = "2", _("from east to west")
        NORTH_SOUTH = "3", _("from north to south")
        SOUTH_NORTH = "4", _("from south to north")

    platform = models.ForeignKey(
        UpperPlatform, models.CASCADE, related_name="gates", verbose_name=_("upper platform")
    )
    gate = models.ForeignKey(
        "community.Gate", models.CASCADE, related_name="+", verbose_name=_("gate")
    )
    number = models.CharField(_("number at the platform"), max_length=20)
    inward = models.CharField(
        _("cars drive in"), max_length=1, choices=Inward, default=Inward.UNSAID
    )
    since = models.PositiveBigIntegerField(default=0)

    objects: ClassVar[Any] = UpperGateQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate told of")
        verbose_name_plural = _("gates told of")
        ordering = ["gate__order", "gate__name"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "gate"], name="upper_gate_once"),
        ]

    def __str__(self) -> str:
        return str(self.gate)


class UpperRefusal(models.Model):
    """A passage that a platform did not want: never sent again by itself. Goes with the passage."""

    class State(models.TextChoices):
        REFUSED = "refused", _("Refused")
        WAITING = "waiting", _("To be sent again")
        TAKEN = "taken", _("Taken later")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    platform = models.ForeignKey(
        UpperPlatform,
        models.CASCADE,
        related_name="refusals",
        verbose_name=_("upper platform"),
    )
    passage = models.ForeignKey(
        "security.Passage", models.CASCADE, related_name="+", verbose_name=_("passage")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.REFUSED)
    code = models.CharField(_("code"), max_length=64)
    said = models.CharField(_("words of the platform"), max_length=120, blank=True)
    at = models.DateTimeField(_("refused on"))

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("refused passage")
        verbose_name_plural = _("refused passages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "passage"], name="upper_refusal_once"),
        ]
        indexes = [
            models.Index(
                fields=["platform"], condition=Q(state="waiting"), name="upper_refusal_again"
            ),
        ]

    def __str__(self) -> str:
        return str(self.passage)
