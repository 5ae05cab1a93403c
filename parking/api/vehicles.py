"""`/api/v1/vehicles/`: the registered cars of the caller's compounds."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    CompoundField,
    CompoundFilter,
    ReadView,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Compound, Unit
from community.querysets import OFFICE
from community.vision.grammar import normalise
from parking import operations
from parking.models import PlateKind, Vehicle
from parking.operations import rules
from residents.models import Person


class VehicleFilter(CompoundFilter):
    plate = filters.CharFilter(
        method="by_plate", help_text=_("A whole plate, however it is typed.")
    )
    home = filters.CharFilter("unit__code", help_text=_("Code of the home, such as 3-2-1202."))
    kind = filters.ChoiceFilter(choices=PlateKind.choices, help_text=_("Kind of plate."))
    search = filters.CharFilter(
        method="by_text", help_text=_("Part of a plate, a home or an owner's name.")
    )
    state = filters.ChoiceFilter(
        choices=list(Vehicle.STATES.items()),
        method="by_state",
        help_text=_("How the registration stands today."),
    )

    def by_plate(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate=normalise(value))

    def by_text(self, rows: Any, _name: str, value: str) -> Any:
        return rows.search(value[:80])

    def by_state(self, rows: Any, _name: str, value: str) -> Any:
        return rows.in_state(value, timezone.localdate())


class VehicleSerializer(serializers.Serializer):
    """A car as it goes out, and the fields that come in; operations check what they mean."""

    example = {
        "id": 210, "compound": "wutong", "plate": "皖A52M78", "kind": "blue", "colour": "白色",
        "home": "3-2-1202", "owner": 88, "valid_from": "2026-01-01", "valid_until": None,
        "state": "valid", "barred_reason": "", "barred_until": None, "ended_at": None,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
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
        min_value=1,
        max_value=2**63 - 1,
        help_text=_("Id of the owner's file, a person of the same compound."),
    )
    valid_from = serializers.DateField(required=False, help_text=_("First day of the right."))
    valid_until = serializers.DateField(
        required=False, allow_null=True, help_text=_("Last day of the right; none: no end.")
    )
    state = serializers.SerializerMethodField(help_text=_("How the registration stands today."))
    barred_reason = serializers.CharField(read_only=True)
    barred_until = serializers.DateField(read_only=True, allow_null=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_state(self, car: Vehicle) -> str:
        return car.state_on(rules.today(car.compound))

    def to_representation(self, instance: Vehicle) -> dict[str, Any]:
        shown = super().to_representation(instance)
        return {"home": None, **shown}


ENDS = _("A registration that ended stays on file, since old passages point to it.")


class BarForm(serializers.Serializer):
    example = {"reason": "Blocked the fire lane", "until": "2026-06-30"}

    reason = serializers.CharField(max_length=120)
    until = serializers.DateField(
        required=False, allow_null=True, default=None, help_text=_("Last day; none: no end.")
    )


@listed(
    _("Cars"),
    _("One car"),
    _("The newest registration first."),
    create=described(_("Register a car"), responses={201: VehicleSerializer}),
    partial_update=described(_("Change a car"), _("Only what is given is changed.")),
)
class VehicleViewSet(ReadView):
    queryset = Vehicle.objects.select_related("compound", "unit")
    serializer_class = VehicleSerializer
    filterset_class = VehicleFilter
    write_roles = OFFICE

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        with refusals():
            car = operations.register_vehicle(
                compound=compound, actor=self.actor, **self._values(compound, given)
            )
        return self.shown(car, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        car = self.writable()
        given = self.given(request, partial=True)
        given.pop("compound", None)
        with refusals():
            values = self._values(car.compound, given)
            car = operations.change_vehicle(car, actor=self.actor, **values)
        return self.shown(car)

    @deed(_("End a registration"), gives=VehicleSerializer, about=ENDS, name="end")
    def end(self, request: Request, pk: str) -> Response:
        return self.shown(operations.end_vehicle(self.writable(), actor=self.actor))

    @deed(_("Keep a car out"), takes=BarForm, gives=VehicleSerializer, name="bar")
    def bar(self, request: Request, pk: str) -> Response:
        car, given = self.writable(), self.given(request, BarForm)
        with refusals():
            return self.shown(operations.bar_vehicle(car, actor=self.actor, **given))

    @deed(_("Lift the bar"), gives=VehicleSerializer, name="unbar",
          about=_("The gate will treat the car like any other registered one."))  # fmt: skip
    def unbar(self, request: Request, pk: str) -> Response:
        return self.shown(operations.unbar_vehicle(self.writable(), actor=self.actor))

    def _values(self, compound: Compound, given: dict[str, Any]) -> dict[str, Any]:
        """Home and owner as rows of the compound; rows elsewhere are as unknown as missing ones."""
        if "unit" in given:
            code = given.pop("unit")["code"]
            given["unit"] = code and _row(Unit.objects.of(compound).filter(code=code), "home")
        if "owner_id" in given:
            pk = given.pop("owner_id")
            given["owner"] = pk and _row(Person.objects.of(compound).filter(pk=pk), "owner")
        return given


def _row(rows: Any, field: str) -> Any:
    found = rows.first()
    if found is None:
        raise ValidationError({field: [_("This is not on file in the compound.")]})
    return found
