"""Coupons, payments, debts, shifts and accounts in the office. Every change calls an operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_filters import MomentFilter
from community.models import Compound
from community.pages import url_of
from parking import operations
from parking.models import (
    CashShift,
    Coupon,
    Debt,
    Payment,
    PaymentAccount,
    Receipt,
)
from parking.money_querysets import MONEY, TILL
from parking.tariff_words import yuan

MANAGERS = frozenset({"manager"})
IN_COMPOUND = ("compound", VisibleRelatedFilter)


class RefundForm(ReasonForm):
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=0, max_digits=9, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip


def _deed(title: Any, icon: str, form: type[DeedForm], about: Any = "") -> Any:
    dialog = {
        "title": title, "description": about, "form_class": form, "form_submit_text": title,
    }  # fmt: skip
    return action(description=title, permissions=["view"], icon=icon, dialog=dialog)


class MoneyAdmin(CompoundAdmin):
    read_roles = TILL
    write_roles = TILL


@admin.register(Coupon)
class CouponAdmin(MoneyAdmin):
    list_display = ["code", "kind", "value", "giver", "valid_until", "most_uses", "ended_at"]
    list_filter = ["kind", ("ended_at", admin.EmptyFieldListFilter), IN_COMPOUND]
    search_fields = ["code", "giver", "plate"]
    fields = [
        "kind", "value", "giver", "code", "plate", "unit", "valid_from", "valid_until",
        "most_uses",
    ]  # fmt: skip
    autocomplete_fields = ["unit"]
    actions_detail = ["end"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "code" in form.base_fields:
            form.base_fields["code"].required = False
        return form

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.give_coupon(compound=compound, actor=acting(request), **values)

    @_deed(_("End the coupon"), "cancel", DeedForm)
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.end_coupon(row, actor=acting(request)),
            _("The coupon has ended."),
        )


@admin.register(Payment)
class PaymentAdmin(MoneyAdmin):
    list_display = ["number", "plate", "way", "state", "amount", "given_back", "paid_at"]
    list_select_related = ["stay"]
    list_filter = ["state", "way", ("paid_at", MomentFilter), IN_COMPOUND]
    search_fields = ["number", "provider_number", "stay__plate"]
    actions_detail = ["refund", "receipt"]

    @display(description=_("plate"), ordering="stay__plate")
    def plate(self, row: Payment) -> str:
        return row.stay.plate

    @display(description=pgettext_lazy("parking", "amount"), ordering="amount_fen")
    def amount(self, row: Payment) -> str:
        return yuan(row.amount_fen)

    @display(description=_("given back"), ordering="refunded_fen")
    def given_back(self, row: Payment) -> str:
        return yuan(row.refunded_fen) if row.refunded_fen else ""

    @_deed(_("Give back"), "undo", RefundForm, _("The money goes back the way it came."))
    def refund(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, given = self.row(request, object_id), form.cleaned_data
        fen = int(given["amount"] * 100)
        return self.do(
            request,
            form,
            lambda: operations.give_back(row, fen, given["reason"], actor=acting(request)),
            _("The refund is under way."),
        )

    @_deed(_("Issue a receipt"), "receipt_long", DeedForm)
    def receipt(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.issue_receipt(row, actor=acting(request)),
            _("The receipt stands in the list of receipts."),
        )


@admin.register(Debt)
class DebtAdmin(MoneyAdmin):
    list_display = [
        "whose", "amount", "reason", "decided_by", "created_at", "settled_at", "pictures",
    ]  # fmt: skip
    list_select_related = ["decided_by", "stay__ticket"]
    list_filter = [
        "reason",
        ("plate", admin.EmptyFieldListFilter),
        ("settled_at", admin.EmptyFieldListFilter),
        ("waived_at", admin.EmptyFieldListFilter),
        IN_COMPOUND,
    ]
    search_fields = ["plate", "stay__ticket__number", "stay__ticket__note"]
    search_help_text = _("Plate or ticket")
    readonly_fields = ["pictures"]
    actions_detail = ["waive"]

    @display(description=_("plate"), ordering="plate")
    def whose(self, row: Debt) -> str:
        """Without a plate nobody can be found by it: the ticket, and what the guard noted."""
        if row.plate:
            return row.plate
        ticket = row.stay.ticket
        if ticket is None:
            return str(_("No plate"))
        said = _("No plate, ticket %(number)s") % {"number": ticket.number}
        return f"{said} · {ticket.note}" if ticket.note else str(said)

    @display(description=_("Pictures"))
    def pictures(self, row: Debt) -> Any:
        """The car at the gate, where a crossing of it was seen."""
        shown = SafeString()
        for way, word, key in (
            ("in", _("At the entry"), row.stay.entry_passage),
            ("out", _("At the exit"), row.stay.exit_passage),
        ):
            if key:
                button = '<a class="l-btn l-btn--sm" href="{}">{}</a> '
                shown += format_html(button, url_of("debt-picture", row.pk, way), word)
        return shown or "–"

    @display(description=_("owed"), ordering="amount_fen")
    def amount(self, row: Debt) -> str:
        return yuan(row.amount_fen)

    @_deed(_("Let the debt go"), "money_off", ReasonForm, _("The reason is kept."))
    def waive(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, reason = self.row(request, object_id), form.cleaned_data["reason"]
        return self.do(
            request,
            form,
            lambda: operations.waive(row, reason, actor=acting(request)),
            _("Nobody asks for this debt any more."),
        )


@admin.register(CashShift)
class CashShiftAdmin(MoneyAdmin):
    read_roles = MONEY
    list_display = ["cashier", "opened_at", "closed_at", "expected", "counted"]
    list_select_related = ["cashier"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), IN_COMPOUND]
    search_fields = ["cashier__username", "note"]

    @display(description=_("should be there"))
    def expected(self, row: CashShift) -> str:
        return "" if row.expected_fen is None else yuan(row.expected_fen)

    @display(description=_("counted"))
    def counted(self, row: CashShift) -> str:
        return "" if row.counted_fen is None else yuan(row.counted_fen)


@admin.register(Receipt)
class ReceiptAdmin(MoneyAdmin):
    list_display = ["number", "title", "issued_at", "file"]
    list_filter = ["year", IN_COMPOUND]
    search_fields = ["title", "payment__number"]

    @display(description=_("number"), ordering="serial")
    def number(self, row: Receipt) -> str:
        return str(row)

    @display(description=_("file"))
    def file(self, row: Receipt) -> Any:
        return format_html('<a href="/park/receipt/{}/">PDF</a>', row.secret)


@admin.register(PaymentAccount)
class PaymentAccountAdmin(CompoundAdmin):
    read_roles = MANAGERS
    write_roles = MANAGERS
    list_display = ["name", "driver", "is_active", "trouble"]
    list_filter = ["driver", "is_active"]
    search_fields = ["name"]
    fields = ["name", "driver", "settings", "is_active", "new_credentials"]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        kwargs["form"] = AccountForm
        return super().get_form(request, obj, change=change, **kwargs)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return self._save(request, compound, values, None)

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        return self._save(request, obj.compound, values, obj)

    def _save(
        self, request: HttpRequest, compound: Compound, values: dict[str, Any], row: Any
    ) -> Any:
        credentials = values.pop("new_credentials", None)
        return operations.save_account(
            compound=compound, account=row, actor=acting(request), credentials=credentials, **values
        )


class AccountForm(forms.ModelForm):
    """What is on file of secrets is never shown: new ones take its place."""

    new_credentials = forms.JSONField(
        label=_("New keys and secrets (empty: as they are)"), required=False
    )
    driver = forms.ChoiceField(
        label=_("provider"),
        choices=[("wechat_pay", _("WeChat Pay")), ("simulated", _("Simulated, no money moves"))],
    )

    class Meta:
        model = PaymentAccount
        fields = ("name", "driver", "settings", "is_active")
