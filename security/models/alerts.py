"""What a person must see to."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.verdicts import sentence
from security.models.scope import GuardedQuerySet


def _holds(**filled: bool) -> Q:
    """Whether each of these columns is filled, or empty."""
    return Q(**{f"{name}__isnull": not full for name, full in filled.items()})


class Alert(models.Model):
    """Something that a person must see to: taken, given to a guard, closed with an outcome.

    ``STEPS`` are the moves of a person; a device's own news closes an alert from any state.
    """

    class Severity(models.IntegerChoices):
        URGENT = 1, _("Urgent")
        IMPORTANT = 2, _("Important")
        NOTICE = 3, pgettext_lazy("severity", "Notice")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        ACKNOWLEDGED = "acknowledged", _("Acknowledged")
        ASSIGNED = "assigned", _("Assigned")
        CLOSED = "closed", _("Closed")

    class Ending(models.TextChoices):
        PUT_RIGHT = "put_right", _("Put right")
        FALSE_ALARM = "false_alarm", _("Nothing was wrong")
        PASSED_ON = "passed_on", _("Passed on to repair or the manager")
        OTHER = "other", _("Other")
        OVER = "over", _("Over by itself")  # what raised it took it back

    STEPS: ClassVar[dict[str, frozenset[str]]] = {
        State.OPEN: frozenset({State.ACKNOWLEDGED}),
        State.ACKNOWLEDGED: frozenset({State.ASSIGNED, State.CLOSED}),
        State.ASSIGNED: frozenset({State.ASSIGNED, State.CLOSED}),
        State.CLOSED: frozenset(),
    }

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="alerts", verbose_name=_("compound")
    )
    kind = models.CharField(_("kind"), max_length=64)
    key = models.CharField(max_length=120)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=Severity)
    device = models.ForeignKey(
        "community.Device",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("device"),
    )
    lane = models.ForeignKey(
        "community.Lane",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="alerts",
        verbose_name=_("lane"),
    )
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised"))
    taken_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken by"),
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assigned to"),
    )
    assigned_at = models.DateTimeField(_("assigned"), null=True, blank=True)
    closed_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("closed by"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    ending = models.CharField(_("how it ended"), max_length=12, choices=Ending, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["severity", "raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "key"], condition=~Q(state="closed"), name="alert_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ending="")
                & _holds(taken_by=False, assigned_to=False, closed_at=False)
                | Q(state="acknowledged", ending="")
                & _holds(taken_by=True, taken_at=True, assigned_to=False, closed_at=False)
                | Q(state="assigned", ending="")
                & _holds(taken_by=True, assigned_to=True, assigned_at=True, closed_at=False)
                | Q(state="closed") & ~Q(ending="") & _holds(closed_at=True),
                name="alert_state_fits",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | Q(ending="over", closed_by=None)
                | ~Q(ending="over") & Q(closed_by__isnull=False),
                name="alert_closed_by_person_or_itself",
            ),
        ]
        indexes = [
            models.Index(
                fields=["compound", "severity", "raised_at"],
                condition=~Q(state="closed"),
                name="alert_open",
            ),
            models.Index(fields=["compound", "-raised_at"], name="alert_by_time"),
        ]

    def __str__(self) -> str:
        """Its sentence, in the active language."""
        name = self.device.name if self.device else str(self.lane or "")
        return sentence(f"alert.{self.kind}", {"name": name, **self.facts})
