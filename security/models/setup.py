"""What an installer has tried out at a lane, and found right."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.querysets import CompoundQuerySet


class SetupQuerySet(CompoundQuerySet[Any]):
    roles = frozenset({"manager", "installer"})


class LaneCheck(models.Model):
    """One thing tried out at one lane with one device; gone once the device is changed."""

    class Step(models.TextChoices):
        REGION = "region", _("Region drawn")
        PLATE = "plate", _("Test plate read")
        BARRIER = "barrier", _("Barrier tested")

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="+")
    lane = models.ForeignKey("community.Lane", models.CASCADE, related_name="setup_checks")
    device = models.ForeignKey("community.Device", models.CASCADE, related_name="+")
    step = models.CharField(_("step"), max_length=8, choices=Step)
    passed_at = models.DateTimeField(_("passed"))
    passed_by = models.ForeignKey("community.User", models.PROTECT, related_name="+")

    objects: ClassVar[Any] = SetupQuerySet.as_manager()

    class Meta:
        verbose_name = _("set-up check")
        verbose_name_plural = _("set-up checks")
        constraints = [
            models.UniqueConstraint(fields=["lane", "step"], name="setup_check_once"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} · {self.get_step_display()}"
