"""A car's time inside the compound."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.querysets import CompoundQuerySet
from parking.models.vehicles import Vehicle


class Stay(models.Model):
    """A car's time inside: one open stay per plate and compound."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="stays", verbose_name=_("compound")
    )
    plate = models.CharField(_("plate"), max_length=10)
    vehicle = models.ForeignKey(
        Vehicle,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="stays",
        verbose_name=_("vehicle"),
    )
    entered_at = models.DateTimeField(_("in"), null=True, blank=True)
    left_at = models.DateTimeField(_("out"), null=True, blank=True)
    entry_passage = models.BigIntegerField(
        null=True, blank=True, unique=True, verbose_name=_("entry passage")
    )
    exit_passage = models.BigIntegerField(
        null=True, blank=True, unique=True, verbose_name=_("exit passage")
    )
    assumed = models.BooleanField(_("a crossing was assumed"), default=False)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("stay")
        verbose_name_plural = _("stays")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "plate"], condition=Q(left_at=None), name="stay_open_once"
            ),
            models.CheckConstraint(
                condition=Q(entered_at__isnull=False) | Q(left_at__isnull=False),
                name="stay_has_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "plate", "-entered_at"], name="stay_by_plate"),
        ]

    def __str__(self) -> str:
        return self.plate
