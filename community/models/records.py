"""Messages to people, how long things are kept, keys, and who looked at whom."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedJSONField, EncryptedTextField
from community.querysets import ManagerOnlyQuerySet, NotificationQuerySet


class Notification(models.Model):
    """A message to a user or a bare address; its words are rendered when read.

    ``facts`` hold ids, codes and numbers; ``private`` holds what only the reader may know, such as
    a one-time code, and is emptied when the message has gone out. ``step`` is the next rung of the
    kind's ladder, ``look_at`` when the job process has to look at it again.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="notifications",
        verbose_name=_("to"),
    )
    address = EncryptedTextField(_("address"), blank=True)
    address_index = models.CharField(max_length=80, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=64)
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    private = EncryptedJSONField(default=dict, blank=True, editable=False)
    key = models.CharField(_("idempotency key"), max_length=160, unique=True)
    via = models.CharField(max_length=20, blank=True, editable=False)
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    look_at = models.DateTimeField(null=True, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True, blank=True)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects: ClassVar[Any] = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(
                fields=["look_at"], condition=Q(look_at__isnull=False), name="notification_look"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(address_index=""),
                name="notification_has_reader",
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class RetentionRule(models.Model):
    """How long one class of records is kept, and where the rule comes from."""

    class Subject(models.TextChoices):
        EVENTS = "events", _("Events")
        PICTURES = "pictures", _("Pictures")
        READINGS = "readings", _("Readings")
        LOOKS = "looks", _("Looks at personal data")
        NOTIFICATIONS = "notifications", _("Notifications")
        SIGNS = "signs", _("Signs of life at homes")
        DOCUMENTS = "documents", _("Photographs of documents")
        REQUESTS = "requests", _("Closed requests with their pictures")
        NOTICES = "notices", _("Notices that are over")
        REGISTRATIONS = "registrations", _("Registrations that have ended")
        VISITS = "visits", _("Visits that are over, and calls to homes")
        PARCELS = "parcels", _("Parcels that are gone")
        LICENCES = "licences", _("Pictures of vehicle licences, once answered")
        CAR_REPORTS = "car_reports", _("Disputed stays, cars in the way and in fire lanes")
        PAYMENTS = "payments", _("Parking payments, refunds and receipts")
        DEBTS = "debts", _("Parking debts that are settled, and orders nobody paid")
        FACE_SHOTS = "face_shots", _("Pictures of passages by face")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="retention", verbose_name=_("compound")
    )
    subject = models.CharField(_("what"), max_length=16, choices=Subject)
    days = models.PositiveIntegerField(_("days kept"))
    source = models.CharField(_("source of the rule"), max_length=200)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("retention rule")
        verbose_name_plural = _("retention rules")
        constraints = [
            models.UniqueConstraint(fields=["compound", "subject"], name="retention_once"),
            models.CheckConstraint(condition=Q(days__gte=1), name="retention_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_subject_display()}: {self.days}"


class DataKey(models.Model):
    """What is known of a key (never the key itself) and how far its rotation has come."""

    key_id = models.CharField(_("key"), max_length=32, unique=True)
    purpose = models.CharField(_("purpose"), max_length=16)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    rotation = models.JSONField(_("rotation"), default=dict, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("data key")
        verbose_name_plural = _("data keys")

    def __str__(self) -> str:
        return self.key_id


class Look(models.Model):
    """Somebody looked at somebody's personal data: who, what, why, when."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User", models.PROTECT, related_name="looks", verbose_name=_("who")
    )
    subject = models.CharField(_("table"), max_length=60)
    subject_id = models.BigIntegerField(_("row"))
    field = models.CharField(_("field"), max_length=40)
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("when"), auto_now_add=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at personal data")
        verbose_name_plural = _("looks at personal data")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="look_has_reason"),
        ]
        # Who looked at this file, and whether this reader did just now.
        indexes = [models.Index(fields=["subject_id", "subject", "at"], name="look_by_subject")]

    def __str__(self) -> str:
        return f"{self.user} · {self.subject}.{self.field}"
