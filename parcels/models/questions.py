"""Recipients who want to be asked each time: one question for each parcel that comes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from parcels.models.choices import Kind, Way
from parcels.querysets import QuestionQuerySet


class ParcelQuestion(models.Model):
    """A courier stands here with a parcel and its recipient is asked where it is to be left.

    Open until ``until``; an answer counts for this waybill alone. ``settled`` says what the
    courier did at last.
    """

    class Settled(models.TextChoices):
        LOCKER = "locker", _("Put into the locker")
        DESK = "desk", _("Left at the desk")
        DOOR = "door", _("Brought to the door")
        NEIGHBOUR = "neighbour", _("Given to the neighbour")
        GONE = "gone", _("Taken along again")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    carrier = models.ForeignKey(
        "parcels.Carrier", models.PROTECT, related_name="+", verbose_name=_("carrier")
    )
    courier = models.ForeignKey(
        "parcels.Courier", models.SET_NULL, null=True, blank=True, related_name="questions",
        verbose_name=_("courier"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PARCEL)
    waybill = models.CharField(_("waybill"), max_length=40)
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="parcel_questions",
        verbose_name=_("recipient"),
    )  # fmt: skip
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("home"),
    )  # fmt: skip
    parcel = models.ForeignKey(
        "parcels.Parcel", models.SET_NULL, null=True, blank=True, related_name="questions",
        verbose_name=_("parcel"),
    )  # fmt: skip
    asked_at = models.DateTimeField(_("asked"))
    until = models.DateTimeField(_("answer until"))
    way = models.CharField(_("answer"), max_length=9, choices=Way, blank=True)
    neighbour = models.CharField(_("neighbour's home"), max_length=32, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("answered by"),
    )  # fmt: skip
    settled = models.CharField(_("what was done"), max_length=9, choices=Settled, blank=True)
    settled_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects: ClassVar[Any] = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("courier's question")
        verbose_name_plural = _("couriers' questions")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["carrier", "waybill"],
                condition=Q(settled_at=None),
                name="question_open_once",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, way="")
                | Q(answered_at__isnull=False, way__in=["locker", "desk", "door", "neighbour"]),
                name="question_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(settled_at=None, settled="")
                | (Q(settled_at__isnull=False) & ~Q(settled="")),
                name="question_settled_whole",
            ),
            models.CheckConstraint(
                condition=~Q(way="neighbour") | ~Q(neighbour=""), name="question_names_neighbour"
            ),
        ]
        indexes = [
            models.Index(fields=["person", "-id"], name="question_of_person"),
            models.Index(fields=["courier", "-id"], name="question_of_courier"),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} …{self.tail}"

    @property
    def tail(self) -> str:
        return self.waybill[-4:]

    def is_open(self, now: datetime) -> bool:
        """Whether an answer counts now: in time, and the parcel is not gone another way."""
        waits = self.settled in ("", self.Settled.DESK)
        return self.answered_at is None and now < self.until and waits
