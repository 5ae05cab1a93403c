"""Payments, debts, shifts and receipts in the office. Every change calls an operation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    ReasonForm,
    VisibleRelatedFilter,
    acting,
)
from community.admin_filters import MomentFilter
from community.pages import url_of
from community.templatetags.linli import tag_html
from parking import operations
from parking.admin.shown import side_by_side
from parking.models import (
    CashShift,
    Debt,
    Payment,
    Receipt,
    Refund,
)
from parking.money_querysets import MONEY, TILL
from parking.provider_words import sentence
from parking.tariff_words import yuan

PAID_MARKS = {"paid": "allow", "waiting": "due", "closed": "off", "failed": "deny"}
IN_COMPOUND = ("compound", VisibleRelatedFilter)


class RefundForm(ReasonForm):
    amount = forms.DecimalField(
        label=_("Amount in yuan"), min_value=0, max_digits=9, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip


def deed(title: Any, icon: str, form: type[DeedForm], about: Any = "") -> Any:
    dialog = {
        "title": title, "description": about, "form_class": form, "form_submit_text": title,
    }  # fmt: skip
    return action(description=title, permissions=["view"], icon=icon, dialog=dialog)


class RefundsInline(CompoundInline):
    """What was given back of a payment, and what came of it."""

    model = Refund
    read_roles = TILL
    fields = readonly_fields = ["created_at", "sum", "state", "reason", "said", "by", "done_at"]
    ordering = ["-id"]
    show_change_link = False
    verbose_name_plural = _("refunds")

    @display(description=pgettext_lazy("parking", "amount"))
    def sum(self, row: Refund) -> str:
        return yuan(row.amount_fen)

    @display(description=_("what happened"))
    def said(self, row: Refund) -> str:
        return sentence(row.code) or "–"


class MoneyAdmin(CompoundAdmin):
    read_roles = TILL
    write_roles = TILL


@admin.register(Payment)
class PaymentAdmin(MoneyAdmin):
    list_display = ["plate", "amount", "state_mark", "way", "given_back", "paid_at", "number"]
    list_select_related = ["stay__ticket"]
    list_filter = ["state", "way", ("paid_at", MomentFilter), IN_COMPOUND]
    search_fields = ["number", "provider_number", "stay__plate"]
    fields = readonly_fields = [
        "number", "plate", "way", "state_mark", "amount", "given_back", "created_at", "paid_at",
        "priced_until", "account", "provider_number", "shift", "taken_by",
    ]  # fmt: skip
    inlines = [RefundsInline]
    actions_detail = ["refund", "receipt"]

    @display(description=_("plate"), ordering="stay__plate")
    def plate(self, row: Payment) -> str:
        return str(row.stay)

    @display(description=_("state"), ordering="state")
    def state_mark(self, row: Payment) -> Any:
        return tag_html(PAID_MARKS[row.state], str(row.get_state_display()))

    @display(description=pgettext_lazy("parking", "amount"), ordering="amount_fen")
    def amount(self, row: Payment) -> str:
        return yuan(row.amount_fen)

    @display(description=_("given back"), ordering="refunded_fen")
    def given_back(self, row: Payment) -> str:
        return yuan(row.refunded_fen) if row.refunded_fen else ""

    @deed(_("Give back"), "undo", RefundForm, _("The money goes back the way it came."))
    def refund(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row, given = self.row(request, object_id), form.cleaned_data
        fen = int(given["amount"] * 100)
        return self.do(
            request,
            form,
            lambda: operations.give_back(row, fen, given["reason"], actor=acting(request)),
            _("The refund is under way."),
        )

    @deed(_("Issue a receipt"), "receipt_long", DeedForm)
    def receipt(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.issue_receipt(row, actor=acting(request)),
            _("The receipt is in the list of receipts."),
        )


@admin.register(Debt)
class DebtAdmin(MoneyAdmin):
    list_display = [
        "whose", "amount", "state_mark", "reason", "decided_by", "created_at", "pictures",
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
    fields = readonly_fields = [
        "whose", "amount", "state_mark", "stay", "seen", "reason", "note", "decided_by",
        "created_at", "settled_at", "waived_at", "waived_because",
    ]  # fmt: skip
    actions_detail = actions_row = ["waive"]

    @display(description=_("state"))
    def state_mark(self, row: Debt) -> Any:
        if row.settled_at:
            return tag_html("allow", str(_("Paid")))
        if row.waived_at:
            return tag_html("off", gettext("Let go"))
        return tag_html("due", gettext("Owed still"))

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

    @display(description=_("Pictures"))
    def seen(self, row: Debt) -> Any:
        ways = (
            ("in", _("At the entry"), row.stay.entry_passage),
            ("out", _("At the exit"), row.stay.exit_passage),
        )
        found = [(url_of("debt-picture", row.pk, way), word) for way, word, key in ways if key]
        return side_by_side(found)

    @display(description=_("owed"), ordering="amount_fen")
    def amount(self, row: Debt) -> str:
        return yuan(row.amount_fen)

    @deed(_("Let the debt go"), "money_off", ReasonForm, _("The reason is kept."))
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
    list_display = ["cashier", "opened_at", "closed_at", "expected", "counted", "off", "note"]
    list_select_related = ["cashier"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), IN_COMPOUND]
    search_fields = ["cashier__username", "note"]
    fields = readonly_fields = [
        "cashier", "opened_at", "closed_at", "expected", "counted", "off", "note",
    ]  # fmt: skip

    @display(description=_("should be there"))
    def expected(self, row: CashShift) -> str:
        return "" if row.expected_fen is None else yuan(row.expected_fen)

    @display(description=_("counted"))
    def counted(self, row: CashShift) -> str:
        return "" if row.counted_fen is None else yuan(row.counted_fen)

    @display(description=_("Difference"))
    def off(self, row: CashShift) -> Any:
        if row.counted_fen is None:
            return ""
        fen = row.counted_fen - (row.expected_fen or 0)
        return tag_html("ask", yuan(fen)) if fen else "–"


@admin.register(Receipt)
class ReceiptAdmin(MoneyAdmin):
    list_display = ["number", "plate", "amount", "title", "issued_at", "file"]
    list_select_related = ["payment__stay__ticket"]
    list_filter = ["year", IN_COMPOUND]
    search_fields = ["title", "payment__number", "payment__stay__plate"]
    fields = readonly_fields = [
        "number", "plate", "amount", "title", "issued_at", "payment", "file",
    ]  # fmt: skip

    @display(description=_("plate"), ordering="payment__stay__plate")
    def plate(self, row: Receipt) -> str:
        return str(row.payment.stay)

    @display(description=pgettext_lazy("parking", "amount"), ordering="payment__amount_fen")
    def amount(self, row: Receipt) -> str:
        return yuan(row.payment.amount_fen)

    @display(description=_("number"), ordering="serial")
    def number(self, row: Receipt) -> str:
        return str(row)

    @display(description=_("file"))
    def file(self, row: Receipt) -> Any:
        return format_html(
            '<a class="l-btn l-btn--sm" href="{}">PDF</a>',
            reverse("pay-receipt", args=[row.secret]),
        )
