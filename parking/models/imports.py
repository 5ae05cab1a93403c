"""Lists of vehicles on their way in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models.imports import ListImport, ListImportRow
from community.querysets import CompoundQuerySet
from parking.querysets import ImportRowQuerySet


class VehicleImport(ListImport):
    """A list of vehicles on its way in."""

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta(ListImport.Meta):
        verbose_name = _("vehicle import")
        verbose_name_plural = _("vehicle imports")


class VehicleImportRow(ListImportRow):
    batch = models.ForeignKey(VehicleImport, models.CASCADE, related_name="staged")

    objects: ClassVar[Any] = ImportRowQuerySet.as_manager()

    class Meta(ListImportRow.Meta):
        verbose_name = _("row of a vehicle import")
        verbose_name_plural = _("rows of vehicle imports")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="import_row_once"),
        ]
        indexes = [
            models.Index(
                fields=["batch", "number"],
                condition=Q(applied_at=None),
                name="import_row_waiting",
            ),
        ]
