"""How messages reach people: channels, deliveries, preferences, browsers, quiet hours."""

from __future__ import annotations

from datetime import time
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedJSONField, EncryptedTextField
from community.querysets import CompoundQuerySet, DeliveryQuerySet, OwnQuerySet


class Medium(models.TextChoices):
    """What carries a message; a driver speaks to one provider of it."""

    SMS = "sms", _("SMS")
    OFFICIAL_ACCOUNT = "official_account", _("WeChat official account")
    WEB_PUSH = "web_push", _("Browser message")
    EMAIL = "email", _("E-mail")
    WECOM = "wecom", _("WeCom group")
    PAPER = "paper", _("Paper from the desk")


class Channel(models.Model):
    """One compound's way to one medium, through one driver."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="channels", verbose_name=_("compound")
    )
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    driver = models.CharField(_("driver"), max_length=40)
    settings = models.JSONField(
        _("settings"), default=dict, blank=True, help_text=_("Address and options, no secrets")
    )
    credentials = EncryptedJSONField(_("credentials"), default=dict, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    trouble = models.CharField(_("what is wrong"), max_length=64, blank=True)
    trouble_since = models.DateTimeField(_("since"), null=True, blank=True)
    worked_at = models.DateTimeField(_("last worked"), null=True, blank=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("message channel")
        verbose_name_plural = _("message channels")
        ordering = ["compound", "medium"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "medium"], name="channel_medium_once"),
            models.CheckConstraint(
                condition=~Q(medium="paper"), name="channel_paper_needs_no_channel"
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_medium_display())


class Delivery(models.Model):
    """One message on one medium: pending → sending → sent → delivered, or failed, or given up.

    ``sending`` is committed before any I/O. Deliveries that went out as one message share
    ``bundle``, which is also the name under which a provider can tell a repeat.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Failed")
        GIVEN_UP = "given_up", _("Given up")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    notification = models.ForeignKey(
        "community.Notification",
        models.CASCADE,
        related_name="deliveries",
        verbose_name=_("message"),
    )
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.PENDING)
    code = models.CharField(_("what happened"), max_length=64, blank=True)
    recipient = models.CharField(max_length=100, editable=False)
    address = EncryptedTextField(_("address"), blank=True, editable=False)
    bundle = models.CharField(_("sent as"), max_length=40, blank=True, editable=False)
    reference = models.CharField(_("provider's number"), max_length=100, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"))
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[Any] = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("message sent")
        verbose_name_plural = _("messages sent")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notification", "medium"], name="delivery_once_per_medium"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "sending"], finished_at=None)
                | Q(
                    state__in=["sent", "delivered", "failed", "given_up"], finished_at__isnull=False
                ),
                name="delivery_finished_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(state__in=["pending", "sending"]),
                name="message_delivery_due",
            ),
            models.Index(fields=["recipient", "medium"], name="message_by_recipient"),
            models.Index(fields=["compound", "state", "-id"], name="message_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_medium_display()} · {self.get_state_display()}"


class ContactPoint(models.Model):
    """An address that a person gave for one medium: e-mail, openid, or a phone of staff."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User", models.CASCADE, related_name="contact_points", verbose_name=_("user")
    )
    medium = models.CharField(_("medium"), max_length=20, choices=Medium)
    address = EncryptedTextField(_("address"))
    address_index = models.CharField(max_length=80, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact address")
        verbose_name_plural = _("contact addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "user", "medium"], name="contact_point_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_medium_display()}"


class AddressProof(models.Model):
    """An e-mail address whose owner has still to type the code; only a keyed hash of it is kept."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User", models.CASCADE, related_name="+", verbose_name=_("user")
    )
    address = EncryptedTextField(_("address"), blank=True)
    digest = models.CharField(max_length=80, blank=True, editable=False)
    made_at = models.DateTimeField(_("made"))
    tries = models.PositiveSmallIntegerField(_("wrong guesses"), default=0)
    #: Codes asked for since ``since``: so many a day, and no more.
    asked = models.PositiveSmallIntegerField(default=0)
    since = models.DateTimeField()

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("address to be proved")
        verbose_name_plural = _("addresses to be proved")
        constraints = [
            models.UniqueConstraint(fields=["compound", "user"], name="address_proof_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)


class PushSubscription(models.Model):
    """A browser that shows messages of the one user who signed in there last."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User", models.CASCADE, related_name="browsers", verbose_name=_("user")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    subscription = EncryptedJSONField(_("subscription"), editable=False)
    label = models.CharField(_("browser"), max_length=80, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    worked_at = models.DateTimeField(_("last worked"), null=True, blank=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("browser for messages")
        verbose_name_plural = _("browsers for messages")

    def __str__(self) -> str:
        return self.label or str(self.pk)


class Preference(models.Model):
    """How one person wants to be told about one topic; no media means: on our pages only."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    user = models.ForeignKey(
        "community.User", models.CASCADE, related_name="preferences", verbose_name=_("user")
    )
    topic = models.CharField(_("topic"), max_length=40)
    media = models.JSONField(_("media"), default=list, blank=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [
            models.UniqueConstraint(fields=["compound", "user", "topic"], name="preference_once"),
        ]

    def __str__(self) -> str:
        return self.topic


class TellingRule(models.Model):
    """When a compound's people are left in peace, and how long messages wait for one another."""

    compound = models.OneToOneField(
        "community.Compound", models.CASCADE, related_name="telling", verbose_name=_("compound")
    )
    quiet_from = models.TimeField(_("quiet from"), default=time(22, 0))
    quiet_until = models.TimeField(_("quiet until"), default=time(7, 30))
    bundle_s = models.PositiveSmallIntegerField(
        _("seconds that messages wait for one another"), default=120
    )

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("quiet hours")
        verbose_name_plural = _("quiet hours")
        constraints = [
            models.CheckConstraint(condition=Q(bundle_s__lte=3600), name="telling_bundle_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.quiet_from:%H:%M}-{self.quiet_until:%H:%M}"
