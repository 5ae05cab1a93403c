"""Versions of the tariff, and coupons."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.querysets import ManagerOnlyQuerySet
from parking.models.stays import Stay
from parking.money_querysets import MoneyQuerySet, TillQuerySet


class Tariff(models.Model):
    """One version of what parking costs, from a day on.

    A draft may be changed and tried out on last month's stays; once it is switched on it stays as
    it is for ever, and the next version follows it. A stay is priced by the version in force on
    the day when it began.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="tariffs", verbose_name=_("compound")
    )
    name = models.CharField(_("name"), max_length=60)
    starts_on = models.DateField(_("in force from"))
    #: See ``parking.tariffs.rules``.
    rules = models.JSONField(_("rules"))
    source = models.CharField(
        pgettext_lazy("parking", "decided by"), max_length=120, blank=True,
        help_text=_("Such as the owners' meeting and its day."),
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    switched_on_at = models.DateTimeField(_("switched on"), null=True, blank=True)
    switched_on_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("switched on by"),
    )  # fmt: skip

    objects: ClassVar[Any] = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["-starts_on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "starts_on"],
                condition=Q(switched_on_at__isnull=False),
                name="tariff_one_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Coupon(models.Model):
    """A gift of a shop, a host or the office: so much off one stay."""

    class Kind(models.TextChoices):
        MINUTES = "minutes", _("Minutes free")
        OFF = "off", _("An amount off")
        PERCENT = "percent", _("Percent off")
        WHOLE = "whole", _("The whole stay")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="coupons", verbose_name=_("compound")
    )
    code = models.CharField(pgettext_lazy("parking", "code"), max_length=20)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    #: Minutes, fen or percent.
    value = models.PositiveIntegerField(_("worth"), default=0)
    giver = models.CharField(_("given by"), max_length=60)
    unit = models.ForeignKey(
        "community.Unit", models.PROTECT, null=True, blank=True, related_name="coupons",
        verbose_name=_("home"),
    )  # fmt: skip
    plate = models.CharField(_("only for the plate"), max_length=10, blank=True)
    valid_from = models.DateTimeField(pgettext_lazy("parking", "from"))
    valid_until = models.DateTimeField(pgettext_lazy("parking", "until"))
    most_uses = models.PositiveIntegerField(_("uses at most"), default=1)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects: ClassVar[Any] = TillQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking coupon")
        verbose_name_plural = _("parking coupons")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["compound", "code"], name="coupon_code_once"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="coupon_valid_range"
            ),
            models.CheckConstraint(
                condition=~Q(kind="percent") | Q(value__lte=100), name="coupon_percent"
            ),
            models.CheckConstraint(
                condition=Q(kind="whole") | Q(value__gt=0), name="coupon_gives_something"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class CouponUse(models.Model):
    """One coupon on one stay; a stay takes one."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    coupon = models.ForeignKey(
        Coupon, models.PROTECT, related_name="uses", verbose_name=_("parking coupon")
    )
    stay = models.OneToOneField(
        Stay,
        models.CASCADE,
        related_name="coupon_use",
        verbose_name=pgettext_lazy("parking", "stay"),
    )
    used_at = models.DateTimeField(_("used"))

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a coupon")
        verbose_name_plural = _("uses of coupons")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.coupon)
