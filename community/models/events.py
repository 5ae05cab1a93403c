"""The ledger's tables. Append-only: triggers refuse updates and early deletes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets import EventQuerySet, ManagerOnlyQuerySet


class LedgerHead(models.Model):
    """Last number given in a compound, and the number below which retention has cut."""

    compound = models.OneToOneField(
        "community.Compound",
        models.CASCADE,
        primary_key=True,
        related_name="ledger",
        verbose_name=_("compound"),
    )
    last = models.PositiveBigIntegerField(default=0)
    low_water = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(low_water__lte=models.F("last")), name="ledger_low_below_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.compound_id}: {self.low_water}-{self.last}"


class Event(models.Model):
    """One thing that happened; ids, codes and numbers only, so that it may stay for ever."""

    compound = models.ForeignKey(
        "community.Compound", models.PROTECT, related_name="events", verbose_name=_("compound")
    )
    sequence = models.PositiveBigIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=64)
    at = models.DateTimeField(_("happened"))
    recorded_at = models.DateTimeField(_("recorded"))
    actor = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    payload = models.JSONField(_("payload"), default=dict)

    objects: ClassVar[Any] = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-compound_id", "-sequence"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "sequence"], name="event_sequence_once"),
        ]
        indexes = [
            models.Index(fields=["compound", "kind", "sequence"], name="event_by_kind"),
            models.Index(fields=["compound", "at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.kind}"


class HandlerRun(models.Model):
    """The promise that a handler sees an event, kept once: unique per event and handler."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        DONE = "done", _("Done")
        PARKED = "parked", _("Parked")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    event = models.ForeignKey(
        Event, models.CASCADE, related_name="handler_runs", verbose_name=_("event")
    )
    handler = models.CharField(_("handler"), max_length=80)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("last error"), max_length=200, blank=True)
    due_at = models.DateTimeField(_("due"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("handler run")
        verbose_name_plural = _("handler runs")
        constraints = [
            models.UniqueConstraint(fields=["event", "handler"], name="handler_once_per_event"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="handler_due"),
            models.Index(fields=["due_at"], condition=Q(state="parked"), name="handler_parked"),
        ]

    def __str__(self) -> str:
        return f"{self.handler} · {self.event_id}"
