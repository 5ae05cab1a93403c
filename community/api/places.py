"""Compounds, buildings, homes and gates."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_view
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    SmallField,
    described,
    listed,
    refusals,
)
from community.models import Building, Compound, Gate, Unit
from community.operations import save_row

MANAGERS = frozenset({"manager"})
CREATED = status.HTTP_201_CREATED


class PlaceView(ReadView):
    """Rows that are saved through ``save_row``, which validates and records."""

    write_roles = MANAGERS

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        row = self.get_queryset().model(compound=compound)
        return self.shown(self._save(row, self.resolved(given, compound)), CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        row = self.writable()
        given = self.given(request, partial=True)
        given.pop("compound", None)
        return self.shown(self._save(row, self.resolved(given, row.compound)))

    def _save(self, row: Any, values: dict[str, Any]) -> Any:
        for name, value in values.items():
            setattr(row, name, value)
        with refusals():
            return save_row(row, self.actor)


def places(rows: Any, one: Any, new: Any, change: Any) -> Any:
    """What the four operations of a place are called."""
    return extend_schema_view(
        list=described(rows),
        retrieve=described(one),
        create=described(new),
        partial_update=described(change, _("Only what is given is changed.")),
    )


class CompoundSerializer(serializers.Serializer):
    example = {"id": 1, "code": "wutong", "name": "梧桐苑", "address": "芦城市青禾区梧桐路 18 号"}

    id = serializers.IntegerField(read_only=True)
    code = serializers.CharField(read_only=True, help_text=_("What other calls name it by."))
    name = serializers.CharField(max_length=80)
    address = serializers.CharField(max_length=200, required=False, allow_blank=True)


@listed(
    _("Compounds"),
    _("One compound"),
    partial_update=described(_("Change name or address of a compound")),
)
class CompoundViewSet(ReadView):
    queryset = Compound.objects.all()
    serializer_class = CompoundSerializer
    write_roles = MANAGERS

    def partial_update(self, request: Request, pk: str) -> Response:
        row = self.writable()
        for name, value in self.given(request, partial=True).items():
            setattr(row, name, value)
        with refusals():
            return self.shown(save_row(row, self.actor))


class BuildingSerializer(serializers.Serializer):
    example = {"id": 3, "compound": "wutong", "code": "3", "name": "3 号楼", "floors": 18}

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    code = serializers.CharField(max_length=10, help_text=_("Its number, such as 3."))
    name = serializers.CharField(max_length=40, required=False, allow_blank=True)
    floors = serializers.IntegerField(required=False, min_value=1, max_value=300)


class BuildingFilter(CompoundFilter):
    code = filters.CharFilter(help_text=_("Number of the building."))


@places(_("Buildings"), _("One building"), _("Add a building"), _("Change a building"))
class BuildingViewSet(PlaceView):
    queryset = Building.objects.select_related("compound")
    serializer_class = BuildingSerializer
    filterset_class = BuildingFilter


class UnitSerializer(serializers.Serializer):
    example = {
        "id": 120, "compound": "wutong", "code": "3-2-1202", "building": 3, "entrance": "2",
        "floor": 12, "room": "1202",
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    code = serializers.CharField(
        max_length=32, help_text=_("Building, entrance and room, such as 3-2-1202.")
    )
    building = PlaceField(Building.objects, source="building_id")
    entrance = serializers.CharField(max_length=10, required=False, allow_blank=True)
    floor = serializers.IntegerField(min_value=-20, max_value=300)
    room = serializers.CharField(max_length=10)


class UnitFilter(CompoundFilter):
    code = filters.CharFilter(help_text=_("Code of the home, such as 3-2-1202."))
    building = filters.CharFilter("building__code", help_text=_("Number of the building."))
    search = filters.CharFilter("code", "contains", help_text=_("Part of the home's code."))


@places(_("Homes"), _("One home"), _("Add a home"), _("Change a home"))
class UnitViewSet(PlaceView):
    queryset = Unit.objects.select_related("compound")
    serializer_class = UnitSerializer
    filterset_class = UnitFilter


class GateSerializer(serializers.Serializer):
    example = {"id": 1, "compound": "wutong", "name": "南门", "kind": "vehicle", "order": 0}

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    name = serializers.CharField(max_length=40)
    kind = serializers.ChoiceField(choices=Gate.Kind.choices)
    order = SmallField(required=False)


class GateFilter(CompoundFilter):
    kind = filters.ChoiceFilter(choices=Gate.Kind.choices, help_text=_("Kind of gate."))


@places(_("Gates"), _("One gate"), _("Add a gate"), _("Change a gate"))
class GateViewSet(PlaceView):
    queryset = Gate.objects.select_related("compound")
    serializer_class = GateSerializer
    filterset_class = GateFilter
