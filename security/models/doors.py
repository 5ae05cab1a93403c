"""Doors as their contacts tell, and fire alarms."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from security.models.scope import GuardedQuerySet


class DoorWatch(models.Model):
    """How the contact of a lane's door stood when it was last asked."""

    class Opened(models.TextChoices):
        COMMAND = "command", _("By a command")
        BUTTON = "button", _("By the exit button")
        KEPT = "kept", _("Kept open")
        FORCED = "forced", _("By nothing that is known")
        ASSUMED = "assumed", _("From inside, assumed: this door does not tell of its exit button")

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="+")
    lane = models.OneToOneField("community.Lane", models.CASCADE, related_name="door_watch")
    is_open = models.BooleanField(_("stands open"), default=False)
    since = models.DateTimeField(_("since"))
    #: What the fire alarm's input said last: only a change to yes starts an alarm.
    fire = models.BooleanField(_("fire input"), default=False)
    how = models.CharField(_("opened"), max_length=8, choices=Opened, blank=True)
    #: When the exit button was last pressed, as far as it is known.
    pressed_at = models.DateTimeField(_("exit button pressed"), null=True, blank=True)
    #: How often it was pressed, as the door's controller counts.
    presses = models.PositiveBigIntegerField(null=True, blank=True, editable=False)
    #: Whether its controller tells of an exit button; empty while it was never asked.
    tells_exit = models.BooleanField(_("tells of its exit button"), null=True, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("door's contact")
        verbose_name_plural = _("doors' contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_open=False) | ~Q(how=""), name="door_open_somehow"
            ),
        ]

    def __str__(self) -> str:
        return str(self.lane)


class FireAlarm(models.Model):
    """A fire alarm's input spoke; it stands until somebody ends it on purpose."""

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="fire_alarms")
    lane = models.ForeignKey(
        "community.Lane",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("heard at"),
    )
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("ended by"),
    )

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("fire alarm")
        verbose_name_plural = _("fire alarms")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound"], condition=Q(ended_at=None), name="fire_alarm_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None)
                | Q(ended_at__gte=F("started_at"), ended_by__isnull=False),
                name="fire_alarm_ended_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return str(self.lane or self.compound)
