"""`/api/v1/alerts/`: what a person must see to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import CompoundField, CompoundFilter, ReadView, deed, described
from security import alerts
from security.models import GUARDS, Alert

AT = "2026-03-02T08:15:04.120000+08:00"


class AlertSerializer(serializers.Serializer):
    example = {
        "id": 77, "compound": "wutong", "kind": "device_offline", "severity": 2,
        "said": "南门入口道闸 does not answer.", "device": 7, "lane": None, "state": "open",
        "raised_at": AT, "taken_by": None, "closed_at": None,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField(read_only=True)
    kind = serializers.CharField(read_only=True)
    severity = serializers.ChoiceField(
        choices=Alert.Severity.choices, read_only=True, help_text=_("1 is the most urgent.")
    )
    said = serializers.SerializerMethodField(help_text=_("In the caller's language."))
    device = serializers.IntegerField(source="device_id", read_only=True, allow_null=True)
    lane = serializers.IntegerField(source="lane_id", read_only=True, allow_null=True)
    state = serializers.ChoiceField(choices=Alert.State.choices, read_only=True)
    raised_at = serializers.DateTimeField(read_only=True)
    taken_by = serializers.IntegerField(source="taken_by_id", read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_said(self, alert: Alert) -> str:
        return alerts.said(alert)


class AlertFilter(CompoundFilter):
    state = filters.ChoiceFilter(choices=Alert.State.choices, help_text=_("How it stands."))
    open = filters.BooleanFilter("closed_at", "isnull", help_text=_("Not closed yet, or closed."))
    kind = filters.CharFilter(help_text=_("Kind of alert."))
    severity = filters.ChoiceFilter(choices=Alert.Severity.choices, help_text=_("How urgent."))
    device = filters.NumberFilter("device_id", help_text=_("Id of the device."))
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))


@extend_schema_view(list=described(_("Alerts")), retrieve=described(_("One alert")))
class AlertViewSet(ReadView):
    queryset = Alert.objects.select_related("compound", "device", "lane")
    serializer_class = AlertSerializer
    filterset_class = AlertFilter
    write_roles = GUARDS

    @deed(_("Take an alert"), gives=AlertSerializer, name="acknowledge",
          about=_("Who took it first stays."))  # fmt: skip
    def acknowledge(self, request: Request, pk: str) -> Response:
        alerts.acknowledge(self.writable(), self.actor)
        return self.shown(self.get_object())

    @deed(_("Close an alert"), gives=AlertSerializer, name="close")
    def close(self, request: Request, pk: str) -> Response:
        alerts.close(self.writable(), self.actor)
        return self.shown(self.get_object())
