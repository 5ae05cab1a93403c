"""Notices of the compound, and who read them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from residents.service_querysets import NoticeQuerySet, OfNoticeQuerySet


class Notice(models.Model):
    """Something that the office tells many; out from one moment to another, or withdrawn."""

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone here")
        RESIDENTS = "residents", _("Residents")
        LANDLORDS = "landlords", _("Landlords")
        STAFF = "staff", _("Staff")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="notices", verbose_name=_("compound")
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=4000)
    audience = models.CharField(
        _("for whom"), max_length=10, choices=Audience, default=Audience.EVERYONE
    )
    buildings = models.ManyToManyField(
        "community.Building",
        blank=True,
        related_name="+",
        verbose_name=_("only these buildings"),
    )
    is_important = models.BooleanField(
        _("important"),
        default=False,
        help_text=_("Goes out by SMS too, and on paper to homes that nothing else reaches."),
    )
    publish_at = models.DateTimeField(_("out from"))
    ends_at = models.DateTimeField(_("ends at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    created_by = models.ForeignKey(
        "community.User",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    #: How far the telling has come: the last home told, and whether everybody was.
    told_unit = models.BigIntegerField(default=0, editable=False)
    told_at = models.DateTimeField(_("everybody told"), null=True, blank=True)
    told_count = models.PositiveIntegerField(_("people told"), default=0)

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-publish_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("publish_at")),
                name="notice_ends_after_start",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "-publish_at"], name="notice_by_time"),
            models.Index(fields=["publish_at"], condition=Q(told_at=None), name="notice_to_tell"),
        ]

    def __str__(self) -> str:
        return self.title


class NoticeRead(models.Model):
    """A reader opened a notice: once, however often."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    notice = models.ForeignKey(
        Notice, models.CASCADE, related_name="reads", verbose_name=_("notice")
    )
    user = models.ForeignKey(
        "community.User", models.CASCADE, related_name="+", verbose_name=_("reader")
    )
    read_at = models.DateTimeField(_("read"), auto_now_add=True)

    objects: ClassVar[Any] = OfNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("read receipt")
        verbose_name_plural = _("read receipts")
        ordering = ["-read_at"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "user"], name="notice_read_once"),
        ]

    def __str__(self) -> str:
        return str(self.user)
