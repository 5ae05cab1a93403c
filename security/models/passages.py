"""What was decided at a lane, and lanes that stand open."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from security.models.scope import GuardedQuerySet


class Passage(models.Model):
    """One car, or somebody on foot, at one lane: what was decided, why, and how it ended."""

    class Outcome(models.TextChoices):
        ALLOW = "allow", _("Opened")
        DENY = "deny", _("Refused")
        ASK = "ask", _("Waiting for a guard")
        FAIL = "fail", _("Not read")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")  # a guard decides
        OPENED = "opened", _("Opened")  # a command was ordered, the crossing is awaited
        REFUSED = "refused", _("Refused")
        CROSSED = "crossed", _("Crossed")
        GONE = "gone", _("Gone")  # turned back, or its moment passed
        STORED = "stored", _("Stored only")  # history: came too late to act on

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="passages", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.PROTECT, related_name="passages", verbose_name=_("lane")
    )
    direction = models.CharField(_("direction"), max_length=5)
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    read_as = models.CharField(
        _("as read"), max_length=40, blank=True, help_text=_("Where a person put the plate right")
    )
    kind = models.CharField(_("plate kind"), max_length=12, default="unknown")
    confidence = models.FloatField(_("confidence"), default=0.0)
    vehicle = models.ForeignKey(
        "parking.Vehicle",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("vehicle"),
    )
    #: On foot: what was shown at the door, and whose it was; empty for cars.
    way = models.CharField(_("way in"), max_length=8, blank=True)
    person = models.ForeignKey(
        "residents.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("person"),
    )
    visit = models.ForeignKey(
        "residents.Visit",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="passages",
        verbose_name=_("visit"),
    )
    picture = models.ForeignKey(
        "security.Picture", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    outcome = models.CharField(_("decision"), max_length=5, choices=Outcome)
    code = models.CharField(_("rule"), max_length=64)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State)
    seen_at = models.DateTimeField(_("seen"))
    decided_at = models.DateTimeField(_("decided"))
    by_hand = models.BooleanField(_("by hand"), default=False)
    decided_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    command = models.OneToOneField(
        "community.Command", models.SET_NULL, null=True, blank=True, related_name="passage"
    )
    crossed_at = models.DateTimeField(_("crossed"), null=True, blank=True)
    crossing = models.CharField(_("crossing known by"), max_length=12, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("passage")
        verbose_name_plural = _("passages")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(decided_by__isnull=False) & ~Q(reason=""),
                name="passage_by_hand_has_who_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="crossed") | Q(crossed_at__isnull=False),
                name="passage_crossed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "-seen_at"], name="passage_by_time"),
            models.Index(
                fields=["lane", "-id"],
                condition=Q(state__in=["waiting", "opened"]),
                name="passage_open",
            ),
            models.Index(fields=["compound", "plate"], name="passage_by_plate"),
            # Who waits now: few, among all that ever passed.
            models.Index(fields=["state", "compound", "seen_at"], name="passage_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.plate or _('not read')} · {self.get_outcome_display()}"


class KeepOpen(models.Model):
    """A lane held open with a reason and an end; one at a time."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.CASCADE, related_name="keep_opens", verbose_name=_("lane")
    )
    reason = models.CharField(_("reason"), max_length=40)
    note = models.CharField(_("note"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    started_by = models.ForeignKey(
        "community.User", models.PROTECT, related_name="+", verbose_name=_("by")
    )
    released_at = models.DateTimeField(_("released"), null=True, blank=True)
    released_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("lane kept open")
        verbose_name_plural = _("lanes kept open")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["lane"], condition=Q(released_at=None), name="keep_open_once"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=models.F("started_at")), name="keep_open_has_end"
            ),
        ]

    def __str__(self) -> str:
        return str(self.lane)
