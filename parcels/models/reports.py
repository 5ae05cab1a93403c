"""What recipients say of a parcel, and the pictures of parcels."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from parcels.models.parcels import Parcel
from parcels.querysets import OfParcelQuerySet


class ParcelReport(models.Model):
    """The recipient says that a parcel is wrong, damaged or missing; the desk answers."""

    class What(models.TextChoices):
        WRONG = "wrong", _("Not mine")
        DAMAGED = "damaged", _("Damaged")
        MISSING = "missing", _("It was not there")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    parcel = models.ForeignKey(
        Parcel, models.CASCADE, related_name="reports", verbose_name=_("parcel")
    )
    what = models.CharField(_("what is wrong"), max_length=8, choices=What)
    text = EncryptedTextField(_("in words"), blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)
    made_at = models.DateTimeField(_("reported"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip

    objects: ClassVar[Any] = OfParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("report on a parcel")
        verbose_name_plural = _("reports on parcels")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["parcel"], condition=Q(answered_at=None), name="parcel_report_open_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_what_display())


class ParcelPicture(models.Model):
    """A picture: by the courier, with a report, or of a signature. Sealed, its key in this row."""

    class What(models.TextChoices):
        COURIER = "courier", _("By the courier")
        REPORT = "report", _("With the report")
        SIGNATURE = "signature", _("Signature")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    parcel = models.ForeignKey(
        Parcel, models.CASCADE, related_name="pictures", verbose_name=_("parcel")
    )
    what = models.CharField(_("what"), max_length=9, choices=What)
    file = models.CharField(max_length=120, unique=True, editable=False)
    seal = EncryptedTextField(editable=False)
    taken_at = models.DateTimeField(_("when"))

    objects: ClassVar[Any] = OfParcelQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture of a parcel")
        verbose_name_plural = _("pictures of parcels")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.get_what_display())
