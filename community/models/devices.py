"""Devices, what they were told to do, and how they are."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedJSONField
from community.querysets import CompoundQuerySet, DeviceQuerySet, ManagerOnlyQuerySet


class Device(models.Model):
    class Kind(models.TextChoices):
        CAMERA = "camera", _("Camera")
        BARRIER = "barrier", _("Barrier")
        DOOR = "door", _("Door")
        LOCKER_BANK = "locker_bank", _("Locker bank")
        KIOSK = "kiosk", _("Tablet at a gate")

    class Health(models.TextChoices):
        UNKNOWN = "unknown", _("Unknown")
        ONLINE = "online", _("Online")
        FAULTY = "faulty", _("Faulty")
        OFFLINE = "offline", _("Offline")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="devices", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=60)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    driver = models.CharField(
        _("driver"), max_length=40, help_text=_("Name of the driver or picture source")
    )
    settings = models.JSONField(
        _("settings"), default=dict, blank=True, help_text=_("Address and options, no secrets")
    )
    credentials = EncryptedJSONField(_("credentials"), default=dict, blank=True)
    serial = models.CharField(_("serial number"), max_length=64, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    health = models.CharField(_("health"), max_length=8, choices=Health, default=Health.UNKNOWN)
    health_code = models.CharField(_("what is wrong"), max_length=64, blank=True)
    health_since = models.DateTimeField(_("since"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)
    clock_offset_ms = models.IntegerField(
        _("clock offset"),
        null=True,
        blank=True,
        help_text=_("Learnt: the device's clock less ours, in milliseconds"),
    )
    clock_samples = models.JSONField(default=list, blank=True, editable=False)

    objects: ClassVar[Any] = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["compound", "kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "name"], name="device_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class DeviceToken(models.Model):
    """A device's key to our door: kept as a hash, shown once, revocable at any moment."""

    class Purpose(models.TextChoices):
        API = "api", _("Calls of the API")
        PUSH = "push", _("Address of a camera that pushes")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    device = models.ForeignKey(
        Device, models.CASCADE, related_name="tokens", verbose_name=_("device")
    )
    purpose = models.CharField(
        _("for"), max_length=4, choices=Purpose, default=Purpose.API, editable=False
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(_("ends in"), max_length=4, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("device token")
        verbose_name_plural = _("device tokens")

    def __str__(self) -> str:
        return f"{self.device} …{self.hint}"


class Command(models.Model):
    """One order to one device: pending → sending → done, failed or unknown.

    ``sending`` is committed before any I/O and nothing is resent after it.
    """

    class Action(models.TextChoices):
        OPEN = "open", _("Open once")
        KEEP_OPEN = "keep_open", _("Keep open")
        RELEASE = "release", _("Release")
        OPEN_COMPARTMENT = "open_compartment", _("Open a compartment")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        SENDING = "sending", _("Being sent")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    device = models.ForeignKey(
        Device, models.PROTECT, related_name="commands", verbose_name=_("device")
    )
    lane = models.ForeignKey(
        "community.Lane",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="commands",
        verbose_name=_("lane"),
    )
    action = models.CharField(_("action"), max_length=20, choices=Action)
    parameters = models.JSONField(_("parameters"), default=dict, blank=True)
    key = models.CharField(
        _("idempotency key"), max_length=120, unique=True, help_text=_("One order, one key")
    )
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    code = models.CharField(_("outcome"), max_length=64, blank=True)
    requested_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("requested by"),
    )
    created_at = models.DateTimeField(_("ordered"))
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[Any] = CompoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("command")
        verbose_name_plural = _("commands")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=["pending", "sending"]),
                name="command_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="pending", sent_at=None)
                | Q(state="failed")
                | Q(sent_at__isnull=False),
                name="command_sent_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} · {self.get_state_display()}"
