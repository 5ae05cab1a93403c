"""A compound's accounts at providers of payments, in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from community.admin_base import CompoundAdmin, acting
from community.models import Compound
from community.templatetags.linli import tag_html
from parking import operations
from parking.models import PaymentAccount
from parking.provider_words import sentence

MANAGERS = frozenset({"manager"})
PROVIDERS = {"wechat_pay": _("WeChat Pay"), "simulated": _("Simulated, no money moves")}


@admin.register(PaymentAccount)
class PaymentAccountAdmin(CompoundAdmin):
    read_roles = MANAGERS
    write_roles = MANAGERS
    list_display = ["name", "provider", "is_active", "wrong"]
    list_filter = ["driver", "is_active"]
    search_fields = ["name"]
    fields = ["name", "driver", "settings", "is_active", "new_credentials"]

    @display(description=_("provider"), ordering="driver")
    def provider(self, row: PaymentAccount) -> Any:
        return PROVIDERS.get(row.driver, row.driver)

    @display(description=_("what is wrong"))
    def wrong(self, row: PaymentAccount) -> Any:
        return tag_html("ask", sentence(row.trouble)) if row.trouble else "–"

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


class SecretsField(forms.JSONField):
    """Empty where nothing is typed: not the word for nothing."""

    def prepare_value(self, value: Any) -> Any:
        return "" if value is None else super().prepare_value(value)


class AccountForm(forms.ModelForm):
    """What is on file of secrets is never shown: new ones take its place."""

    new_credentials = SecretsField(
        label=_("New keys and secrets (empty: as they are)"),
        required=False,
        widget=UnfoldAdminTextareaWidget,
    )
    driver = forms.ChoiceField(
        label=_("provider"),
        widget=UnfoldAdminSelectWidget,
        choices=list(PROVIDERS.items()),
    )

    class Meta:
        model = PaymentAccount
        fields = ("name", "driver", "settings", "is_active")
