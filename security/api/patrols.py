"""`/api/v1/patrol-rounds/`: the rounds that guards walk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
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
from security.models import GUARDS, PatrolPoint, PatrolRound, PatrolScan
from security.operations import patrols

#: A round that is over, or cannot begin yet.
OVER = {patrols.RoundOver: "round_over"}


class ScanSerializer(serializers.Serializer):
    example = {
        "point": 4, "at": AT, "by": 5, "how": "code", "reason": "", "note": "",
        "out_of_order": False,
    }  # fmt: skip

    point = serializers.IntegerField(source="point_id")
    at = serializers.DateTimeField()
    by = serializers.IntegerField(source="by_id")
    how = serializers.ChoiceField(choices=PatrolScan.How.choices)
    reason = serializers.CharField()
    note = serializers.CharField()
    out_of_order = serializers.BooleanField()


class RoundSerializer(RowSerializer):
    example = {
        "id": 310, "compound": "wutong", "route": 2, "stops": [4, 5], "state": "running",
        "is_extra": False, "planned_at": AT, "opens_at": AT, "late_at": AT, "due_at": AT,
        "started_at": AT, "started_by": 5, "ended_at": None, "missed": 0,
        "scans": [ScanSerializer.example],
    }  # fmt: skip

    route = serializers.IntegerField(source="route_id", read_only=True)
    stops = serializers.ListField(
        child=serializers.IntegerField(), read_only=True, help_text=_("Ids of the points to pass.")
    )
    state = serializers.ChoiceField(choices=PatrolRound.State.choices, read_only=True)
    is_extra = serializers.BooleanField(read_only=True, help_text=_("Of the guard's own accord."))
    planned_at = serializers.DateTimeField(read_only=True)
    opens_at = serializers.DateTimeField(read_only=True)
    late_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True, allow_null=True)
    started_by = serializers.IntegerField(source="started_by_id", read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)
    missed = serializers.IntegerField(read_only=True)
    scans = serializers.SerializerMethodField(help_text=_("Points that were confirmed."))

    @extend_schema_field(ScanSerializer(many=True))
    def get_scans(self, patrol: PatrolRound) -> Any:
        return ScanSerializer(patrol.scans.all(), many=True).data


class ConfirmPointForm(serializers.Serializer):
    """The code of the sheet; or the point by hand, with the reason why it was not read."""

    example = {"code": "", "point": 4, "reason": "sheet_damaged", "note": ""}

    code = serializers.CharField(
        max_length=80, required=False, allow_blank=True, default="",
        help_text=_("As the phone read it from the sheet."),
    )  # fmt: skip
    point = serializers.IntegerField(
        required=False, allow_null=True, default=None, min_value=1, max_value=2**63 - 1,
        help_text=_("By hand, without a code: id of the point."),
    )  # fmt: skip
    reason = serializers.ChoiceField(
        choices=PatrolScan.Reason.choices, required=False, allow_blank=True, default="",
        help_text=_("Needed by hand."),
    )  # fmt: skip
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class RoundFilter(CompoundFilter):
    route = filters.NumberFilter("route_id", help_text=_("Id of the route."))
    state = filters.ChoiceFilter(choices=PatrolRound.State.choices, help_text=_("How it stands."))
    since = filters.IsoDateTimeFilter("planned_at", "gte", help_text=_("At this time or later."))
    until = filters.IsoDateTimeFilter("planned_at", "lt", help_text=_("Before this time."))


@listed(_("Patrol rounds"), _("One patrol round"), _("The newest first."))
class PatrolRoundViewSet(ReadView):
    queryset = PatrolRound.objects.select_related("compound").prefetch_related("scans")
    serializer_class = RoundSerializer
    filterset_class = RoundFilter
    write_roles = GUARDS

    @deed(_("Begin a round"), gives=RoundSerializer, name="start",
          about=_("Who began first stays."))  # fmt: skip
    def start(self, request: Request, pk: str) -> Response:
        patrol = self.writable()
        with refusals(OVER):
            patrols.start_round(patrol, self.actor)
        return self.shown(self.get_object())

    @deed(
        _("Confirm a point"),
        takes=ConfirmPointForm,
        gives=RoundSerializer,
        name="confirm",
        about=_("A repeat changes nothing; the last missing point completes the round."),
    )
    def confirm(self, request: Request, pk: str) -> Response:
        patrol, given = self.writable(), self.given(request, ConfirmPointForm)
        point = self._point(patrol, given)
        how = PatrolScan.How.CODE if given["code"] else PatrolScan.How.HAND
        reason = "" if given["code"] else given["reason"]
        with refusals(OVER):
            patrols.confirm_point(
                patrol, point, self.actor, how=how, reason=reason, note=given["note"]
            )
        return self.shown(self.get_object())

    def _point(self, patrol: PatrolRound, given: dict[str, Any]) -> PatrolPoint:
        rows = PatrolPoint.objects.filter(compound_id=patrol.compound_id)
        if given["code"]:
            name, rows = "code", rows.filter(digest=patrols.digest_of(given["code"]))
        else:
            name, rows = "point", rows.filter(pk=given["point"])
        found: PatrolPoint | None = rows.first()
        if found is None:
            raise ValidationError({name: [_("This is no point of the compound.")]})
        return found
