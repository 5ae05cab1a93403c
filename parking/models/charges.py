"""What a stay costs and what became of it: charge, its trace, debt."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parking.models.stays import Stay
from parking.models.tariffs import Tariff
from parking.money_querysets import DebtQuerySet, MoneyQuerySet
from parking.tariff_words import yuan


class Charge(models.Model):
    """The price of one stay, itemised, and what was paid of it. All amounts in fen.

    While the stay is open it is what was last quoted; ``is_final`` when the car has left.
    """

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="charges", verbose_name=_("compound")
    )
    stay = models.OneToOneField(
        Stay, models.CASCADE, related_name="charge", verbose_name=pgettext_lazy("parking", "stay")
    )
    tariff = models.ForeignKey(
        Tariff, models.PROTECT, null=True, blank=True, related_name="charges",
        verbose_name=_("tariff"),
    )  # fmt: skip
    kind = models.CharField(_("plate kind"), max_length=12, default="unknown")
    total_fen = models.PositiveIntegerField(_("price"), default=0)
    paid_fen = models.PositiveIntegerField(_("paid"), default=0)
    #: See ``parking.prices``: ``[{"code", "fen", …}]``.
    lines = models.JSONField(_("lines"), default=list)
    fault = models.CharField(max_length=40, blank=True)
    priced_until = models.DateTimeField(_("priced until"))
    #: What was paid is the price until ``paid_until``; the grace counts from ``paid_at``.
    paid_until = models.DateTimeField(_("paid until"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    is_final = models.BooleanField(_("the car has left"), default=False)

    objects: ClassVar[Any] = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking charge")
        verbose_name_plural = _("parking charges")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(paid_at=None, paid_until=None)
                | Q(paid_at__isnull=False, paid_until__isnull=False),
                name="charge_paid_until_when",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "priced_until"], name="charge_by_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.stay_id}: {self.total_fen}"

    @property
    def due_fen(self) -> int:
        return max(0, self.total_fen - self.paid_fen)


class PriceChange(models.Model):
    """A price that came out otherwise than before, and why. Never changed, never deleted alone."""

    class Why(models.TextChoices):
        LEFT = "left", _("The car left")
        CORRECTED = "corrected", _("The stay was put right")
        RIGHT = "right", _("The right to park changed")
        COUPON = "coupon", _("A coupon was given")
        MONTH = "month", _("The month was priced anew")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    charge = models.ForeignKey(
        Charge, models.CASCADE, related_name="changes", verbose_name=_("parking charge")
    )
    why = models.CharField(_("why"), max_length=10, choices=Why)
    before_fen = models.PositiveIntegerField(_("before"))
    after_fen = models.PositiveIntegerField(_("after"))
    before_lines = models.JSONField(_("lines before"), default=list)
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip

    objects: ClassVar[Any] = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a price")
        verbose_name_plural = _("changes of prices")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.before_fen} → {self.after_fen}"


class Debt(models.Model):
    """What a car left without paying. It keeps nobody in and nobody out."""

    class Reason(models.TextChoices):
        NO_MONEY = "no_money", _("Cannot pay now")
        DISPUTED = "disputed", _("Disputes the price")
        FAULT = "fault", _("Paying does not work")
        EMERGENCY = "emergency", pgettext_lazy("parking", "Emergency")
        LIVES_HERE = "lives_here", _("Lives here and is not held")
        LEFT_UNSEEN = "left_unseen", _("Left without anybody deciding")
        OTHER = "other", _("Other")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="debts", verbose_name=_("compound")
    )
    stay = models.OneToOneField(
        Stay, models.PROTECT, related_name="debt", verbose_name=pgettext_lazy("parking", "stay")
    )
    plate = models.CharField(_("plate"), max_length=10, blank=True)
    amount_fen = models.PositiveIntegerField(_("owed"))
    reason = models.CharField(_("reason"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    decided_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("since"))
    settled_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    waived_at = models.DateTimeField(_("let go"), null=True, blank=True)
    waived_because = models.CharField(_("let go because"), max_length=120, blank=True)

    objects: ClassVar[Any] = DebtQuerySet.as_manager()

    class Meta:
        verbose_name = _("parking debt")
        verbose_name_plural = _("parking debts")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="debt_is_owed"),
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(waived_at=None), name="debt_ends_once"
            ),
            models.CheckConstraint(
                condition=Q(waived_at=None) | ~Q(waived_because=""), name="debt_let_go_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["compound", "plate"],
                condition=Q(settled_at=None, waived_at=None),
                name="debt_of_plate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plate} {yuan(self.amount_fen)}"
