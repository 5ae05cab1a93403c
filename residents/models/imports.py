"""Lists of people, registrations and homes on their way in. What they hold is sealed at rest."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedJSONField
from community.models.imports import ListImport, ListImportRow
from residents.querysets import ImportRowQuerySet, OfficeQuerySet


class ResidentImport(ListImport):
    """A list on its way in. ``faults`` quotes cells, so it is sealed like the rows."""

    class Kind(models.TextChoices):
        PEOPLE = "people", _("People and registrations")
        HOMES = "homes", _("Homes and addresses")

    kind = models.CharField(_("kind of list"), max_length=6, choices=Kind, default=Kind.PEOPLE)
    faults = EncryptedJSONField(_("faults"), default=list, blank=True)
    #: People (or homes) of the list that are new here, and those that are on file.
    fresh = models.PositiveIntegerField(_("new here"), default=0)
    known = models.PositiveIntegerField(_("on file"), default=0)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta(ListImport.Meta):
        verbose_name = _("resident list")
        verbose_name_plural = _("resident lists")


class ResidentImportRow(ListImportRow):
    batch = models.ForeignKey(ResidentImport, models.CASCADE, related_name="staged")
    values = EncryptedJSONField(_("values"))

    objects: ClassVar[Any] = ImportRowQuerySet.as_manager()

    class Meta(ListImportRow.Meta):
        verbose_name = _("row of a resident list")
        verbose_name_plural = _("rows of resident lists")
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="resident_import_row_once"),
        ]
        indexes = [
            models.Index(
                fields=["batch", "number"],
                condition=Q(applied_at=None),
                name="resident_import_row_waiting",
            ),
        ]
