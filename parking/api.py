"""`/api/v1/vehicles/`: the registered cars of the caller's compounds."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from community.api_base import CompoundView, refusals
from community.models import Compound, Unit
from community.querysets import OFFICE
from community.vision.grammar import normalise
from parking import operations
from parking.models import PlateKind, Vehicle
from parking.operations import rules
from residents.models import Person


class VehicleFilter(filters.FilterSet):
    plate = filters.CharFilter(
        method="by_plate", help_text=_("A whole plate, however it is typed.")
    )
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    kind = filters.ChoiceFilter(choices=PlateKind.choices, help_text=_("Kind of plate."))
    compound = filters.CharFilter("compound__code", help_text=_("Code of the compound."))
    search = filters.CharFilter(
        method="by_text", help_text=_("Part of a plate, a home or an owner's name.")
    )
    state = filters.ChoiceFilter(
        choices=list(Vehicle.STATES.items()),
        method="by_state",
        help_text=_("How the registration stands today."),
    )

    class Meta:
        model = Vehicle
        fields: list[str] = []

    def by_plate(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate=normalise(value))

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.search(value[:80])

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows.in_state(value, timezone.localdate())


class VehicleSerializer(serializers.Serializer):
    """A car as it goes out, and the fields that come in; operations check what they mean."""

    id = serializers.IntegerField(read_only=True)
    compound = serializers.CharField(
        source="compound.code",
        required=False,
        help_text=_("Code of the compound; needed only by who may write in several."),
    )
    plate = serializers.CharField(
        max_length=200, help_text=_("The number plate; blanks and dots in it do not matter.")
    )
    kind = serializers.ChoiceField(
        choices=PlateKind.choices,
        required=False,
        help_text=_("Kind of plate; told by the plate itself where it is not given."),
    )
    colour = serializers.CharField(
        max_length=20, required=False, allow_blank=True, help_text=_("Colour of the car.")
    )
    home = serializers.CharField(
        source="unit.code",
        required=False,
        allow_null=True,
        max_length=32,
        help_text=_("Code of the home, such as 3-2-1202."),
    )
    owner = serializers.IntegerField(
        source="owner_id",
        required=False,
        allow_null=True,
        help_text=_("Id of the owner's file, a person of the same compound."),
    )
    valid_from = serializers.DateField(required=False, help_text=_("First day of the right."))
    valid_until = serializers.DateField(
        required=False, allow_null=True, help_text=_("Last day of the right; none: no end.")
    )
    state = serializers.SerializerMethodField(help_text=_("How the registration stands today."))
    ended_at = serializers.DateTimeField(read_only=True)

    def get_state(self, car: Vehicle) -> str:
        return car.state_on(rules.today(car.compound))

    def to_representation(self, instance: Vehicle) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {"home": None, **shown}


ENDS = _("A registration that ended stays on file, since old passages point to it.")


@extend_schema_view(
    list=extend_schema(summary=_("Cars"), description=_("The newest registration first.")),
    retrieve=extend_schema(summary=_("One car")),
)
class VehicleViewSet(CompoundView, GenericViewSet[Vehicle]):
    queryset = Vehicle.objects.select_related("compound", "unit")
    serializer_class = VehicleSerializer
    filter_backends = [filters.DjangoFilterBackend]
    filterset_class = VehicleFilter
    write_roles = OFFICE

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return self._shown(self.get_object())

    @extend_schema(summary=_("Register a car"), responses={201: VehicleSerializer})
    def create(self, request: Request) -> Response:
        given = self._given(request, partial=False)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            car = operations.register_vehicle(
                compound=compound, actor=self.actor, **self._values(compound, given)
            )
        return self._shown(car, status.HTTP_201_CREATED)

    @extend_schema(summary=_("Change a car"), description=_("Only what is given is changed."))
    def partial_update(self, request: Request, pk: str) -> Response:
        car = self._writable()
        given = self._given(request, partial=True)
        given.pop("compound", None)
        with refusals():
            values = self._values(car.compound, given)
            car = operations.change_vehicle(car, actor=self.actor, **values)
        return self._shown(car)

    @extend_schema(summary=_("End a registration"), description=ENDS, request=None)
    @action(detail=True, methods=["post"])
    def end(self, request: Request, pk: str) -> Response:
        return self._shown(operations.end_vehicle(self._writable(), actor=self.actor))

    def _writable(self) -> Vehicle:
        car: Vehicle = self.get_object()
        self.may_write(car.compound_id)
        return car

    def _given(self, request: Request, *, partial: bool) -> dict[str, Any]:
        serializer = self.get_serializer(data=request.data, partial=partial)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _values(self, compound: Compound, given: dict[str, Any]) -> dict[str, Any]:
        """Home and owner as rows of the compound; rows elsewhere are as unknown as missing ones."""
        if "unit" in given:
            code = given.pop("unit")["code"]
            given["unit"] = code and _row(Unit.objects.of(compound).filter(code=code), "home")
        if "owner_id" in given:
            pk = given.pop("owner_id")
            given["owner"] = pk and _row(Person.objects.of(compound).filter(pk=pk), "owner")
        return given

    def _shown(self, car: Vehicle, code: int = status.HTTP_200_OK) -> Response:
        return Response(self.get_serializer(car).data, status=code)


def _row(rows: Any, field: str) -> Any:
    found = rows.first()
    if found is None:
        raise ValidationError({field: [_("This is not on file in the compound.")]})
    return found
