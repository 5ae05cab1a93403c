"""The channels of messages, and the quiet hours, in the office."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import (
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from community.admin.places import MANAGERS, MANAGERS_AND_INSTALLERS
from community.admin_base import (
    CompoundAdmin,
    DeedForm,
    VisibleRelatedFilter,
    acting,
)
from community.models import (
    Channel,
    Compound,
    Medium,
    TellingRule,
)
from community.notifications import channels
from community.notifications.registry import CARRIERS, SIMULATED
from community.notifications.sentences import sentence
from community.templatetags.linli import tag_html

KEPT = _("Never shown again. Fill in only to replace what is kept.")
DRIVERS = {
    "aliyun_sms": _("Alibaba Cloud SMS"),
    "http_gateway": _("Signed HTTP gateway"),
    "official_account": _("WeChat official account"),
    "web_push": _("Browser message"),
    "smtp": _("Mail server"),
    "wecom_robot": _("WeCom robot"),
    SIMULATED: _("Simulated"),
}


class ChannelForm(forms.ModelForm):
    """Secrets go in and never come out: an empty field keeps what is there."""

    driver = forms.ChoiceField(
        label=_("driver"), choices=list(DRIVERS.items()), widget=UnfoldAdminSelectWidget
    )
    new_name = forms.CharField(
        label=_("Name at the provider"),
        required=False,
        max_length=200,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("AccessKey ID or user name, if the provider gave one."),
    )
    new_secret = forms.CharField(
        label=_("Secret at the provider"),
        required=False,
        max_length=400,
        strip=True,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=KEPT,
    )
    #: What each driver calls the name and the secret.
    NAMES = {
        "aliyun_sms": ("access_key_id", "access_key_secret"),
        "http_gateway": ("", "secret"),
        "official_account": ("", "app_secret"),
        "smtp": ("username", "password"),
        "wecom_robot": ("", "key"),
    }

    class Meta:
        model = Channel
        fields = ["medium", "driver", "settings", "is_active"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "medium" in self.fields:
            choices = [pair for pair in Medium.choices if pair[0] in CARRIERS]
            self.fields["medium"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        names = self.NAMES.get(values.get("driver", ""), ("", ""))
        given = dict(
            zip(names, (values.pop("new_name", ""), values.pop("new_secret", "")), strict=True)
        )
        same = self.instance.pk and self.instance.driver == values.get("driver")
        kept = dict(self.instance.credentials or {}) if same else {}
        values["credentials"] = kept | {key: value for key, value in given.items() if key and value}
        return values


class TestForm(DeedForm):
    """Where the test goes."""

    to = forms.CharField(
        label=_("Send it to"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("A phone, an e-mail or an openid of your own; for a group, anything."),
    )


@admin.register(Channel)
class ChannelAdmin(CompoundAdmin):
    form = ChannelForm
    read_roles = MANAGERS_AND_INSTALLERS
    write_roles = MANAGERS_AND_INSTALLERS
    list_display = ["medium", "driver_said", "condition", "worked_at", "is_active", "compound"]
    list_filter = [("compound", VisibleRelatedFilter), "is_active"]
    list_select_related = ["compound"]
    readonly_fields = ["secrets_kept", "condition", "trouble_since", "paused_until", "worked_at"]
    actions_detail = ["send_test"]
    fieldsets = [
        (None, {"fields": [("medium", "driver"), "settings", "is_active"]}),
        (_("Secrets"), {"fields": ["secrets_kept", ("new_name", "new_secret")]}),
        (
            _("Condition"),
            {"fields": ["condition", ("trouble_since", "paused_until"), "worked_at"]},
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [*self.readonly_fields, *(["medium"] if obj else [])]

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        return channels.save_channel(Channel(compound=compound, **values), actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return channels.save_channel(obj, actor=acting(request))

    @display(description=_("driver"))
    def driver_said(self, channel: Channel) -> str:
        return str(DRIVERS.get(channel.driver, channel.driver))

    @display(description=_("condition"))
    def condition(self, channel: Channel) -> SafeString:
        if not channel.pk:
            return SafeString("–")
        if channel.trouble:
            return format_html(
                "{} {}", tag_html("ask", str(_("In trouble"))), sentence(channel.trouble)
            )
        if channel.worked_at:
            return tag_html("allow", str(_("In order")))
        return tag_html("info", str(_("Not tried yet")))

    @display(description=_("kept"))
    def secrets_kept(self, channel: Channel) -> str:
        """Which secrets there are; never what they are."""
        return ", ".join(sorted(channel.credentials or {})) or str(_("none"))

    @action(
        description=_("Send a test"),
        icon="send",
        permissions=["change"],
        dialog={
            "title": _("Send a test"),
            "description": _("One message goes out now, in quiet hours too."),
            "form_class": TestForm,
            "form_submit_text": _("Send"),
        },
    )
    def send_test(self, request: HttpRequest, form: TestForm, object_id: int) -> HttpResponse:
        channel = self.row(request, object_id)
        return self.do(
            request,
            form,
            lambda: channels.send_test(channel, form.cleaned_data["to"], actor=acting(request)),
            _("The test went out. See whether it arrives."),
        )


@admin.register(TellingRule)
class TellingRuleAdmin(CompoundAdmin):
    """When people are left in peace."""

    read_roles = MANAGERS
    write_roles = MANAGERS
    list_display = ["compound", "quiet_from", "quiet_until", "bundle_s"]
    list_select_related = ["compound"]

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        compound = getattr(request, "compound", None)
        known = compound and TellingRule.objects.filter(compound=compound).exists()
        return not known and super().has_add_permission(request)

    def create(self, request: HttpRequest, compound: Compound, values: dict[str, Any]) -> Any:
        rule = TellingRule(compound=compound, **values)
        return channels.set_quiet_hours(rule, actor=acting(request))

    def change(self, request: HttpRequest, obj: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(obj, name, value)
        return channels.set_quiet_hours(obj, actor=acting(request))
