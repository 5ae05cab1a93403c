"""What a person must see to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from security.models.scope import GuardedQuerySet


class Alert(models.Model):
    """Something that a person must see to: open until somebody closes it."""

    class Severity(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        IMPORTANT = 2, _("Important")
        NOTICE = 3, _("Notice")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        CLOSED = "closed", _("Closed")

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="alerts")
    kind = models.CharField(_("kind"), max_length=64)
    key = models.CharField(max_length=120)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    device = models.ForeignKey(
        "community.Device", models.SET_NULL, null=True, blank=True, related_name="alerts"
    )
    lane = models.ForeignKey(
        "community.Lane", models.SET_NULL, null=True, blank=True, related_name="alerts"
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised"))
    taken_by = models.ForeignKey(
        "community.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["severity", "raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "key"], condition=~Q(state="closed"), name="alert_open_once"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
