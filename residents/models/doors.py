"""How residents sign in: one-time codes by phone, invitations, codes printed at the desk."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from residents.models.people import Person
from residents.querysets import OfficeQuerySet


class SignInTicket(models.Model):
    """Something that signs one person in, once. Only a keyed hash of it is kept.

    A number that is on no file gets a ticket without a person: asking looks the same, counts the
    same, and its code fits nothing.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Code by phone")
        INVITATION = "invitation", _("Invitation")
        DESK = "desk", _("Code of the desk")

    compound = models.ForeignKey(
        "community.Compound",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("compound"),
    )
    person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("person"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    digest = models.CharField(max_length=80, editable=False)
    #: Keyed hashes, to count by; neither number nor address is kept.
    phone_mark = models.CharField(max_length=80, blank=True, editable=False)
    address_mark = models.CharField(max_length=80, blank=True, editable=False)
    made_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("good until"))
    tries = models.PositiveSmallIntegerField(_("wrong guesses"), default=0)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-in code")
        verbose_name_plural = _("sign-in codes")
        constraints = [
            models.UniqueConstraint(
                fields=["digest"], condition=~Q(kind="phone"), name="ticket_digest_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="phone") | Q(person__isnull=False), name="ticket_has_person"
            ),
        ]
        indexes = [
            models.Index(fields=["phone_mark", "made_at"], name="ticket_by_phone"),
            models.Index(fields=["address_mark", "made_at"], name="ticket_by_address"),
            models.Index(fields=["compound", "made_at"], name="ticket_by_compound"),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class SignInFailure(models.Model):
    """A wrong guess from an address: too many of them, and the address has to wait."""

    address_mark = models.CharField(max_length=80, editable=False)
    at = models.DateTimeField(_("when"))

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        verbose_name = _("wrong guess")
        verbose_name_plural = _("wrong guesses")
        indexes = [models.Index(fields=["address_mark", "at"], name="failure_by_address")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
