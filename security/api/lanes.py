"""`/api/v1/lanes/`: what stands there, what happens there, and opening by hand."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.places import PlaceView, places
from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    SmallField,
    deed,
    listed,
    refusal,
    refusals,
)
from community.models import Device, Gate, Lane
from security import operations, stills
from security.api.passages import LATE, OpenForm, PassageSerializer
from security.api.renderers import Jpeg
from security.lane_states import tiles_of
from security.models import GUARDS, KeepOpen
from security.reasons import KeepOpenReason

INSTALLERS = frozenset({"manager", "installer"})


class RegionField(serializers.ListField):
    """x, y, width and height as shares of the picture."""

    child = serializers.FloatField(min_value=0, max_value=1)

    def __init__(self, **more: Any) -> None:
        super().__init__(min_length=4, max_length=4, **more)

    def run_child_validation(self, data: Any) -> Any:
        left, top, width, height = region = super().run_child_validation(data)
        inside = left + width <= 1.000001 and top + height <= 1.000001
        if not (width > 0 and height > 0 and inside):
            text = _("The region must have a size and lie inside the picture (0 to 100 %).")
            raise serializers.ValidationError([text])
        return region


class StateSerializer(serializers.Serializer):
    mark = serializers.CharField(help_text=_("allow, ask, fail, hand or off."))
    said = serializers.CharField(help_text=_("In words."))
    since = serializers.DateTimeField(allow_null=True)
    devices = serializers.CharField(help_text=_("Whether barrier and camera answer."))
    has_picture = serializers.BooleanField()
    open_until = serializers.DateTimeField(allow_null=True, help_text=_("Kept open until then."))


class LaneSerializer(serializers.Serializer):
    example = {
        "id": 2, "compound": "wutong", "gate": 1, "name": "南门入口", "direction": "entry",
        "order": 0, "camera": 6, "barrier": 7, "crossing": "assumed", "crossing_after_s": 12,
        "roi": [0.0, 0.2, 1.0, 0.7], "sure_from": 0.85, "is_active": True,
        "state": {"mark": "allow", "said": "Free", "since": None, "devices": "both answer",
                  "has_picture": True, "open_until": None},
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    gate = PlaceField(Gate.objects, source="gate_id")
    name = serializers.CharField(max_length=40)
    direction = serializers.ChoiceField(choices=Lane.Direction.choices)
    order = SmallField(required=False)
    camera = PlaceField(
        Device.objects.filter(kind=Device.Kind.CAMERA),
        source="camera_id", required=False, allow_null=True,
    )  # fmt: skip
    barrier = PlaceField(
        Device.objects.filter(kind__in=[Device.Kind.BARRIER, Device.Kind.DOOR]),
        source="barrier_id", required=False, allow_null=True,
    )  # fmt: skip
    crossing = serializers.ChoiceField(choices=Lane.Crossing.choices, required=False)
    crossing_after_s = SmallField(required=False)
    roi = RegionField(required=False, help_text=_("Where the plates are in the picture."))
    sure_from = serializers.FloatField(required=False, min_value=0.5, max_value=1)
    is_active = serializers.BooleanField(required=False)
    state = serializers.SerializerMethodField(
        help_text=_("For who watches the gates; null for others.")
    )

    @extend_schema_field(StateSerializer(allow_null=True))
    def get_state(self, lane: Lane) -> Any:
        tile = self.context["view"].tiles_of(self).get(lane.pk)
        if tile is None:
            return None
        told = {
            "mark": tile.mark,
            "said": str(tile.word),
            "since": tile.since,
            "devices": str(tile.device),
            "has_picture": not tile.dark,
            "open_until": tile.kept_until,
        }
        return StateSerializer(told).data


class LaneFilter(CompoundFilter):
    gate = filters.NumberFilter("gate_id", help_text=_("Id of the gate."))
    direction = filters.ChoiceFilter(choices=Lane.Direction.choices, help_text=_("In or out."))
    is_active = filters.BooleanFilter(help_text=_("Whether it is in use."))


class KeepOpenForm(serializers.Serializer):
    example = {"reason": "removal", "until": AT, "note": ""}

    reason = serializers.ChoiceField(choices=KeepOpenReason.choices)
    until = serializers.DateTimeField(help_text=_("Within the next 12 hours."))
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class KeepOpenSerializer(RowSerializer):
    example = {
        "id": 8, "compound": "wutong", "lane": 2, "reason": "removal", "note": "",
        "started_at": AT, "until": AT, "started_by": 5, "released_at": None, "released_by": None,
    }  # fmt: skip

    lane = serializers.IntegerField(source="lane_id", read_only=True)
    reason = serializers.CharField(read_only=True)
    note = serializers.CharField(read_only=True)
    started_at = serializers.DateTimeField(read_only=True)
    until = serializers.DateTimeField(read_only=True)
    started_by = serializers.IntegerField(source="started_by_id", read_only=True)
    released_at = serializers.DateTimeField(read_only=True, allow_null=True)
    released_by = serializers.IntegerField(source="released_by_id", read_only=True, allow_null=True)


@places(_("Lanes"), _("One lane"), _("Add a lane"), _("Change a lane"))
class LaneViewSet(PlaceView):
    queryset = Lane.objects.select_related("compound", "camera", "barrier")
    serializer_class = LaneSerializer
    filterset_class = LaneFilter
    write_roles = INSTALLERS

    def tiles_of(self, serializer: Any) -> dict[int, Any]:
        """How the lanes of this answer stand, read once for all of them."""
        if not hasattr(self, "_tiles"):
            root = serializer.root.instance
            rows = list(root) if isinstance(root, list | tuple) else [root]
            seen = [lane for lane in rows if self.actor.roles_in(lane.compound_id) & GUARDS]
            self._tiles = {tile.pk: tile for tile in tiles_of(seen, timezone.now())}
        return self._tiles

    @deed(_("Open a lane by hand"), takes=OpenForm, gives=PassageSerializer, name="open",
          about=_("One car at a time, with a reason; who and why are kept. A second call within "
                  "five seconds opens nothing more."),
          write_roles=GUARDS)  # fmt: skip
    def open(self, request: Request, pk: str) -> Response:
        lane, given = self.writable(), self.given(request, OpenForm)
        with refusals(LATE):
            passage = operations.open_by_hand(lane=lane, user=self.actor, **given)
        return Response(PassageSerializer(passage, context=self.get_serializer_context()).data)

    @deed(_("Keep a lane open"), takes=KeepOpenForm, gives=KeepOpenSerializer, name="keep-open",
          about=_("Until an end; one that stands open stays as it is."),
          write_roles=GUARDS)  # fmt: skip
    def keep_open(self, request: Request, pk: str) -> Response:
        lane, given = self.writable(), self.given(request, KeepOpenForm)
        with refusals():
            held = operations.keep_open(lane, self.actor, **given)
        return Response(KeepOpenSerializer(held).data)

    @deed(_("Release a lane"), gives=LaneSerializer, name="release",
          about=_("Back to one car at a time. The barrier is told again if nothing stood open."),
          write_roles=GUARDS)  # fmt: skip
    def release(self, request: Request, pk: str) -> Response:
        lane = self.writable()
        with refusals():
            operations.release(lane, self.actor)
        return self.shown(self.get_object())

    @extend_schema(
        summary=_("The newest picture of a lane"),
        responses={
            (200, "image/jpeg"): OpenApiResponse(OpenApiTypes.BINARY, _("At most 6 s old.")),
            (404, "application/json"): refusal(_("There is no live picture now."), "not_found"),
        },
    )
    @action(detail=True, url_path="still", renderer_classes=[Jpeg], read_roles=GUARDS)
    def still(self, request: Request, pk: str) -> HttpResponse:
        lane = self.get_object()
        if not self.actor.roles_in(lane.compound_id) & GUARDS:
            raise NotFound
        data = stills.fresh(lane)
        if data is None:
            raise NotFound
        return HttpResponse(data, content_type="image/jpeg")


class KeepOpenFilter(CompoundFilter):
    lane = filters.NumberFilter("lane_id", help_text=_("Id of the lane."))
    standing = filters.BooleanFilter("released_at", "isnull", help_text=_("Open now, or over."))


@listed(_("Lanes kept open"), _("One lane kept open"))
class KeepOpenViewSet(ReadView):
    queryset = KeepOpen.objects.select_related("compound")
    serializer_class = KeepOpenSerializer
    filterset_class = KeepOpenFilter
