"""`/api/v1/lockers/`, their compartments, and `/api/v1/parcels/`."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from community.api_base import (
    AT,
    CompoundField,
    CompoundFilter,
    PlaceField,
    ReadView,
    RowSerializer,
    deed,
    described,
    listed,
    refusals,
)
from community.models import Device
from parcels import operations
from parcels.models import Compartment, Kind, LockerBank, Parcel
from parcels.querysets import CompartmentQuerySet, ParcelQuerySet

KEEPERS = frozenset({"manager", "installer"})
SIZES = {"small": 18, "medium": 12, "large": 6}


class SizesSerializer(serializers.Serializer):
    example = SIZES

    small = serializers.IntegerField(min_value=0, max_value=operations.MOST, default=0)
    medium = serializers.IntegerField(min_value=0, max_value=operations.MOST, default=0)
    large = serializers.IntegerField(min_value=0, max_value=operations.MOST, default=0)


class BankSerializer(serializers.Serializer):
    example = {
        "id": 1, "compound": "wutong", "name": "1 号快递柜", "place": "南门岗亭旁", "device": None,
        "sizes": SIZES, "in_order": SIZES,
    }  # fmt: skip

    id = serializers.IntegerField(read_only=True)
    compound = CompoundField()
    name = serializers.CharField(max_length=40)
    place = serializers.CharField(max_length=80, required=False, allow_blank=True)
    device = PlaceField(
        Device.objects, source="device_id", required=False, allow_null=True,
        help_text=_("Id of the device."),
    )  # fmt: skip
    sizes = SizesSerializer(
        write_only=True, required=False, help_text=_("For a new bank: compartments by size.")
    )
    in_order = serializers.SerializerMethodField(
        help_text=_("Compartments in order, by size: small, medium, large.")
    )

    def get_in_order(self, bank: LockerBank) -> dict[str, int]:
        rows = [row for row in bank.compartments.all() if not row.is_faulty]
        return {size: sum(row.size == size for row in rows) for size in Compartment.Size.values}


class BankFilter(CompoundFilter):
    search = filters.CharFilter("name", "icontains", help_text=_("Part of the name."))


@listed(
    _("Locker banks"),
    _("One locker bank"),
    create=described(_("Add a locker bank")),
    partial_update=described(_("Change a locker bank"), _("Name, place and device.")),
)
class BankViewSet(ReadView):
    queryset = LockerBank.objects.select_related("compound").prefetch_related("compartments")
    serializer_class = BankSerializer
    filterset_class = BankFilter
    write_roles = KEEPERS

    def create(self, request: Request) -> Response:
        given = self.given(request)
        compound = self.compound_to_write(given.pop("compound", {}).get("code"))
        sizes = given.pop("sizes", {})
        with refusals():
            bank = operations.add_bank(
                compound=compound, sizes=sizes, actor=self.actor, **self.resolved(given, compound)
            )
        return self.shown(bank, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: str) -> Response:
        bank = self.writable()
        given = self.given(request, partial=True)
        for name in ("compound", "sizes"):
            given.pop(name, None)
        with refusals():
            values = self.resolved(given, bank.compound)
            operations.change_bank(bank, actor=self.actor, **values)
        return self.shown(self.get_object())


class CompartmentSerializer(serializers.Serializer):
    example = {"id": 12, "bank": 1, "number": 12, "size": "small", "out_of_order": False}

    id = serializers.IntegerField(read_only=True)
    bank = serializers.IntegerField(source="bank_id", read_only=True)
    number = serializers.IntegerField(read_only=True)
    size = serializers.ChoiceField(choices=Compartment.Size.choices, read_only=True)
    out_of_order = serializers.BooleanField(source="is_faulty")


class CompartmentFilter(filters.FilterSet):
    compound = filters.CharFilter("bank__compound__code", help_text=_("Code of the compound."))
    bank = filters.NumberFilter("bank_id", help_text=_("Id of the locker bank."))
    size = filters.ChoiceFilter(choices=Compartment.Size.choices, help_text=_("Size."))
    out_of_order = filters.BooleanFilter("is_faulty", help_text=_("Out of order, or not."))


@listed(_("Compartments"), _("One compartment"))
class CompartmentViewSet(ReadView):
    queryset = Compartment.objects.select_related("bank")
    serializer_class = CompartmentSerializer
    filterset_class = CompartmentFilter
    read_roles = CompartmentQuerySet.roles
    write_roles = KEEPERS | {"desk"}

    @deed(_("Say whether a compartment is in order"), takes=CompartmentSerializer,
          gives=CompartmentSerializer, name="mark")  # fmt: skip
    def mark(self, request: Request, pk: str) -> Response:
        row: Any = self.get_object()
        self.may_write(row.bank.compound_id)
        faulty = self.given(request)["is_faulty"]
        operations.mark_compartment(row, out_of_order=faulty, actor=self.actor)
        return self.shown(self.get_object())


class ParcelSerializer(RowSerializer):
    """Neither codes nor what a label says: whoever reads this opens nothing with it."""

    example = {
        "id": 77, "compound": "wutong", "carrier": "顺丰", "kind": "parcel",
        "waybill": "SF142809166631", "person": 12, "unit": "3-2-1202", "state": "stored",
        "compartment": 12, "shelf": "", "doubt": "", "rung": 0, "keep_until": AT,
        "created_at": AT, "moved_at": AT, "ended_at": None,
    }  # fmt: skip

    carrier = serializers.CharField(source="carrier.name", read_only=True)
    kind = serializers.ChoiceField(choices=Kind.choices, read_only=True)
    waybill = serializers.CharField(read_only=True)
    person = serializers.IntegerField(
        source="person_id", read_only=True, allow_null=True, help_text=_("Id of the recipient.")
    )
    unit = serializers.CharField(
        source="unit.code", read_only=True, default="", help_text=_("Code of the home.")
    )
    state = serializers.ChoiceField(choices=Parcel.State.choices, read_only=True)
    compartment = serializers.IntegerField(
        source="compartment_id", read_only=True, allow_null=True,
        help_text=_("Id of the compartment in which it lies."),
    )  # fmt: skip
    shelf = serializers.CharField(
        source="shelf.name", read_only=True, default="", help_text=_("Shelf on which it lies.")
    )
    doubt = serializers.CharField(
        read_only=True,
        help_text=_("Why a person has to look: empty, or a code such as door_silent."),
    )
    rung = serializers.IntegerField(
        read_only=True, help_text=_("After its time: 1 reminded, 2 asked, 3 desk, 4 carrier.")
    )
    keep_until = serializers.DateTimeField(read_only=True, allow_null=True)
    created_at = serializers.DateTimeField(read_only=True)
    moved_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)


class ParcelFilter(CompoundFilter):
    waybill = filters.CharFilter(method="by_waybill", help_text=_("The waybill, or its end."))
    here = filters.BooleanFilter(
        "ended_at", lookup_expr="isnull", help_text=_("Here now, or gone.")
    )
    state = filters.ChoiceFilter(choices=Parcel.State.choices, help_text=_("State."))
    kind = filters.ChoiceFilter(choices=Kind.choices, help_text=_("What it is."))
    carrier = filters.NumberFilter("carrier_id", help_text=_("Id of the carrier."))
    person = filters.NumberFilter("person_id", help_text=_("Id of the recipient."))

    def by_waybill(self, rows: Any, _name: str, text: str) -> Any:
        return rows.with_waybill(text)


@listed(_("Parcels and mail"), _("One parcel"))
class ParcelViewSet(ReadView):
    """The desk reads those of its compounds, and each person their own."""

    queryset = Parcel.objects.select_related("compound", "carrier", "unit", "shelf")
    serializer_class = ParcelSerializer
    filterset_class = ParcelFilter
    read_roles = ParcelQuerySet.roles
