"""`/api/v1/alerts/`: what a person must see to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    listed,
    refusals,
)
from community.models import User
from security import alerts
from security.models import GUARDS, Alert

#: A step that cannot be taken from where the alert stands, with who was there.
MOVED = {alerts.AlertMoved: "alert_moved"}


class AssignForm(serializers.Serializer):
    example = {"to": 5}

    to = serializers.IntegerField(
        min_value=1, max_value=2**63 - 1, help_text=_("Id of the user who sees to it.")
    )


class CloseForm(serializers.Serializer):
    example = {"ending": "put_right", "note": ""}

    ending = serializers.ChoiceField(
        choices=[one for one in Alert.Ending.choices if one[0] != Alert.Ending.OVER]
    )
    note = serializers.CharField(
        max_length=200, required=False, allow_blank=True, default="",
        help_text=_("Needed with “other”."),
    )  # fmt: skip


class AlertSerializer(RowSerializer):
    example = {
        "id": 77, "compound": "wutong", "kind": "device_offline", "severity": 2,
        "said": "南门入口道闸 does not answer.", "device": 7, "lane": None, "state": "open",
        "raised_at": AT, "taken_by": None, "taken_at": None, "assigned_to": None,
        "assigned_at": None, "closed_by": None, "closed_at": None, "ending": "", "note": "",
    }  # fmt: skip

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
    taken_at = serializers.DateTimeField(read_only=True, allow_null=True)
    assigned_to = serializers.IntegerField(source="assigned_to_id", read_only=True, allow_null=True)
    assigned_at = serializers.DateTimeField(read_only=True, allow_null=True)
    closed_by = serializers.IntegerField(source="closed_by_id", read_only=True, allow_null=True)
    closed_at = serializers.DateTimeField(read_only=True, allow_null=True)

    ending = serializers.CharField(read_only=True, help_text=_("How it ended."))
    note = serializers.CharField(read_only=True)

    def get_said(self, alert: Alert) -> str:
        return alerts.said(alert)


class AlertFilter(CompoundFilter):
    state = filters.ChoiceFilter(choices=Alert.State.choices, help_text=_("How it stands."))
    open = filters.BooleanFilter("closed_at", "isnull", help_text=_("Not closed yet, or closed."))
    kind = filters.CharFilter(help_text=_("Kind of alert."))
    severity = filters.ChoiceFilter(choices=Alert.Severity.choices, help_text=_("How urgent."))
    assigned_to = filters.NumberFilter("assigned_to_id", help_text=_("Id of the user."))
    device = filters.NumberFilter("device_id", help_text=_("Id of the device."))
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))


@listed(_("Alerts"), _("One alert"))
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

    @deed(_("Give an alert to a guard"), takes=AssignForm, gives=AlertSerializer, name="assign",
          about=_("To somebody who is on duty here; the alert must have been taken."))  # fmt: skip
    def assign(self, request: Request, pk: str) -> Response:
        alert = self.writable()
        given = self.given(request, AssignForm)
        to = User.objects.filter(pk=given["to"], is_active=True).first()
        if to is None or not to.roles_in(alert.compound_id):
            raise ValidationError({"to": [_("Choose somebody who is on duty here.")]})
        with refusals(MOVED):
            alerts.assign(alert, self.actor, to)
        return self.shown(self.get_object())

    @deed(_("Close an alert"), takes=CloseForm, gives=AlertSerializer, name="close",
          about=_("With how it ended; the alert must have been taken."))  # fmt: skip
    def close(self, request: Request, pk: str) -> Response:
        alert, given = self.writable(), self.given(request, CloseForm)
        with refusals(MOVED):
            alerts.close_with(alert, self.actor, given["ending"], given["note"])
        return self.shown(self.get_object())
