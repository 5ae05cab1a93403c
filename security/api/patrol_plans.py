"""`/api/v1/patrol-points/` and `/api/v1/patrol-routes/`: what managers plan and guards walk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Compound
from security.api.patrols import OVER, RoundSerializer
from security.models import GUARDS, PatrolPoint, PatrolRoute
from security.operations.patrols import (
    change_point,
    change_route,
    create_point,
    create_route,
    rotate_secret,
    start_extra,
)

MANAGERS = frozenset({"manager"})
CREATED = status.HTTP_201_CREATED
TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


class PointSerializer(RowSerializer):
    """Without its code, which hangs at the place and nowhere else."""

    example = {
        "id": 4, "compound": "wutong", "name": "东门", "place": "岗亭内侧", "is_active": True,
        "secret_since": AT,
    }  # fmt: skip

    compound = CompoundField()
    name = serializers.CharField(max_length=40)
    place = serializers.CharField(max_length=120, required=False, allow_blank=True)
    is_active = serializers.BooleanField(required=False, help_text=_("Whether it is in use."))
    secret_since = serializers.DateTimeField(read_only=True, help_text=_("Code valid since."))


class TimeField(serializers.RegexField):
    """A time of day as 22:00; the row holds minutes after midnight."""

    def __init__(self, **more: Any) -> None:
        super().__init__(TIME, **more)

    def to_representation(self, value: Any) -> str:
        return f"{value // 60:02d}:{value % 60:02d}"


def minutes(times: list[str]) -> list[int]:
    """Minutes after midnight, of times as 22:00."""
    return [int(time[:2]) * 60 + int(time[3:]) for time in times]


class StopsField(serializers.ListField):
    """Ids of points in the order of the route's stops."""

    def __init__(self, **more: Any) -> None:
        super().__init__(child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), **more)

    def get_attribute(self, instance: PatrolRoute) -> list[int]:
        return [stop.point_id for stop in instance.stops.all()]


class RouteSerializer(RowSerializer):
    example = {
        "id": 2, "compound": "wutong", "name": "夜巡", "in_order": False, "points": [4, 5],
        "starts": ["22:00", "02:00"], "weekdays": [0, 1, 2, 3, 4, 5, 6], "tolerance_min": 15,
        "duration_min": 30, "is_active": True,
    }  # fmt: skip

    compound = CompoundField()
    name = serializers.CharField(max_length=40)
    in_order = serializers.BooleanField(required=False)
    points = StopsField(max_length=20, help_text=_("Ids of the points, in their order."))
    starts = serializers.ListField(
        child=TimeField(), max_length=24, help_text=_("In the compound's own time.")
    )
    weekdays = serializers.ListField(
        child=serializers.IntegerField(min_value=0, max_value=6),
        max_length=7,
        help_text=_("0 is Monday."),
    )
    tolerance_min = serializers.IntegerField(required=False, min_value=5, max_value=240)
    duration_min = serializers.IntegerField(required=False, min_value=5, max_value=240)
    is_active = serializers.BooleanField(required=False)


class PlanFilter(CompoundFilter):
    is_active = filters.BooleanFilter(help_text=_("Whether it is in use."))


@listed(
    _("Patrol points"),
    _("One patrol point"),
    create=described(_("Add a patrol point"), _("Print its sheet in the office.")),
    partial_update=described(_("Change a patrol point"), _("Only what is given is changed.")),
)
class PatrolPointViewSet(ReadView):
    queryset = PatrolPoint.objects.select_related("compound")
    serializer_class = PointSerializer
    filterset_class = PlanFilter
    write_roles = MANAGERS

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        given.pop("is_active", None)
        with refusals():
            return self.shown(create_point(compound=compound, actor=self.actor, **given), CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        point, given = self.writable(), self.given(request, partial=True)
        given.pop("compound", None)
        with refusals():
            change_point(point, actor=self.actor, **given)
        return self.shown(self.get_object())

    @deed(_("Give a patrol point a new code"), gives=PointSerializer, name="renew-code",
          about=_("The sheet that hangs there counts no more; print the new one."))  # fmt: skip
    def renew_code(self, request: Request, pk: str) -> Response:
        rotate_secret(self.writable(), actor=self.actor)
        return self.shown(self.get_object())


@listed(
    _("Patrol routes"),
    _("One patrol route"),
    create=described(_("Add a patrol route"), _("Its rounds are planned at once.")),
    partial_update=described(
        _("Change a patrol route"),
        _("Rounds not yet begun are planned anew; those under way stay as they are."),
    ),
)
class PatrolRouteViewSet(ReadView):
    queryset = PatrolRoute.objects.select_related("compound").prefetch_related("stops")
    serializer_class = RouteSerializer
    filterset_class = PlanFilter
    write_roles = MANAGERS

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        given["points"] = self._points(compound, given["points"])
        given["starts"] = minutes(given["starts"])
        with refusals():
            return self.shown(create_route(compound=compound, actor=self.actor, **given), CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        route, given = self.writable(), self.given(request, partial=True)
        given.pop("compound", None)
        held = [stop.point_id for stop in route.stops.all()]
        given["points"] = self._points(route.compound, given.get("points", held))
        if "starts" in given:
            given["starts"] = minutes(given["starts"])
        with refusals():
            change_route(route, actor=self.actor, **given)
        return self.shown(self.get_object())

    def _points(self, compound: Compound, keys: list[int]) -> list[PatrolPoint]:
        """The points in this order. Raises ValidationError for one that is elsewhere."""
        rows = PatrolPoint.objects.visible_to(self.actor).filter(compound=compound)
        found = rows.in_bulk(keys)
        if len(found) < len(set(keys)):
            raise ValidationError({"points": [_("This is no point of the compound.")]})
        return [found[key] for key in keys]

    @deed(_("Walk a route of one's own accord"), gives=RoundSerializer, name="walk",
          about=_("Gives the round under way where the caller walks it already."),
          write_roles=GUARDS)  # fmt: skip
    def walk(self, request: Request, pk: str) -> Response:
        route = self.writable()
        with refusals(OVER):
            patrol = start_extra(route, self.actor)
        return Response(RoundSerializer(patrol, context=self.get_serializer_context()).data)
