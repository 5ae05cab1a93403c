"""Where a user is signed in, and the second thing besides a password that they may have."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.sessions.base_session import AbstractBaseSession, BaseSessionManager
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device as SecondFactor
from django_otp.models import ThrottlingMixin

from community.fields import EncryptedTextField


class BrowserSession(AbstractBaseSession):
    """A session that knows whose it is, so that its owner can see and end it."""

    user = models.ForeignKey(
        "community.User",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="sessions",
        verbose_name=_("user"),
    )
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("signed in"), default=timezone.now)
    seen_at = models.DateTimeField(_("last seen"), default=timezone.now)

    objects: ClassVar[Any] = BaseSessionManager()

    class Meta(AbstractBaseSession.Meta):
        verbose_name = _("session")  # type: ignore[assignment]
        verbose_name_plural = _("sessions")  # type: ignore[assignment]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from community.sessions import SessionStore

        return SessionStore


class Authenticator(ThrottlingMixin, SecondFactor):
    """An app that shows one-time codes (RFC 6238); one per user, in use once ``confirmed``."""

    user = models.OneToOneField(
        "community.User", models.CASCADE, related_name="authenticator", verbose_name=_("user")
    )
    secret = EncryptedTextField(editable=False)
    #: The half minute of the last code taken: no code counts twice.
    last_step = models.BigIntegerField(default=-1, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("one-time code app")
        verbose_name_plural = _("one-time code apps")

    def get_throttle_factor(self) -> float:
        """Seconds to wait after the first wrong code; doubled with each further one."""
        return 1


class BackupCode(models.Model):
    """A code on paper, for the day on which the phone is lost; good once, kept as a hash."""

    authenticator = models.ForeignKey(
        Authenticator, models.CASCADE, related_name="backup_codes", verbose_name=_("app")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("backup code")
        verbose_name_plural = _("backup codes")

    def __str__(self) -> str:
        return f"{self.authenticator_id}: {self.pk}"
