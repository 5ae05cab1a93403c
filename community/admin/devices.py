"""Devices, their keys and the orders sent to them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from community.admin.places import MANAGERS_AND_INSTALLERS, PlaceAdmin
from community.admin_base import (
    CompoundAdmin,
    CompoundInline,
    DeedForm,
    VisibleRelatedFilter,
    acting,
    go,
)
from community.devices import allow_lists, operations
from community.devices.push import DRIVER as PUSH
from community.models import Command, Device, DeviceToken
from community.pages import url_of
from community.templatetags.linli import tag_html
from community.verdicts import sentence

KEPT = _("Never shown again. Fill in only to replace what is kept.")
MARKS = {"online": "allow", "faulty": "ask", "offline": "off", "unknown": "info"}


class DeviceForm(forms.ModelForm):
    """Secrets go in and never come out: an empty field keeps what is there."""

    new_username = forms.CharField(
        label=_("User name at the device"),
        required=False,
        max_length=120,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=KEPT,
    )
    new_password = forms.CharField(
        label=_("Password at the device"),
        required=False,
        max_length=200,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=KEPT,
    )
    new_token = forms.CharField(
        label=_("Token at the device"),
        required=False,
        max_length=400,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=KEPT,
    )
    SECRETS = {"new_username": "username", "new_password": "password", "new_token": "token"}

    class Meta:
        model = Device
        fields = ["name", "kind", "driver", "settings", "serial", "is_active"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        given = {name: values.pop(field, "") for field, name in self.SECRETS.items()}
        kept = dict(self.instance.credentials or {}) if self.instance.pk else {}
        values["credentials"] = kept | {name: value for name, value in given.items() if value}
        return values


class TokenInline(CompoundInline):
    model = DeviceToken
    fields = readonly_fields = ["hint", "purpose", "created_at", "last_used_at", "revoked_at"]
    read_roles = MANAGERS_AND_INSTALLERS
    show_change_link = False
    verbose_name_plural = _("Keys to our door")


class RevokeForm(DeedForm):
    """Which key ends."""

    token = forms.ModelChoiceField(label=_("Key that ends in"), queryset=DeviceToken.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        live = DeviceToken.objects.filter(device=self.object_id, revoked_at=None)
        self.fields["token"].queryset = live


class SilentFilter(admin.SimpleListFilter):
    """Whatever does not answer as it should, for whichever reason."""

    title = _("answers")
    parameter_name = "silent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Answers as it should")), ("yes", _("Does not answer"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        online = Device.Health.ONLINE
        if self.value() == "yes":
            return queryset.exclude(health=online)
        return queryset.filter(health=online) if self.value() == "no" else queryset


@admin.register(Device)
class DeviceAdmin(PlaceAdmin):
    form = DeviceForm
    write_roles = MANAGERS_AND_INSTALLERS
    list_display = ["name", "kind", "driver", "health_mark", "wrong", "last_seen_at", "is_active"]
    list_filter = [
        ("compound", VisibleRelatedFilter),
        "kind",
        SilentFilter,
        "health",
        "is_active",
    ]
    search_fields = ["name", "serial"]
    readonly_fields = [
        "health_mark",
        "wrong",
        "health_since",
        "last_seen_at",
        "clock_offset_ms",
        "secrets_kept",
        "list_kept",
    ]
    inlines = [TokenInline]
    actions_detail = ["condition", "issue_token", "revoke_token"]
    actions_row = ["condition"]
    fieldsets = [
        (None, {"fields": [("name", "kind"), ("driver", "serial"), "settings", "is_active"]}),
        (_("Secrets"), {"fields": ["secrets_kept", ("new_username", "new_password"), "new_token"]}),
        (
            _("Condition"),
            {
                "fields": [
                    ("health_mark", "health_since"),
                    "wrong",
                    ("last_seen_at", "clock_offset_ms"),
                    "list_kept",
                ]
            },
        ),
    ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # A device keeps its kind: lanes and commands rely on it.
        return [*self.readonly_fields, *(["kind"] if obj else [])]

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        return list(self.inlines) if obj else []

    @display(description=_("health"), ordering="health")
    def health_mark(self, device: Device) -> SafeString:
        if not device.pk:
            return SafeString("–")
        return tag_html(MARKS[device.health], str(device.get_health_display()))

    @display(description=_("what is wrong"))
    def wrong(self, device: Device) -> str:
        return sentence(device.health_code) if device.health_code else "–"

    @display(description=_("cars kept in the device"))
    def list_kept(self, device: Device) -> str:
        """How the list for hours without us stands in the camera, in words."""
        return allow_lists.in_words(device.pk) if device.pk else "–"

    @display(description=_("kept"))
    def secrets_kept(self, device: Device) -> str:
        """Which secrets there are; never what they are."""
        return ", ".join(sorted(device.credentials or {})) or str(_("none"))

    @action(description=_("Condition of the device"), icon="monitor_heart", permissions=["change"])
    def condition(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Its own page: how it is, what it said, a question or a test push."""
        return go(request, url_of("setup-device", self.row(request, object_id).pk))

    @action(description=_("Issue a key"), icon="key", permissions=["change"])
    def issue_token(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """After a POST the key is shown, once; a GET only asks."""
        device = self.row(request, object_id)
        pushes = device.driver == PUSH
        token = self._issued(device, acting(request)) if request.method == "POST" else ""
        context = self.admin_site.each_context(request) | {
            "title": device.name,
            "device": device,
            "token": token,
            "pushes": pushes,
            "opts": self.opts,
        }
        return render(request, "admin/community/device/key.html", context)

    @staticmethod
    def _issued(device: Device, user: Any) -> str:
        """A key of the API, or the path of the address to which a camera pushes."""
        if device.driver != PUSH:
            return operations.issue_token(device, user)
        return (
            f"/devices/{operations.issue_push_secret(device, user)}/{device.settings.get('format')}"
        )

    @action(
        description=_("Revoke a key"),
        icon="key_off",
        permissions=["change"],
        dialog={
            "title": _("Revoke a key"),
            "description": _("The device that uses it is refused from this moment on."),
            "form_class": RevokeForm,
            "form_submit_text": _("Revoke"),
        },
    )
    def revoke_token(self, request: HttpRequest, form: RevokeForm, object_id: int) -> HttpResponse:
        device = self.row(request, object_id)
        token = get_object_or_404(device.tokens, pk=form.cleaned_data["token"].pk)
        return self.do(
            request,
            form,
            lambda: operations.revoke_token(token, acting(request)),
            _("The key is revoked."),
        )


@admin.register(Command)
class CommandAdmin(CompoundAdmin):
    """Orders are shown, never made or changed here."""

    write_roles: frozenset[str] = frozenset()
    list_display = ["created_at", "device", "lane", "action", "state_mark", "said", "requested_by"]
    list_filter = [("compound", VisibleRelatedFilter), "action", "state"]
    list_select_related = ["device", "lane", "requested_by"]
    search_fields = ["device__name", "lane__name"]
    search_help_text = _("Device or lane")
    STATES = {
        "pending": "due",
        "sending": "due",
        "done": "allow",
        "failed": "deny",
        "unknown": "off",
    }

    @display(description=_("state"), ordering="state")
    def state_mark(self, command: Command) -> SafeString:
        return tag_html(self.STATES[command.state], str(command.get_state_display()))

    @display(description=_("outcome"))
    def said(self, command: Command) -> str:
        return sentence(command.code) if command.code else ""
