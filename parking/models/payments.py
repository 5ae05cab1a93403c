"""How money comes in: accounts at providers, cash shifts, payments, providers' notices."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.fields import EncryptedJSONField
from community.querysets import ManagerOnlyQuerySet
from parking.models.stays import Stay
from parking.money_querysets import MoneyQuerySet, PaymentQuerySet, TillQuerySet

RESTRICT = models.PROTECT


class PaymentAccount(models.Model):
    """A compound's account at one provider of payments."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="payment_accounts",
        verbose_name=_("compound"),
    )  # fmt: skip
    name = models.CharField(_("name"), max_length=60)
    driver = models.CharField(_("provider"), max_length=40)
    settings = models.JSONField(
        _("settings"), default=dict, blank=True, help_text=_("Address and options, no secrets")
    )
    credentials = EncryptedJSONField(_("credentials"), default=dict, blank=True)
    #: In the address to which the provider sends its notices.
    secret = models.CharField(max_length=40, unique=True, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    trouble = models.CharField(_("what is wrong"), max_length=64, blank=True)

    objects: ClassVar[Any] = ManagerOnlyQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment account")
        verbose_name_plural = _("payment accounts")
        ordering = ["compound", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound"], condition=Q(is_active=True), name="payment_account_one"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CashShift(models.Model):
    """A cashier's time at the booth: what should be in the till, and what was counted."""

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="cash_shifts",
        verbose_name=_("compound"),
    )  # fmt: skip
    cashier = models.ForeignKey(
        "community.User", RESTRICT, related_name="cash_shifts", verbose_name=_("cashier")
    )
    opened_at = models.DateTimeField(_("begun"))
    closed_at = models.DateTimeField(pgettext_lazy("parking", "closed"), null=True, blank=True)
    expected_fen = models.IntegerField(_("should be there"), null=True, blank=True)
    counted_fen = models.IntegerField(_("counted"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects: ClassVar[Any] = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = _("cash shift")
        verbose_name_plural = _("cash shifts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["compound", "cashier"],
                condition=Q(closed_at=None),
                name="cash_shift_open_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, counted_fen=None)
                | Q(closed_at__gte=F("opened_at"), counted_fen__gte=0, expected_fen__isnull=False),
                name="cash_shift_closed_and_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cashier} {timezone.localtime(self.opened_at):%Y-%m-%d %H:%M}"


class Payment(models.Model):
    """One payment for one stay: asked for, then paid, closed or failed. Amounts in fen."""

    class Way(models.TextChoices):
        CODE = "code", _("QR code at the lane")
        PHONE = "phone", _("On the phone")
        CASH = "cash", _("Cash")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("parking", "Waiting")
        PAID = "paid", _("Paid")
        CLOSED = "closed", pgettext_lazy("parking", "Closed")
        FAILED = "failed", _("Failed")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="payments", verbose_name=_("compound")
    )
    stay = models.ForeignKey(
        Stay, models.PROTECT, related_name="payments", verbose_name=pgettext_lazy("parking", "stay")
    )
    #: Our own number, under which the provider knows it.
    number = models.CharField(_("number"), max_length=32, unique=True)
    way = models.CharField(_("way"), max_length=6, choices=Way)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING)
    amount_fen = models.PositiveIntegerField(pgettext_lazy("parking", "amount"))
    refunded_fen = models.PositiveIntegerField(_("given back"), default=0)
    account = models.ForeignKey(
        PaymentAccount, RESTRICT, null=True, blank=True, related_name="payments",
        verbose_name=_("payment account"),
    )  # fmt: skip
    provider_number = models.CharField(
        pgettext_lazy("parking", "provider's number"), max_length=64, blank=True
    )
    #: What the phone opens, or the code shows.
    link = models.CharField(max_length=512, blank=True, editable=False)
    priced_until = models.DateTimeField(_("priced until"))
    created_at = models.DateTimeField(pgettext_lazy("parking", "asked"))
    expires_at = models.DateTimeField(_("may be paid until"), null=True, blank=True)
    paid_at = models.DateTimeField(_("paid at"), null=True, blank=True)
    shift = models.ForeignKey(
        CashShift, RESTRICT, null=True, blank=True, related_name="payments",
        verbose_name=_("cash shift"),
    )  # fmt: skip
    taken_by = models.ForeignKey(
        "community.User", models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=pgettext_lazy("parking", "taken by"),
    )  # fmt: skip

    objects: ClassVar[Any] = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stay"], condition=Q(state="waiting"), name="payment_waits_once"
            ),
            models.UniqueConstraint(
                fields=["account", "provider_number"],
                condition=~Q(provider_number=""),
                name="payment_provider_number_once",
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="payment_of_something"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False), name="payment_paid_has_time"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen__lte=F("amount_fen")), name="payment_refund_fits"
            ),
            models.CheckConstraint(
                condition=Q(refunded_fen=0) | Q(state="paid"), name="payment_refund_of_paid"
            ),
            models.CheckConstraint(
                condition=Q(way="cash", account=None, shift__isnull=False)
                | ~Q(way="cash") & Q(account__isnull=False, shift=None),
                name="payment_in_cash_or_by_account",
            ),
        ]
        indexes = [
            models.Index(fields=["compound", "paid_at"], name="payment_by_moment"),
        ]

    def __str__(self) -> str:
        return self.number


class PaymentNotice(models.Model):
    """What a provider told us unasked, and what we made of it: each is taken once."""

    class Outcome(models.TextChoices):
        APPLIED = "applied", _("Booked")
        REPEATED = "repeated", _("Known already")
        LATE = "late", _("Booked, though the order was closed")
        WRONG_AMOUNT = "wrong_amount", _("Another amount: not booked")
        UNKNOWN = "unknown", _("No such payment here")
        OTHER_NUMBER = "other_number", _("Paid already under another number")
        NOT_PAID = "not_paid", _("Says that it was not paid")
        OVERTAKEN = "overtaken", _("Older than what is known")

    compound = models.ForeignKey(
        "community.Compound", models.CASCADE, related_name="+", verbose_name=_("compound")
    )
    account = models.ForeignKey(
        PaymentAccount, RESTRICT, related_name="notices", verbose_name=_("payment account")
    )
    key = models.CharField(pgettext_lazy("parking", "notice"), max_length=80)
    payment = models.ForeignKey(
        Payment, RESTRICT, null=True, blank=True, related_name="notices",
        verbose_name=_("payment"),
    )  # fmt: skip
    told_number = models.CharField(_("told of"), max_length=64, blank=True)
    told_fen = models.IntegerField(_("told amount"), default=0)
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome)
    at = models.DateTimeField(_("when"))

    objects: ClassVar[Any] = TillQuerySet.as_manager()

    class Meta:
        verbose_name = _("provider's notice")
        verbose_name_plural = _("providers' notices")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["account", "key"], name="payment_notice_once"),
        ]

    def __str__(self) -> str:
        return self.key
