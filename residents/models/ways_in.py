"""Ways in on foot: a card, a personal code on the phone, a home's number with a PIN, a face."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.fields import EncryptedTextField
from community.querysets import ManagerOnlyQuerySet
from residents.way_querysets import WayInQuerySet


class WayIn(models.Model):
    """One means by which a person enters. It follows from a residency or a duty, always.

    ``secret`` is the card's number or the key of the personal code, encrypted; ``index`` finds a
    card by its number and a PIN within its home. A face has its numbers in FaceTemplate, and is
    awake only beside another way in (residents.way_guard).
    """

    class Kind(models.TextChoices):
        CARD = "card", _("Card")
        QR = "qr", _("Personal QR code")
        PIN = "pin", _("Home number and PIN")
        FACE = "face", _("Face")

    class End(models.TextChoices):
        LOST = "lost", _("Lost")
        REPLACED = "replaced", _("Replaced")
        MOVED_OUT = "moved_out", _("Moved out")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    kind = models.CharField(_("way in"), max_length=8, choices=Kind)
    person = models.ForeignKey(
        "residents.Person", models.CASCADE, related_name="ways_in", verbose_name=_("person")
    )
    unit = models.ForeignKey(
        "community.Unit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home"),
        help_text=_("A PIN belongs to the number of one home"),
    )
    secret = EncryptedTextField(blank=True, editable=False)
    index = models.CharField(max_length=80, blank=True, editable=False)
    hint = models.CharField(_("ends in"), max_length=4, blank=True, editable=False)
    issued_at = models.DateTimeField(_("handed out"))
    issued_by = models.ForeignKey(
        "community.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed out by"),
    )
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=12, choices=End, blank=True)
    #: A face sleeps while its person has no other way in.
    paused_at = models.DateTimeField(_("asleep since"), null=True, blank=True, editable=False)
    #: The last step of the rotating code that was used: none is accepted twice.
    last_step = models.BigIntegerField(default=0, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    last_lane = models.ForeignKey(
        "community.Lane",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("last used at"),
    )

    objects: ClassVar[Any] = WayInQuerySet.as_manager()

    class Meta:
        verbose_name = _("way in")
        verbose_name_plural = _("ways in")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "index"],
                condition=Q(kind="card", ended_at=None),
                name="card_active_once",
            ),
            models.UniqueConstraint(
                fields=["unit", "index"],
                condition=Q(kind="pin", ended_at=None),
                name="pin_once_in_a_home",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="qr", ended_at=None),
                name="personal_code_once",
            ),
            models.UniqueConstraint(
                fields=["person", "unit"],
                condition=Q(kind="pin", ended_at=None),
                name="pin_of_person_once",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(kind="face", ended_at=None), name="face_once"
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None) | Q(kind="face"), name="only_faces_sleep"
            ),
            models.CheckConstraint(
                condition=~Q(kind="pin") | Q(unit__isnull=False), name="pin_has_home"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(end_reason=""), name="way_in_ended_why"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {'…' + self.hint if self.hint else ''}".strip()


class GuessLock(models.Model):
    """Wrong PINs at one lane: of one home, or (``unit`` empty) of all homes together."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    lane = models.ForeignKey(
        "community.Lane", models.CASCADE, related_name="+", verbose_name=_("lane")
    )
    unit = models.ForeignKey(
        "community.Unit",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("home"),
    )
    wrong = models.PositiveSmallIntegerField(_("wrong in a row"), default=0)
    since = models.DateTimeField(_("since"))
    locked_until = models.DateTimeField(_("locked until"), null=True, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("wrong PINs")
        verbose_name_plural = _("wrong PINs")
        constraints = [
            models.UniqueConstraint(fields=["lane", "unit"], name="guess_lock_of_home_once"),
            models.UniqueConstraint(
                fields=["lane"], condition=Q(unit=None), name="guess_lock_of_lane_once"
            ),
            models.CheckConstraint(
                condition=Q(locked_until=None) | Q(locked_until__gt=F("since")),
                name="guess_lock_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.unit or ''}".strip()
