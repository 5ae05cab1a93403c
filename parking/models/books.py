"""What follows a payment: refunds, receipts, and the daily comparison with the provider."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from parking.models.payments import RESTRICT, CashShift, Payment, PaymentAccount
from parking.money_querysets import TillQuerySet


class Refund(models.Model):
    """Money given back of one payment."""

    class State(models.TextChoices):
        SENDING = "sending", _("Under way")
        DONE = "done", _("Given back")
        FAILED = "failed", pgettext_lazy("parking", "Refused")
        UNKNOWN = "unknown", _("Not known")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    payment = models.ForeignKey(
        Payment, RESTRICT, related_name="refunds", verbose_name=_("payment")
    )
    number = models.CharField(_("number"), max_length=32, unique=True)
    amount_fen = models.PositiveIntegerField(pgettext_lazy("parking", "amount"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.SENDING)
    reason = models.CharField(_("reason"), max_length=80)
    code = models.CharField(_("what happened"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("asked"))
    done_at = models.DateTimeField(_("given back at"), null=True, blank=True)
    by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    shift = models.ForeignKey(
        CashShift, RESTRICT, null=True, blank=True, related_name="refunds",
        verbose_name=_("cash shift"),
    )  # fmt: skip

    objects: ClassVar[Any] = TillQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(done_at__isnull=False), name="refund_done_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Receipt(models.Model):
    """A numbered receipt for one payment; numbers of a year have no gaps."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="receipts", verbose_name=_("compound")
    )
    payment = models.OneToOneField(
        Payment, RESTRICT, related_name="receipt", verbose_name=_("payment")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    #: In the address under which the payer fetches it.
    secret = models.CharField(max_length=40, unique=True, editable=False)
    title = models.CharField(_("made out to"), max_length=80, blank=True)
    issued_at = models.DateTimeField(_("issued"))

    objects: ClassVar[Any] = TillQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("parking", "receipt")
        verbose_name_plural = _("receipts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "year", "serial"], name="parking_receipt_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}-{self.serial:06d}"


class Reconciliation(models.Model):
    """One day's comparison of a provider's list with ours."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    account = models.ForeignKey(
        PaymentAccount, RESTRICT, related_name="reconciliations",
        verbose_name=_("payment account"),
    )  # fmt: skip
    day = models.DateField(_("day"))
    compared_at = models.DateTimeField(_("compared"))
    ours_count = models.PositiveIntegerField(_("ours"), default=0)
    ours_fen = models.IntegerField(_("our sum"), default=0)
    theirs_count = models.PositiveIntegerField(_("theirs"), default=0)
    theirs_fen = models.IntegerField(_("their sum"), default=0)
    #: ``[{"what", "number", "ours_fen", "theirs_fen", "payment"}]``.
    differences = models.JSONField(_("differences"), default=list)

    objects: ClassVar[Any] = TillQuerySet.as_manager()

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="reconciliation_once_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.day:%Y-%m-%d}"
