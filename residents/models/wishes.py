"""What people ask of the desk, and what the desk marked in their forms."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from residents.models.people import Person
from residents.models.registrations import Registration
from residents.querysets import OfficeQuerySet, WishQuerySet


class FormRemark(models.Model):
    """What is wrong at one field of a returned form; gone when the form is handed in again."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="remarks", verbose_name=_("registration")
    )
    field = models.CharField(_("field"), max_length=40)
    text = models.CharField(_("what to correct"), max_length=200)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark on a form")
        verbose_name_plural = _("remarks on forms")
        constraints = [
            models.UniqueConstraint(fields=["registration", "field"], name="remark_field_once"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"


class Ending(models.Model):
    """A landlord says that a tenant moved out; it counts once the tenant or the desk agrees."""

    class State(models.TextChoices):
        OPEN = "open", _("To be confirmed")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Still lives there")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    registration = models.ForeignKey(
        Registration, models.CASCADE, related_name="endings", verbose_name=_("registration")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="endings", verbose_name=_("tenant")
    )
    ended_on = models.DateField(_("moved out on"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    asked_at = models.DateTimeField(_("said at"))
    answered_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects: ClassVar[Any] = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("moving out said by the landlord")
        verbose_name_plural = _("moving out said by landlords")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["registration"], condition=Q(state="open"), name="ending_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_at__isnull=False),
                name="ending_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registration} {self.ended_on:%Y-%m-%d}"


class DataRequest(models.Model):
    """Somebody asks for their data to be corrected or erased; the desk answers."""

    class Kind(models.TextChoices):
        CORRECT = "correct", _("Correct")
        ERASE = "erase", _("Erase")

    class State(models.TextChoices):
        OPEN = "open", _("At the desk")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Not possible")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="data_requests", verbose_name=_("person")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    text = EncryptedTextField(_("what is asked"), blank=True)
    on_behalf = models.BooleanField(_("asked at the desk"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    made_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("asked"))
    answer = EncryptedTextField(_("answer"), blank=True)
    answered_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)

    objects: ClassVar[Any] = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about one's data")
        verbose_name_plural = _("requests about one's data")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="open", kind="erase"),
                name="erasure_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answered_at__isnull=False),
                name="request_answered_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.person}"
