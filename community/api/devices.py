"""Devices, their keys to our door, and what they were told to do."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.places import CREATED, PlaceView, places
from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    listed,
)
from community.api_rules.parsers import has_broken_text
from community.devices import operations
from community.models import Command, Device, DeviceToken
from community.verdicts import sentence

INSTALLERS = frozenset({"manager", "installer"})
#: Who may have a barrier opened by hand, through its lane.
ORDERING = frozenset({"guard", "manager"})


class SettingsField(serializers.JSONField):
    """An object of a device's address and options. Secrets go into `credentials`."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict) or len(data) > 40 or has_broken_text(data):
            raise serializers.ValidationError(_("Send an object of at most 40 settings."))
        return super().to_internal_value(data)


class DeviceSerializer(serializers.Serializer):
    example = {
        "id": 7, "compound": "wutong", "name": "南门入口道闸", "kind": "barrier",
        "driver": "http_relay", "settings": {"url": "http://10.0.3.7/relay"},
        "credentials": {"username": "linli", "password": "…"}, "serial": "", "is_active": True,
        "health": "online", "health_code": "", "health_said": "", "health_since": AT,
        "last_seen_at": AT, "clock_offset_ms": None, "may_order": True,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    name = serializers.CharField(max_length=60)
    kind = serializers.ChoiceField(
        choices=Device.Kind.choices, help_text=_("A device keeps its kind.")
    )
    driver = serializers.CharField(max_length=40)
    settings = SettingsField(required=False, help_text=_("Address and options, no secrets."))
    credentials = serializers.DictField(
        child=serializers.CharField(max_length=400),
        required=False,
        write_only=True,
        help_text=_("Goes in and never comes out; what is not named stays as it is."),
    )
    serial = serializers.CharField(max_length=64, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False)
    health = serializers.ChoiceField(choices=Device.Health.choices, read_only=True)
    health_code = serializers.CharField(read_only=True)
    health_said = serializers.SerializerMethodField(help_text=_("What is wrong, in a sentence."))
    health_since = serializers.DateTimeField(read_only=True, allow_null=True)
    last_seen_at = serializers.DateTimeField(read_only=True, allow_null=True)
    clock_offset_ms = serializers.IntegerField(read_only=True, allow_null=True)
    may_order = serializers.SerializerMethodField(
        help_text=_("Whether the caller may have it opened by hand, through its lane.")
    )

    def get_health_said(self, device: Device) -> str:
        return sentence(device.health_code) if device.health_code else ""

    def get_may_order(self, device: Device) -> bool:
        held = self.context["view"].actor.roles_in(device.compound_id)
        closes = device.kind in (Device.Kind.BARRIER, Device.Kind.DOOR)
        return closes and device.is_active and bool(held & ORDERING)


class DeviceFilter(CompoundFilter):
    kind = filters.ChoiceFilter(choices=Device.Kind.choices, help_text=_("Kind of device."))
    health = filters.ChoiceFilter(choices=Device.Health.choices, help_text=_("How it is."))
    is_active = filters.BooleanFilter(help_text=_("Whether it is in use."))
    search = filters.CharFilter("name", "icontains", help_text=_("Part of the name."))


class IssuedSerializer(serializers.Serializer):
    example = {"token": "linli_…"}

    token = serializers.CharField(read_only=True, help_text=_("Shown this once."))


@places(_("Devices"), _("One device"), _("Add a device"), _("Change a device"))
class DeviceViewSet(PlaceView):
    queryset = Device.objects.select_related("compound")
    serializer_class = DeviceSerializer
    filterset_class = DeviceFilter
    write_roles = INSTALLERS

    def _save(self, row: Any, values: dict[str, Any]) -> Any:
        if row.pk and values.get("kind", row.kind) != row.kind:
            text = _("A device keeps its kind: lanes and commands rely on it.")
            raise serializers.ValidationError({"kind": [text]})
        if "credentials" in values:
            values["credentials"] = dict(row.credentials or {}) | values["credentials"]
        return super()._save(row, values)

    @deed(_("Issue a key to our door"), gives=IssuedSerializer, name="issue-token", status=201,
          about=_("The device sends it with each reading. Older keys stay valid."))  # fmt: skip
    def issue_token(self, request: Request, pk: str) -> Response:
        token = operations.issue_token(self.writable(), self.actor)
        return Response(IssuedSerializer({"token": token}).data, status=CREATED)


class DeviceTokenSerializer(serializers.Serializer):
    example = {
        "id": 4, "device": 7, "hint": "x9Qa", "created_at": AT, "last_used_at": AT,
        "revoked_at": None,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    device = serializers.IntegerField(source="device_id", read_only=True)
    hint = serializers.CharField(read_only=True, help_text=_("How the key ends."))
    created_at = serializers.DateTimeField(read_only=True)
    last_used_at = serializers.DateTimeField(read_only=True, allow_null=True)
    revoked_at = serializers.DateTimeField(read_only=True, allow_null=True)


class DeviceTokenFilter(CompoundFilter):
    device = filters.NumberFilter("device_id", help_text=_("Id of the device."))


@listed(_("Keys of devices"), _("One key of a device"))
class DeviceTokenViewSet(ReadView):
    queryset = DeviceToken.objects.select_related("compound")
    serializer_class = DeviceTokenSerializer
    filterset_class = DeviceTokenFilter
    read_roles = INSTALLERS
    write_roles = INSTALLERS

    def get_queryset(self) -> Any:
        # As the office shows them on the device's page: to installers too.
        seen = Device.objects.visible_to(self.actor)
        if not self.actor.is_superuser:
            seen = seen.filter(compound__in=self.actor.compounds_as(INSTALLERS))
        rows = DeviceToken.objects.select_related("compound").filter(device__in=seen)
        return self.within(rows)

    @deed(_("Revoke a key"), gives=DeviceTokenSerializer, name="revoke",
          about=_("The device that uses it is refused from this moment on."))  # fmt: skip
    def revoke(self, request: Request, pk: str) -> Response:
        row = self.writable()
        operations.revoke_token(row, self.actor)
        return self.shown(row)


class CommandSerializer(RowSerializer):
    example = {
        "id": 41, "compound": "wutong", "device": 7, "lane": 2, "action": "open", "state": "done",
        "code": "", "said": "", "requested_by": 5, "created_at": AT, "expires_at": AT,
        "sent_at": AT, "finished_at": AT,
    }  # fmt: skip

    device = serializers.IntegerField(source="device_id", read_only=True)
    lane = serializers.IntegerField(source="lane_id", read_only=True, allow_null=True)
    action = serializers.ChoiceField(choices=Command.Action.choices, read_only=True)
    state = serializers.ChoiceField(choices=Command.State.choices, read_only=True)
    code = serializers.CharField(read_only=True, help_text=_("Why it failed; stable."))
    said = serializers.SerializerMethodField(help_text=_("The same as a sentence."))
    requested_by = serializers.IntegerField(
        source="requested_by_id", read_only=True, allow_null=True
    )
    created_at = serializers.DateTimeField(read_only=True)
    expires_at = serializers.DateTimeField(read_only=True, allow_null=True)
    sent_at = serializers.DateTimeField(read_only=True, allow_null=True)
    finished_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_said(self, command: Command) -> str:
        return sentence(command.code) if command.code else ""


class CommandFilter(CompoundFilter):
    device = filters.NumberFilter("device_id", help_text=_("Id of the device."))
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))
    action = filters.ChoiceFilter(choices=Command.Action.choices, help_text=_("What was ordered."))
    state = filters.ChoiceFilter(choices=Command.State.choices, help_text=_("How it ended."))


@listed(_("Orders to devices"), _("One order to a device"))
class CommandViewSet(ReadView):
    queryset = Command.objects.select_related("compound")
    serializer_class = CommandSerializer
    filterset_class = CommandFilter
