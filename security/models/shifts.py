"""What one shift hands to the next, signed by both guards."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from security.models.scope import GuardedQuerySet


class HandoverQuerySet(GuardedQuerySet):
    def open(self) -> Any:
        """Those that nobody has accepted or withdrawn yet."""
        return self.filter(state__in=[Handover.State.PREPARED, Handover.State.SIGNED])


class Handover(models.Model):
    """Prepared and signed by who leaves, accepted by who comes; kept as it was signed."""

    class State(models.TextChoices):
        PREPARED = "prepared", _("Being prepared")
        SIGNED = "signed", _("Waiting for the next guard")
        ACCEPTED = "accepted", _("Handed over")
        WITHDRAWN = "withdrawn", pgettext_lazy("handover", "Withdrawn")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="handovers", verbose_name=_("compound")
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PREPARED)
    outgoing = models.ForeignKey(
        "community.User", models.PROTECT, related_name="+", verbose_name=_("handed over by")
    )
    incoming = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("taken over by"),
    )
    note = models.TextField(_("what the next guard must know"), max_length=1000, blank=True)
    remark = models.TextField(_("remark of the next guard"), max_length=500, blank=True)
    #: Ids, codes and numbers as they stood when it was signed; see ``security.shifts.snapshot``.
    snapshot = models.JSONField(_("what was handed over"), default=dict, blank=True)
    prepared_at = models.DateTimeField(_("prepared"))
    signed_at = models.DateTimeField(_("signed"), null=True, blank=True)
    accepted_at = models.DateTimeField(pgettext_lazy("handover", "accepted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects: ClassVar[Any] = HandoverQuerySet.as_manager()

    class Meta:
        verbose_name = _("shift handover")
        verbose_name_plural = _("shift handovers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "outgoing"],
                condition=Q(state__in=["prepared", "signed"]),
                name="handover_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "withdrawn"]) | Q(signed_at__isnull=False),
                name="handover_signed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", incoming__isnull=False, accepted_at__isnull=False)
                | Q(~Q(state="accepted"), incoming=None, accepted_at=None),
                name="handover_accepted_has_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(incoming=None) | ~Q(incoming=F("outgoing")),
                name="handover_between_two",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(accepted_at__gte=F("signed_at")),
                name="handover_signed_before_accepted",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
                name="handover_withdrawn_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "-prepared_at"], name="handover_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.outgoing} · {self.get_state_display()}"
