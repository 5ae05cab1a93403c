"""Plates that were read wrongly: what was put right, and what was learnt from it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from security.models.scope import GuardedQuerySet


class Misread(models.Model):
    """A text that cameras read, and a car that it stood for, by a guard's word.

    It only ranks that car first for the next guard: the text may as well be another real car's
    plate, so no decision looks at this table. It goes with the last correction that taught it.
    """

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="+")
    read = models.CharField(_("as read"), max_length=40)
    plate = models.CharField(_("right plate"), max_length=10)
    learnt_at = models.DateTimeField(_("learnt"))

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("learnt misread")
        verbose_name_plural = _("learnt misreads")
        ordering = ["-learnt_at"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "read", "plate"], name="misread_once"),
            models.CheckConstraint(
                condition=~Q(read="") & ~Q(plate=""), name="misread_names_both_plates"
            ),
            models.CheckConstraint(condition=~Q(read=F("plate")), name="misread_differs"),
        ]

    def __str__(self) -> str:
        return f"{self.read} → {self.plate}"


class Correction(models.Model):
    """A passage's plate put right by a person, with what stood there before.

    ``before`` holds the passage's plate, kind, vehicle, outcome, code and facts.
    """

    compound = models.ForeignKey("community.Compound", models.CASCADE, related_name="+")
    passage = models.ForeignKey(
        "security.Passage", models.CASCADE, related_name="corrections", verbose_name=_("passage")
    )
    read = models.CharField(_("as read"), max_length=40, blank=True)
    plate = models.CharField(_("right plate"), max_length=10)
    before = models.JSONField(_("before"), default=dict)
    misread = models.ForeignKey(
        Misread, models.SET_NULL, null=True, blank=True, related_name="corrections"
    )
    made_by = models.ForeignKey(
        "community.User", models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("corrected"))
    undone_by = models.ForeignKey(
        "community.User", models.PROTECT, null=True, blank=True, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)

    objects: ClassVar[Any] = GuardedQuerySet.as_manager()

    class Meta:
        verbose_name = _("correction of a plate")
        verbose_name_plural = _("corrections of plates")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["passage"], condition=Q(undone_at=None), name="correction_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="correction_undone_has_who_and_when",
            ),
            models.CheckConstraint(condition=~Q(plate=""), name="correction_names_a_plate"),
        ]

    def __str__(self) -> str:
        return f"{self.read or _('not read')} → {self.plate}"
