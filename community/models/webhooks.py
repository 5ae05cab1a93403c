"""Receivers elsewhere that hear of events, and each thing they were or will be told."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import ManagerOnlyQuerySet


class Webhook(models.Model):
    """One receiver of one compound's events. ``cursor``: the ledger is queued up to this number."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="webhooks", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=60)
    url = models.CharField(_("address"), max_length=400)
    kinds = models.JSONField(
        _("kinds of events"), default=list, blank=True, help_text=_("None chosen: all of them")
    )
    is_active = models.BooleanField(_("in use"), default=True)
    secret = EncryptedTextField(editable=False)
    old_secret = EncryptedTextField(blank=True, editable=False)
    old_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    cursor = models.PositiveBigIntegerField(default=0, editable=False)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True, editable=False)
    leased_until = models.DateTimeField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="webhook_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class WebhookDelivery(models.Model):
    """One event for one receiver, once in this table, told at least once; or a test."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        DEAD = "dead", _("Given up")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    webhook = models.ForeignKey(
        Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook")
    )
    event = models.ForeignKey(
        "community.Event",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("event"),
        help_text=_("None: a test"),
    )
    key = models.UUIDField(_("delivery"), default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    status = models.PositiveSmallIntegerField(_("answer"), null=True, blank=True)
    code = models.CharField(_("outcome"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("queued"))
    due_at = models.DateTimeField(_("due"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook delivery")
        verbose_name_plural = _("webhook deliveries")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "webhook"], name="delivery_once_per_event"),
        ]
        indexes = [
            models.Index(
                fields=["webhook", "due_at"], condition=Q(state="waiting"), name="delivery_due"
            ),
        ]

    def __str__(self) -> str:
        return str(self.key)
