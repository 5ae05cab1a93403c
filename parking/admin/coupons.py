"""Coupons in the office: given in minutes, yuan or percent, as people say it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from community.admin_base import DeedForm, acting
from community.models import Compound
from parking import operations
from parking.admin.money import IN_COMPOUND, MoneyAdmin, deed
from parking.models import Coupon
from parking.tariff_words import yuan

Kind = Coupon.Kind


class CouponForm(forms.ModelForm):
    """``new_value`` is typed in minutes, yuan or percent; what is stored are minutes, fen, percent.

    Named so that what the operation says of ``value`` stands under it.
    """

    new_value = forms.DecimalField(
        label=_("How much"), required=False, min_value=0, max_digits=9, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
        help_text=_("Minutes, yuan or percent, by the kind. Empty for the whole stay."),
    )  # fmt: skip

    class Meta:
        model = Coupon
        fields = (
            "kind", "giver", "code", "plate", "unit", "valid_from", "valid_until", "most_uses",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = False
        self.fields["code"].help_text = _("Left empty, it gets one.")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        typed = given.pop("new_value", None) or Decimal(0)
        if given.get("kind") == Kind.OFF:
            typed *= 100
        elif typed % 1:
            self.add_error("new_value", _("Give a whole number."))
        return given | {"value": int(typed)}


@admin.register(Coupon)
class CouponAdmin(MoneyAdmin):
    list_display = ["code", "kind", "worth", "giver", "used", "valid_until", "ended_at"]
    list_filter = ["kind", ("ended_at", admin.EmptyFieldListFilter), IN_COMPOUND]
    search_fields = ["code", "giver", "plate"]
    autocomplete_fields = ["unit"]
    actions_detail = ["end"]
    TERMS = ("giver", "code", "plate", "unit", "valid_from", "valid_until", "most_uses")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).annotate(use_count=Count("uses"))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            kwargs["form"] = CouponForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if obj is None:
            return ["kind", "new_value", *self.TERMS]
        return ["kind", "worth", *self.TERMS, "used", "ended_at"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("worth", "used", "ended_at") if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        now = timezone.localtime().replace(second=0, microsecond=0)
        return {"valid_from": now} | super().get_changeform_initial_data(request)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return operations.give_coupon(compound=compound, actor=acting(request), **values)

    @display(description=_("worth"), ordering="value")
    def worth(self, row: Coupon) -> str:
        if row.kind == Kind.OFF:
            return yuan(row.value)
        if row.kind == Kind.PERCENT:
            return f"{row.value}%"
        minutes = ngettext("%(n)s minute", "%(n)s minutes", row.value) % {"n": row.value}
        return minutes if row.kind == Kind.MINUTES else "–"

    @display(description=_("used"))
    def used(self, row: Any) -> str:
        return f"{row.use_count} / {row.most_uses}"

    @deed(_("End the coupon"), "cancel", DeedForm)
    def end(self, request: HttpRequest, form: DeedForm, object_id: str) -> HttpResponse:
        row = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: operations.end_coupon(row, actor=acting(request)),
            _("The coupon has ended."),
        )
