"""`/api/v1/stays/`: which cars are or were inside."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from rest_framework import serializers

from community.api_base import AT, CompoundFilter, ReadView, RowSerializer, listed
from community.vision.grammar import normalise
from parking.models import Stay


class StaySerializer(RowSerializer):
    example = {
        "id": 501, "compound": "wutong", "plate": "皖A52M78", "vehicle": 210, "entered_at": AT,
        "left_at": None, "entry_passage": 4711, "exit_passage": None, "assumed": False,
        "area": None, "ticket": "", "parked_as": "permit", "permit": 31,
    }  # fmt: skip

    plate = serializers.CharField(read_only=True)
    vehicle = serializers.IntegerField(source="vehicle_id", read_only=True, allow_null=True)
    entered_at = serializers.DateTimeField(read_only=True, allow_null=True)
    left_at = serializers.DateTimeField(read_only=True, allow_null=True)
    entry_passage = serializers.IntegerField(read_only=True, allow_null=True)
    exit_passage = serializers.IntegerField(read_only=True, allow_null=True)
    assumed = serializers.BooleanField(
        read_only=True, help_text=_("A crossing was missed and put in by rule.")
    )
    area = serializers.IntegerField(
        source="area_id", read_only=True, allow_null=True,
        help_text=_("Id of the area; none for the stay in the compound as a whole."),
    )  # fmt: skip
    ticket = serializers.SerializerMethodField(
        help_text=_("Number of the ticket of a car without a plate; else empty.")
    )
    parked_as = serializers.CharField(
        read_only=True, help_text=_("The right by which it parks; empty where it is not known.")
    )
    permit = serializers.IntegerField(source="permit_id", read_only=True, allow_null=True)

    def get_ticket(self, stay: Stay) -> str:
        return stay.ticket.number if stay.ticket is not None else ""


class StayFilter(CompoundFilter):
    plate = filters.CharFilter(
        method="by_plate", help_text=_("A whole plate, however it is typed.")
    )
    vehicle = filters.NumberFilter("vehicle_id", help_text=_("Id of the car."))
    area = filters.NumberFilter("area_id", help_text=_("Id of the area."))
    whole = filters.BooleanFilter(
        "area", "isnull", help_text=_("Stays in the compound as a whole: each car once.")
    )
    inside = filters.BooleanFilter("left_at", "isnull", help_text=_("Inside now, or gone."))
    since = filters.IsoDateTimeFilter(
        "entered_at", "gte", help_text=_("Came in at this time or later.")
    )

    def by_plate(self, rows: Any, _name: str, value: str) -> Any:
        return rows.filter(plate=normalise(value))


@listed(_("Stays"), _("One stay"), _("The newest first."))
class StayViewSet(ReadView):
    queryset = Stay.objects.select_related("compound", "ticket")
    serializer_class = StaySerializer
    filterset_class = StayFilter
