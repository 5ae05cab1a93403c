"""What went to the police station: a receipt per export, with each line as it went out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedJSONField
from residents.querysets import OfficeQuerySet


class ExportReceipt(models.Model):
    """One export: its number is printed, and the same file can be made again from it."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    number = models.CharField(_("receipt"), max_length=20)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    jurisdiction = models.CharField(_("jurisdiction"), max_length=40)
    #: False while lines are still being written: an export that was cut off goes on.
    is_complete = models.BooleanField(_("complete"), default=False)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    #: How many there were to report when it began: for the progress that is shown.
    expected = models.PositiveIntegerField(_("rows to report"), default=0)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("police export")
        verbose_name_plural = _("police exports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "number"], name="receipt_number_once"),
        ]

    def __str__(self) -> str:
        return self.number


class ExportLine(models.Model):
    """One registration as it went out with one receipt."""

    class Change(models.TextChoices):
        ADDED = "added", _("New")
        CHANGED = "changed", _("Changed")
        ENDED = "ended", _("Ended")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    receipt = models.ForeignKey(
        ExportReceipt, models.CASCADE, related_name="lines", verbose_name=_("receipt")
    )
    registration = models.ForeignKey(
        "residents.Registration",
        models.CASCADE,
        related_name="export_lines",
        verbose_name=_("registration"),
    )
    change = models.CharField(_("change"), max_length=8, choices=Change)
    values = EncryptedJSONField(_("values"))

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("line of an export")
        verbose_name_plural = _("lines of exports")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["receipt", "registration"], name="export_line_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_change_display())
