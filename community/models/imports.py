"""What every list on its way in has: a head with its state, and the rows that wait."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ListImport(models.Model):
    """A list on its way in: checked whole, then applied in short batches.

    ``faults`` holds ``{"row", "column", "code", "value"}`` for each bad cell, at most 500. A table
    of rows points here with ``batch``, under the name ``staged``.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        CHECKED = "checked", _("Checked")
        REFUSED = "refused", _("With faults")
        APPLYING = "applying", _("Being applied")
        APPLIED = "applied", _("Applied")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    file_name = models.CharField(_("file"), max_length=120)
    digest = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=8, choices=State)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    applied = models.PositiveIntegerField(_("applied"), default=0)
    faults = models.JSONField(_("faults"), default=list, blank=True)
    created_by = models.ForeignKey(
        "community.User", models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ListImportRow(models.Model):
    """A row that was checked and waits: ``values`` is what will be written."""

    number = models.PositiveIntegerField(_("row"))
    values = models.JSONField(_("values"))
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)
